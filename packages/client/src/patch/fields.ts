/** Form fields under patches: the user's input stays until the server renders another value. */
import { invoke, read } from "../dom/native.ts";
import { setAttribute } from "../dom/style.ts";
import { clearUsed } from "../dom/used.ts";
import { ATTR_RESET } from "../wire/constants.ts";

export type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export const isField = (el: Element): el is Field => /^(input|textarea|select)$/.test(read(el, "localName"));
export const isToggle = (el: Element) =>
  read(el, "localName") === "input" && /^(checkbox|radio)$/.test((el as HTMLInputElement).type);
export const options = (el: Element) => [...(el as HTMLSelectElement).options];

/** Keeps the user's choice in a select through the morph. */
export type KeepChoice = (select: HTMLSelectElement, focused: boolean, isReset: boolean) => () => void;

/**
 * Keeps which radio buttons are chosen through a change.
 * @param to the new content
 * @param after is given what is to be called when the change is made
 */
export type KeepRadios = (to: Element, after: (() => void)[]) => void;

/** Gives an element the attributes of another, except some; `only` narrows it to names that begin so. */
export function mergeAttributes(from: Element, to: Element, except = "", only = ""): void {
  const concerns = (name: string) => name !== except && name.startsWith(only);
  for (const { namespaceURI, localName, name, value } of read(to, "attributes")) {
    if (!concerns(name) || invoke(from, "getAttributeNS", namespaceURI, localName) === value) continue;
    if (namespaceURI) invoke(from, "setAttributeNS", namespaceURI, name, value);
    else setAttribute(from, name, value);
  }
  for (const { namespaceURI, localName, name } of [...read(from, "attributes")])
    if (concerns(name) && !invoke(to, "hasAttributeNS", namespaceURI, localName))
      invoke(from, "removeAttributeNS", namespaceURI, localName);
}

/** Types of inputs whose value is their attribute: there is none that a user could have typed. */
const isFixed = (type: string) => /^(hidden|submit|button|reset|image|checkbox|radio)$/.test(type);

/**
 * Prepares a field for the morph, so that its value changes only if the server's changed.
 * @param keepChoice for selects, once that is loaded: without it a browser keeps the user's choice as long as
 *   options stay
 * @returns false if the field is done with; a function to call after the morph if something must be restored.
 */
export function keepField(
  from: Element,
  to: Element,
  focused: boolean,
  keepChoice: KeepChoice | undefined,
): boolean | (() => void) {
  if (read(from, "localName") === "template") {
    mergeAttributes(from, to);
    if (read(from, "innerHTML") !== read(to, "innerHTML"))
      (from as HTMLTemplateElement).content.replaceChildren((to as HTMLTemplateElement).content);
    return false;
  }
  if (!isField(from)) return true;
  const reset = invoke(to, "getAttribute", ATTR_RESET);
  const isReset = !!reset && reset !== from.getAttribute(ATTR_RESET);
  if (isReset) clearUsed(from);
  if (from.localName === "select") return keepChoice?.(from as HTMLSelectElement, focused, isReset) ?? true;
  const [was, is] = [from, to] as HTMLInputElement[] as [HTMLInputElement, HTMLInputElement];
  const { value, checked, selectionStart, selectionEnd } = was;
  const keepsValue = focused || was.type === "file" || was.defaultValue === is.defaultValue;
  const nextValue = keepsValue && !isReset ? value : is.value;
  const nextChecked = was.defaultChecked === is.defaultChecked && !isReset ? checked : is.checked;
  mergeAttributes(was, is);
  // Of a textarea it is no attribute.
  if (was.defaultValue !== is.defaultValue) was.defaultValue = is.defaultValue;
  if (was.checked !== nextChecked) was.checked = nextChecked;
  // As long as nothing is typed into it, it shows its default at once.
  if (!isFixed(was.type) && was.value !== nextValue) {
    was.value = nextValue;
    if (focused && was.selectionStart !== null) was.setSelectionRange(selectionStart, selectionEnd);
  }
  return false;
}
