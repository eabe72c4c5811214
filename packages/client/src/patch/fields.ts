/** Form fields under patches: what a person typed stays until the server says something else. */
import { ATTR_RESET } from "@overwire/server/wire";
import { clearUsed } from "../dom/used.ts";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const isField = (el: Element): el is Field => /^(input|textarea|select)$/.test(el.localName);
const isToggle = (el: Element) =>
  el.localName === "input" && /^(checkbox|radio)$/.test((el as HTMLInputElement).type);
const options = (el: Element) => [...(el as HTMLSelectElement).options];

/** Gives an element the attributes of another, except some; `only` narrows it to names that begin so. */
export function mergeAttributes(from: Element, to: Element, except = "", only = ""): void {
  const concerns = (name: string) => name !== except && name.startsWith(only);
  for (const { name, value } of [...to.attributes]) {
    if (concerns(name) && from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  for (const { name } of [...from.attributes]) {
    if (concerns(name) && !to.hasAttribute(name)) from.removeAttribute(name);
  }
}

/** What the server says is chosen. */
const preset = (el: Element) =>
  options(el)
    .filter((option) => option.hasAttribute("selected"))
    .map(({ value }) => value)
    .join();

/** Chooses it, as a browser does when a page is loaded. */
function choosePreset(select: HTMLSelectElement): void {
  const all = options(select);
  for (const option of all) option.selected = option.hasAttribute("selected");
  if (!select.multiple && select.size < 2 && !all.some((option) => option.hasAttribute("selected"))) {
    select.selectedIndex = all.findIndex(({ disabled }) => !disabled);
  }
}

/**
 * Prepares a field for the morph, so that its value changes only where the server's changed.
 * @returns false where the field is done with; a function to call after the morph where something must be put back.
 */
export function keepField(from: Element, to: Element, focused: boolean): boolean | (() => void) {
  if (from.localName === "option" && to.localName === "option") {
    // The morph would make an attribute of what is chosen at the moment.
    mergeAttributes(from, to);
    if (from.innerHTML !== to.innerHTML) from.replaceChildren(...to.childNodes);
    return false;
  }
  if (!isField(from) || from.localName !== to.localName) return true;
  const reset = to.getAttribute(ATTR_RESET);
  if (reset && reset !== from.getAttribute(ATTR_RESET))
    return () => {
      clearUsed(from);
      showRendered(from);
    };
  if (from.localName === "select") {
    const chosen = new Set(options(from).flatMap(({ selected, value }) => (selected ? [value] : [])));
    const before = preset(from);
    return () => {
      const isKept = focused || preset(from) === before;
      if (isKept && options(from).some(({ value }) => chosen.has(value))) {
        for (const option of options(from)) option.selected = chosen.has(option.value);
      } else choosePreset(from as HTMLSelectElement);
    };
  }
  if (isToggle(from)) {
    // The morph makes `checked` of the page what it is here.
    if (from.hasAttribute("checked") === to.hasAttribute("checked"))
      (to as HTMLInputElement).checked = (from as HTMLInputElement).checked;
    return true;
  }
  if (from.localName === "textarea") {
    const text = to.textContent ?? "";
    const value = focused || text === from.textContent ? from.value : text;
    mergeAttributes(from, to);
    if (from.textContent !== text) from.textContent = text;
    if (from.value !== value) from.value = value;
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
  if (from.getAttribute("value") === to.getAttribute("value")) {
    (to as HTMLInputElement).value = from.value;
  }
  return true;
}

const state = (el: Field) =>
  isToggle(el)
    ? String((el as HTMLInputElement).checked)
    : el.localName === "select"
      ? options(el)
          .map(({ selected }) => selected)
          .join()
      : el.value;

/**
 * Remembers what a form's fields hold, to see later which a person changed since. Secrets are never rendered, so that
 * they are not says nothing: they stay, or who mends another field would have to type them again.
 */
export const snapshotFields = (form: Element): Map<Field, string> =>
  new Map(
    [...((form as HTMLFormElement).elements ?? [])]
      .filter((el): el is Field => isField(el) && !/^(password|file)$/.test(el.type))
      .map((field) => [field, state(field)]),
  );

function showRendered(field: Field): void {
  if (isToggle(field)) (field as HTMLInputElement).checked = (field as HTMLInputElement).defaultChecked;
  else if (field.localName === "select") choosePreset(field as HTMLSelectElement);
  else {
    const { defaultValue } = field as unknown as HTMLInputElement;
    if (field.value !== defaultValue) field.value = defaultValue;
  }
}

/** After the answer to a submit: fields that were not changed since show what the server renders. */
export function resetFields(submitted: Map<Field, string>): void {
  for (const [field, before] of submitted) {
    if (field.isConnected && state(field) === before) showRendered(field);
  }
}
