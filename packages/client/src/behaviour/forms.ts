/** Forms as they are sent: url-encoded, with what goes with them. */
import type { FormMeta } from "@overwire/server/wire";

type Field = HTMLInputElement;

const isDisabled = (el: Element) =>
  el.matches(":disabled") || (el.closest("fieldset[disabled]") && !el.closest("legend"));

/** What a field contributes. By hand rather than by FormData, which knows neither a single field nor gets all of it right everywhere. */
function valuesOf(field: Field, submitter: Element | null | undefined): readonly string[] {
  const { type, localName } = field;
  if (!field.name || isDisabled(field)) return [];
  if (localName === "button" || /^(submit|button|image|reset)$/.test(type))
    return field === submitter ? [field.value] : [];
  if (localName === "select")
    return [...(field as unknown as HTMLSelectElement).options]
      .filter((option) => option.selected && !isDisabled(option))
      .map(({ value }) => value);
  if (localName === "input" || localName === "textarea") {
    if (type === "file") return [];
    return /^(checkbox|radio)$/.test(type) && !field.checked ? [] : [field.value];
  }
  // A custom element that takes part in forms: only the browser knows what it sends. (A fieldset or an output sends nothing.)
  const { form } = field;
  if (!localName.includes("-")) return [];
  const data = form && new (form.ownerDocument.defaultView as Window & typeof globalThis).FormData(form);
  return data ? data.getAll(field.name).filter((value) => typeof value === "string") : [];
}

/**
 * The url-encoded fields of a form in the page's order, or of one field: then all of its name, as a checkbox comes with
 * others or with a hidden field for what it means unchecked. A button counts only if it is the one that
 * submits or changes the form, and stands where it is.
 */
export function encodeFields(source: Element, submitter?: Element | null): string {
  const { form, name } = source as Field;
  const fields =
    source.localName === "form"
      ? [...(source as HTMLFormElement).elements]
      : form
        ? [...form.elements].filter((field) => (field as Field).name === name)
        : [source];
  const pairs = (fields as Field[]).flatMap((field) =>
    valuesOf(field, submitter).map((value) => [field.name, value]),
  );
  return new URLSearchParams(pairs).toString();
}

/** What an element's `phx-value-*` attributes say. */
export function valueAttributes(el: Element, prefix: string): FormMeta {
  const start = `${prefix}value-`;
  return Object.fromEntries(
    [...el.attributes]
      .filter(({ name }) => name.startsWith(start))
      .map(({ name, value }) => [name.slice(start.length), value]),
  );
}
