/** Dialogs as browsers have them, in place of happy-dom's, which open and close and do nothing else. */
import type { Element, HTMLDialogElement, HTMLElement, KeyboardEvent, MouseEvent, Window } from "happy-dom";

type Dialog = HTMLDialogElement & { requestClose(value?: string): void };

interface Modal {
  /** The element that had the focus before. */
  readonly before: HTMLElement | null;
  /** The newest has the highest. */
  readonly number: number;
}

/** Dialogs that are open modally. */
const modals = new WeakMap<Element, Modal>();
let newest = 0;

const FOCUSABLE = "[autofocus],button,input,select,textarea,a[href],[tabindex]";

/** If a dialog is over the rest of the page. */
export const isModal = (element: Element): boolean => modals.has(element) && (element as Dialog).open;

/** Makes modal dialogs of happy-dom's classes, which all windows share: to be called once. */
export function mendDialogClass({ HTMLDialogElement }: Window): void {
  const dialog = HTMLDialogElement.prototype as Dialog;
  dialog.showModal = function (this: Dialog) {
    const { ownerDocument: document } = this;
    const window = document.defaultView as unknown as Window;
    if (isModal(this)) return;
    if (this.open || !this.isConnected)
      throw new window.DOMException("The dialog cannot be opened modally.", "InvalidStateError");
    modals.set(this, { before: document.activeElement as HTMLElement | null, number: ++newest });
    this.setAttribute("open", "");
    const inside = [...this.querySelectorAll(FOCUSABLE)] as HTMLElement[];
    const first = inside.filter((el) => !el.matches("[disabled],[type=hidden]"));
    (first.find((el) => el.hasAttribute("autofocus")) ?? first[0])?.focus();
  };
  dialog.close = function (this: Dialog, value?: string) {
    if (!this.open) return;
    const { before } = modals.get(this) ?? {};
    modals.delete(this);
    this.removeAttribute("open");
    // Without a value the one from before stays.
    if (value !== undefined) this.returnValue = value;
    if (before?.isConnected) before.focus();
    const { Event } = this.ownerDocument.defaultView as unknown as Window;
    // The command that closes it goes on first.
    void Promise.resolve().then(() => this.dispatchEvent(new Event("close")));
  };
  dialog.requestClose = function (this: Dialog, value?: string) {
    const { Event } = this.ownerDocument.defaultView as unknown as Window;
    if (this.open && this.dispatchEvent(new Event("cancel", { cancelable: true }))) this.close(value);
  };
}

/** Ways to close a dialog without a button: `any`, `closerequest` (Escape) or `none`. */
const closedBy = (dialog: Element) => {
  const said = dialog.getAttribute("closedby")?.toLowerCase();
  if (said && /^(any|closerequest|none)$/.test(said)) return said;
  return isModal(dialog) ? "closerequest" : "none";
};

const openDialogs = ({ document }: Window) => [
  ...(document.querySelectorAll("dialog[open]") as unknown as Iterable<Dialog>),
];

const numberOf = (dialog: Element) => modals.get(dialog)?.number ?? 0;

/** The dialog that is over all others. */
const topmost = (window: Window): Dialog | undefined =>
  openDialogs(window)
    .sort((a, b) => numberOf(a) - numberOf(b))
    .at(-1);

/** The dialog that Escape asks to close. */
export function closedByEscape(window: Window): Element | undefined {
  const dialog = topmost(window);
  return dialog && closedBy(dialog) !== "none" ? dialog : undefined;
}

/** If a click beside a dialog closes it without being told to. */
export const closesBeside = (element: Element): boolean =>
  element.localName === "dialog" && (element as Dialog).open && closedBy(element) === "any";

const isBeside = (dialog: Element, { target, detail, clientX, clientY }: MouseEvent) => {
  if (!dialog.contains(target as unknown as Element)) return true;
  if ((target as unknown) !== dialog || !detail) return false;
  const { top, bottom, left, right } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
};

const commands: { readonly [name: string]: (dialog: Dialog, value: string | undefined) => void } = {
  "show-modal": (dialog) => !dialog.open && dialog.showModal(),
  close: (dialog, value) => dialog.close(value),
  "request-close": (dialog, value) => dialog.requestClose(value),
};

/** The dialog that a button is a command for, as `commandfor` and `command` say. */
export function commandedDialog(button: Element): Element | undefined {
  if (button.localName !== "button" || !Object.hasOwn(commands, button.getAttribute("command") ?? ""))
    return undefined;
  const dialog = button.ownerDocument.getElementById(button.getAttribute("commandfor") ?? "");
  return dialog?.localName === "dialog" ? dialog : undefined;
}

/** Has dialogs open and close by themselves as in a browser. To be called after all other listeners are there. */
export function watchDialogs(window: Window): void {
  window.addEventListener("keydown", (event) => {
    if ((event as KeyboardEvent).key !== "Escape" || event.defaultPrevented) return;
    (closedByEscape(window) as Dialog | undefined)?.requestClose();
  });
  window.addEventListener("click", (event) => {
    const dialog = topmost(window);
    if (dialog && closesBeside(dialog) && isBeside(dialog, event as MouseEvent)) dialog.requestClose();
    if (event.defaultPrevented) return;
    const button = (event.target as unknown as Partial<Element>).closest?.("button[commandfor]");
    const commanded = button && !button.hasAttribute("disabled") && commandedDialog(button);
    if (button && commanded)
      commands[button.getAttribute("command") as string]?.(
        commanded as Dialog,
        button.getAttribute("value") ?? undefined,
      );
  });
}
