/** Fields and their forms. */
import { invoke, isForm, read } from "./native.ts";

/** The form that an element is a field of. A custom element may have told that to the browser alone. */
export function formOf(el: Element): HTMLFormElement | null {
  if (isForm(el)) return null;
  const { form } = el as HTMLInputElement;
  if (form !== undefined || !read(el, "localName").includes("-")) return form ?? null;
  const id = invoke(el, "getAttribute", "form");
  const around =
    id === null ? invoke(el, "closest", "form") : invoke(read(el, "ownerDocument"), "getElementById", id);
  return around && isForm(around) && [...read(around, "elements")].includes(el) ? around : null;
}
