/** Fields of a submitted form: after the answer they show the server's rendering, but for those that the user changed since. */
import { read } from "../dom/native.ts";
import { choosePreset } from "./chosen-options.ts";
import { type Field, isField, isToggle, options } from "./fields.ts";

const state = (el: Field) =>
  isToggle(el)
    ? String((el as HTMLInputElement).checked)
    : el.localName === "select"
      ? options(el)
          .flatMap(({ selected, value }) => (selected ? [value] : []))
          .join()
      : el.value;

/**
 * Remembers the values of a form's fields, to see later which ones the user changed since. Secrets are never
 * rendered, so that they are not says nothing: they stay, or who mends another field would have to type them
 * again.
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
    const { defaultValue } = field as HTMLInputElement;
    if (field.value !== defaultValue) field.value = defaultValue;
  }
}

/**
 * After the answer to a submit: fields that are the form's still and were not changed since show the server's
 * rendering.
 */
export function resetFields(form: Element, submitted: Map<Field, string>): void {
  for (const [field, before] of submitted) {
    if (field.form === form && state(field) === before) showRendered(field);
  }
}

/** @returns a function to call after the answer */
export function keepSubmitted(form: Element): () => void {
  const submitted = snapshotFields(form);
  return () => resetFields(form, submitted);
}
