/** Fields and their forms. */
import { findAll, isForm, read } from "./native.ts";

/** The form that an element is a field of. A custom element may have told that to the browser alone. */
export function formOf(el: Element): HTMLFormElement | null {
  if (isForm(el)) return null;
  const { form, localName, ownerDocument } = el as HTMLInputElement;
  if (form !== undefined || !localName.includes("-")) return form ?? null;
  const forms = findAll<HTMLFormElement>(ownerDocument, "form");
  return forms.find((each) => [...read(each, "elements")].includes(el)) ?? null;
}
