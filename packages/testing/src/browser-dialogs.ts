/** Dialogs as browsers have them, in place of happy-dom's, which open and close and do nothing else. */
import type { HTMLDialogElement, HTMLElement, KeyboardEvent, Window } from "happy-dom";

/** Dialogs that are open modally, with what had the focus before. */
const modals = new WeakMap<HTMLDialogElement, HTMLElement | null>();

const FOCUSABLE = "[autofocus],button,input,select,textarea,a[href],[tabindex]";

/** Makes modal dialogs of happy-dom's classes, which all windows share: to be called once. */
export function mendDialogClass({ HTMLDialogElement }: Window): void {
  const dialog = HTMLDialogElement.prototype;
  const close = dialog.close;
  dialog.showModal = function (this: HTMLDialogElement) {
    const { ownerDocument: document } = this;
    const window = document.defaultView as unknown as Window;
    if (modals.has(this) && this.open) return;
    if (this.open || !this.isConnected)
      throw new window.DOMException("The dialog cannot be opened modally.", "InvalidStateError");
    modals.set(this, document.activeElement as HTMLElement | null);
    this.setAttribute("open", "");
    const inside = [...this.querySelectorAll(FOCUSABLE)] as HTMLElement[];
    const first = inside.filter((el) => !el.matches("[disabled],[type=hidden]"));
    (first.find((el) => el.hasAttribute("autofocus")) ?? first[0])?.focus();
  };
  dialog.close = function (this: HTMLDialogElement, value?: string) {
    if (!this.open) return;
    const before = modals.get(this);
    modals.delete(this);
    // Without a value the one from before stays.
    close.call(this, value ?? this.returnValue);
    if (before?.isConnected) before.focus();
  };
}

/** Lets Escape ask the newest modal dialog of a window to close. To be called after all other listeners are there. */
export function watchEscape(window: Window): void {
  window.addEventListener("keydown", (event) => {
    if ((event as KeyboardEvent).key !== "Escape" || event.defaultPrevented) return;
    const open = [...window.document.querySelectorAll("dialog[open]")] as unknown as HTMLDialogElement[];
    const dialog = open.filter((each) => modals.has(each)).at(-1);
    if (dialog?.dispatchEvent(new window.Event("cancel", { cancelable: true }))) dialog.close();
  });
}
