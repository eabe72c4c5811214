/**
 * Dialogs and details: those that the user or a script opened or closed stay so until the server's rendering
 * changes.
 */
import { findAll, invoke, read } from "../dom/native.ts";

/** Tells if an element is open as the server last rendered it. */
const rendered = new WeakMap<Element, boolean>();

/** Dialogs that a patch closed. */
const closed = new WeakSet<Element>();

/** Tells, once, if a patch closed a dialog. */
export const takeClosed = (dialog: Element): boolean => closed.delete(dialog);

/** Remembers elements that come into the page. */
export function noteOpen(root: Element): void {
  for (const el of findAll(root, "dialog,details")) rendered.set(el, invoke(el, "hasAttribute", "open"));
}

/** Prepares one for the morph, so that it opens or closes only where the server's rendering changed. */
export function keepOpen(from: Element, to: Element): void {
  if (!/^(dialog|details)$/.test(read(from, "localName"))) return;
  const open = invoke(to, "hasAttribute", "open");
  if (open === (rendered.get(from) ?? open))
    invoke(to, "toggleAttribute", "open", invoke(from, "hasAttribute", "open"));
  // A modal dialog that only loses its attribute would go on making the rest of the page inert.
  else if (!open && invoke(from, "hasAttribute", "open") && "close" in from) {
    closed.add(from);
    (from as HTMLDialogElement).close();
  }
  rendered.set(from, open);
}
