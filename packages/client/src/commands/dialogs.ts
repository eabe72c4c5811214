/** Commands of dialogs: they open and close. */
import { read } from "../dom/native.ts";
import type { CommandSet } from "./command.ts";

function asDialog(el: Element, op: string): HTMLDialogElement {
  const name = read(el, "localName");
  if (name !== "dialog") throw new Error(`Overwire: ${op} is for a <dialog>, not for a <${name}>`);
  return el as HTMLDialogElement;
}

export const dialogCommands: CommandSet = {
  showModal(el, _args, undos) {
    const dialog = asDialog(el, "showModal");
    // The reason of an earlier close says nothing of the next.
    dialog.returnValue = "";
    try {
      dialog.showModal();
    } catch {
      // Open already, but not modally.
      dialog.removeAttribute("open");
      dialog.showModal();
    }
    undos?.push(() => dialog.close());
  },
  close(el, _args, undos) {
    const dialog = asDialog(el, "close");
    if (dialog.open) undos?.push(() => dialog.showModal());
    dialog.close();
  },
};
