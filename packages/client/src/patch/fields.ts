/** Form fields under patches: what a person typed stays until the server says something else. */
import { ATTR_RESET } from "@overwire/server/wire";
import { invoke, read } from "../dom/native.ts";
import { setAttribute } from "../dom/style.ts";
import { clearUsed } from "../dom/used.ts";

export type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export const isField = (el: Element): el is Field => /^(input|textarea|select)$/.test(read(el, "localName"));
export const isToggle = (el: Element) =>
  read(el, "localName") === "input" && /^(checkbox|radio)$/.test((el as HTMLInputElement).type);
export const options = (el: Element) => [...(el as HTMLSelectElement).options];

/** Keeps what the user chose in a select through the morph. */
export type KeepChoice = (select: HTMLSelectElement, focused: boolean) => () => void;

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

/** Tells if the server chose an option. */
export const isPreset = (option: Element) => invoke(option, "hasAttribute", "selected");

/** Chooses what the server says, as a browser does when a page is loaded. */
export function choosePreset(select: HTMLSelectElement): void {
  const all = options(select);
  for (const option of all) option.selected = isPreset(option);
  if (isMenu(select) && !all.some(isPreset)) select.selectedIndex = all.findIndex(isEnabled);
}

/** One of its options is always chosen, unless there is none that can be. */
export const isMenu = (select: HTMLSelectElement) => !select.multiple && select.size < 2;
export const isEnabled = (option: HTMLOptionElement) =>
  !option.disabled && !option.closest("optgroup[disabled]");

/**
 * Prepares a field for the morph, so that its value changes only where the server's changed.
 * @param keepChoice for selects, once that is loaded: without it a browser keeps what the user chose as long as options stay
 * @returns false where the field is done with; a function to call after the morph where something must be put back.
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
  if (reset && reset !== from.getAttribute(ATTR_RESET))
    return () => {
      clearUsed(from);
      showRendered(from);
    };
  if (from.localName === "select") return keepChoice?.(from as HTMLSelectElement, focused) ?? true;
  if (isToggle(from)) {
    // The morph makes `checked` of the page what it is here.
    if (from.hasAttribute("checked") === invoke(to, "hasAttribute", "checked"))
      (to as HTMLInputElement).checked = (from as HTMLInputElement).checked;
    return true;
  }
  if (from.localName === "textarea") {
    const text = read(to, "textContent") ?? "";
    const value = focused || text === from.textContent ? from.value : text;
    mergeAttributes(from, to);
    if (from.textContent !== text) from.textContent = text;
    // Its value has line feeds only.
    if (from.value !== value.replace(/\r\n?/g, "\n")) from.value = value;
    return false;
  }
  if (from.type === "file") {
    mergeAttributes(from, to);
    return false;
  }
  if (focused) {
    const { value, selectionStart, selectionEnd } = from as HTMLInputElement;
    mergeAttributes(from, to);
    // In a field that nobody has typed into yet the attribute shows at once.
    if (from.value !== value) {
      from.value = value;
      if (selectionStart !== null) (from as HTMLInputElement).setSelectionRange(selectionStart, selectionEnd);
    }
    return false;
  }
  if (from.getAttribute("value") === invoke(to, "getAttribute", "value")) {
    (to as HTMLInputElement).value = from.value;
  }
  return true;
}

export function showRendered(field: Field): void {
  if (isToggle(field)) (field as HTMLInputElement).checked = (field as HTMLInputElement).defaultChecked;
  else if (field.localName === "select") choosePreset(field as HTMLSelectElement);
  else {
    const { defaultValue } = field as unknown as HTMLInputElement;
    if (field.value !== defaultValue) field.value = defaultValue;
  }
}

/** Steps of morphdom for fields, at the end: one shows what it once showed, whatever its attributes say since. */
export const specialElHandlers = {
  INPUT(from: HTMLInputElement, to: HTMLInputElement): void {
    if (from.checked !== to.checked) from.checked = to.checked;
    if (from.value === to.value) return;
    from.value = to.value;
    // Of some types the value is the attribute.
    if (!to.hasAttribute("value")) from.removeAttribute("value");
  },
  TEXTAREA(from: HTMLTextAreaElement, to: HTMLTextAreaElement): void {
    from.textContent = to.textContent;
  },
};
