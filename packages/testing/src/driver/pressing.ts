/** A click as the user makes it: its effect in a page, and its events. */
import type { Element, HTMLDialogElement, HTMLFormElement, HTMLInputElement } from "happy-dom";
import { closesBeside, commandedDialog, isModal } from "../browser/browser-dialogs.ts";
import { reaching } from "../browser/reaching.ts";
import { assertSent } from "../forms/submission.ts";
import type { PageScope } from "../page/page-scope.ts";

type Field = HTMLInputElement;

const nameForm = (form: HTMLFormElement) => {
  const id = form.getAttribute("id");
  return id ? `form ${JSON.stringify(`#${id}`)}` : "its form";
};

/** If a form, submitted by a button, closes the dialog that it is in, and its view is not told. */
export function onlyClosesDialog(form: HTMLFormElement, prefix: string, button?: Element): boolean {
  const method = button?.getAttribute("formmethod") ?? form.getAttribute("method");
  return method?.toLowerCase() === "dialog" && !form.hasAttribute(`${prefix}submit`);
}

/**
 * Makes sure that the form's dialog can be closed by it.
 * @throws Error if there is none, or if it is not open
 */
export function assertInDialog(form: HTMLFormElement, name: string): void {
  const dialog = form.closest("dialog") as HTMLDialogElement | null;
  if (dialog?.open) return;
  throw new Error(
    `cannot submit ${name}: it has method="dialog", ${dialog ? "and its dialog is not open" : "but it is in no <dialog>"}`,
  );
}

/** The form that a button submits, if that leads anywhere: to a view, to an address, or out of a dialog. */
function submittedBy(node: Element, prefix: string): HTMLFormElement | undefined {
  if (!/^(button|input)$/.test(node.localName)) return undefined;
  const { type, form } = node as Field;
  if (!form || !/^(submit|image)$/.test(type)) return undefined;
  const leads =
    form.matches(`[${prefix}submit],[action],[method]`) || node.matches("[formaction],[formmethod]");
  return leads ? form : undefined;
}

/** If a browser itself does something at a click. */
function isNative(node: Element, prefix: string): boolean {
  const { localName } = node;
  if (localName === "a") return node.hasAttribute("href");
  if (localName === "summary") return node.parentElement?.localName === "details";
  if (localName === "dialog") return isModal(node);
  if (!/^(button|input)$/.test(localName)) return false;
  const { type, form } = node as Field;
  if (type === "reset") return !!form;
  if (/^(checkbox|radio)$/.test(type))
    return node.hasAttribute(`${prefix}change`) || !!form?.hasAttribute(`${prefix}change`);
  return commandedDialog(node) !== undefined;
}

/** If something in the page cares for clicks anywhere: those beside it, and those that are not. */
const isWatched = ({ ownerDocument: document }: Element, prefix: string) =>
  [...(document.querySelectorAll(`[${prefix}click-away],dialog[open]`) as Iterable<Element>)].some(
    (el) => closesBeside(el) || (el.hasAttribute(`${prefix}click-away`) && el.checkVisibility()),
  );

/** Presses the button of the mouse beside an element, as far as a dialog around it lets the user. */
function pressBeside(node: Element, { window }: PageScope): void {
  const around = node.closest("dialog");
  const outside = around && around !== node && isModal(around) ? around : window.document.body;
  const target = isModal(node) ? node : outside;
  // The emulated page has no layout: all boxes are at its corner.
  const at = target === node ? -1 : 0;
  for (const type of ["mousedown", "mouseup", "click"]) {
    const init = { bubbles: true, cancelable: true, composed: true, detail: 1, clientX: at, clientY: at };
    target.dispatchEvent(new window.MouseEvent(type, init));
  }
}

/** @returns a function that clicks an element; undefined if a click does nothing there */
export function pressOf(node: Element, scope: PageScope): (() => void) | undefined {
  const { prefix } = scope;
  const form = submittedBy(node, prefix);
  const press = () => (node as Field).click();
  if (form)
    return reaching(form, "submit", () => {
      if (onlyClosesDialog(form, prefix, node)) assertInDialog(form, nameForm(form));
      assertSent(form, nameForm(form), node as Field);
      press();
    });
  if (node.hasAttribute(`${prefix}click`)) return reaching(node, "click", press);
  if (isModal(node)) return reaching(node, "click", () => pressBeside(node, scope));
  return isNative(node, prefix) || isWatched(node, prefix) ? reaching(node, "click", press) : undefined;
}

/** @returns a function that clicks beside an element; undefined if it does not notice */
export function pressBesideOf(node: Element, scope: PageScope): (() => void) | undefined {
  if (!node.hasAttribute(`${scope.prefix}click-away`) && !closesBeside(node)) return undefined;
  return reaching(node, "click", () => pressBeside(node, scope));
}
