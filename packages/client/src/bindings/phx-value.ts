/** Values in attributes of forms and elements, beside their bindings. */
import { invoke, read } from "../dom/native.ts";
import type { FormMeta } from "../wire/frames.ts";

/** Tells if the page asks the browser itself to submit this form. */
export const isTriggered = (form: Element, prefix: string): boolean =>
  read(form, "isConnected") && invoke(form, "hasAttribute", `${prefix}trigger-action`);

/** Values of an element's `phx-value-*` attributes. */
export function valueAttributes(el: Element, prefix: string): FormMeta {
  const start = `${prefix}value-`;
  return Object.fromEntries(
    [...read(el, "attributes")]
      .filter(({ name }) => name.startsWith(start))
      .map(({ name, value }) => [name.slice(start.length), value]),
  );
}
