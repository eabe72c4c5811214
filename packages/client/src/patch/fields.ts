/** Form fields under patches: what a person typed stays until the server says something else. */
import { ATTR_RESET } from "@overwire/server/wire";
import { invoke, read } from "../dom/native.ts";
import { clearUsed } from "../dom/used.ts";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const isField = (el: Element): el is Field => /^(input|textarea|select)$/.test(read(el, "localName"));
const isToggle = (el: Element) =>
  read(el, "localName") === "input" && /^(checkbox|radio)$/.test((el as HTMLInputElement).type);
const options = (el: Element) => [...(el as HTMLSelectElement).options];

/** Gives an element the attributes of another, except some; `only` narrows it to names that begin so. */
export function mergeAttributes(from: Element, to: Element, except = "", only = ""): void {
  const concerns = (name: string) => name !== except && name.startsWith(only);
  for (const { name, value } of [...read(to, "attributes")]) {
    if (concerns(name) && invoke(from, "getAttribute", name) !== value)
      invoke(from, "setAttribute", name, value);
  }
  for (const { name } of [...read(from, "attributes")]) {
    if (concerns(name) && !invoke(to, "hasAttribute", name)) invoke(from, "removeAttribute", name);
  }
}

/** What the server says of an option. */
const isPreset = (option: Element) => option.hasAttribute("selected");

/** Chooses what the server says, as a browser does when a page is loaded. */
function choosePreset(select: HTMLSelectElement): void {
  const all = options(select);
  for (const option of all) option.selected = isPreset(option);
  if (isMenu(select) && !all.some(isPreset)) select.selectedIndex = all.findIndex(isEnabled);
}

/** One of its options is always chosen, unless there is none that can be. */
const isMenu = (select: HTMLSelectElement) => !select.multiple && select.size < 2;
const isEnabled = (option: HTMLOptionElement) => !option.disabled && !option.closest("optgroup[disabled]");

interface Choice {
  readonly option: HTMLOptionElement;
  readonly value: string;
  readonly text: string;
  readonly preset: boolean;
  readonly chosen: boolean;
  /** What it was before the morph. */
  old?: Choice;
}

const choices = (select: HTMLSelectElement) =>
  options(select).map((option): Choice => {
    const { value, text, selected: chosen } = option;
    return { option, value, text, preset: isPreset(option), chosen };
  });

/** How sure it is that an option goes on as another one: neither element, value nor text alone is an option's own. */
const likeness = (a: Choice, b: Choice) =>
  +(a.option === b.option) + 2 * +(a.text === b.text) + 4 * +(a.value === b.value);

/** Remembers which options of a select are chosen. @returns chooses them in what the morph made of it */
function keepChoice(select: HTMLSelectElement, focused: boolean): () => void {
  const before = choices(select);
  const isUsable = options(select).some(isEnabled);
  return () => {
    const now = choices(select);
    const rest = new Set(before);
    for (let least = 7; least > 2; least--)
      for (const own of now)
        for (const old of own.old ? [] : rest)
          if (likeness(own, old) >= least) {
            own.old = old;
            rest.delete(old);
            break;
          }
    const isSaid = ({ preset, old }: Choice) => !focused && preset !== !!old?.preset;
    if (select.multiple) {
      for (const own of now) own.option.selected = isSaid(own) ? own.preset : (own.old?.chosen ?? own.preset);
      return;
    }
    const chosen = now.findIndex(({ old }) => old?.chosen);
    const isCleared = !before.some(({ chosen }) => chosen) && (isUsable || !isMenu(select));
    if (!now.some(isSaid) && (chosen >= 0 || isCleared)) select.selectedIndex = chosen;
    else choosePreset(select);
  };
}

/**
 * Prepares a field for the morph, so that its value changes only where the server's changed.
 * @returns false where the field is done with; a function to call after the morph where something must be put back.
 */
export function keepField(from: Element, to: Element, focused: boolean): boolean | (() => void) {
  if (read(from, "localName") === "option" && read(to, "localName") === "option") {
    // The morph would make an attribute of what is chosen at the moment.
    mergeAttributes(from, to);
    if (read(from, "innerHTML") !== read(to, "innerHTML"))
      invoke(from, "replaceChildren", ...read(to, "childNodes"));
    return false;
  }
  if (read(from, "localName") === "template") {
    mergeAttributes(from, to);
    if (read(from, "innerHTML") !== read(to, "innerHTML"))
      (from as HTMLTemplateElement).content.replaceChildren((to as HTMLTemplateElement).content);
    return false;
  }
  if (!isField(from) || from.localName !== read(to, "localName")) return true;
  const reset = invoke(to, "getAttribute", ATTR_RESET);
  if (reset && reset !== from.getAttribute(ATTR_RESET))
    return () => {
      clearUsed(from);
      showRendered(from);
    };
  if (from.localName === "select") return keepChoice(from as HTMLSelectElement, focused);
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

const state = (el: Field) =>
  isToggle(el)
    ? String((el as HTMLInputElement).checked)
    : el.localName === "select"
      ? options(el)
          .flatMap(({ selected, value }) => (selected ? [value] : []))
          .join()
      : el.value;

/**
 * Remembers what a form's fields hold, to see later which a person changed since. Secrets are never rendered, so that
 * they are not says nothing: they stay, or who mends another field would have to type them again.
 */
export const snapshotFields = (form: Element): Map<Field, string> =>
  new Map(
    [...(read(form as HTMLFormElement, "elements") ?? [])]
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
