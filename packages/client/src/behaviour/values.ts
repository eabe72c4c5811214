/** What forms and elements say in their attributes, beside their bindings. */
import type { FormMeta } from "@overwire/server/wire";

/** Whether the page asks the browser itself to submit this form. */
export const isTriggered = (form: Element, prefix: string): boolean =>
  form.isConnected && form.hasAttribute(`${prefix}trigger-action`);

/** What an element's `phx-value-*` attributes say. */
export function valueAttributes(el: Element, prefix: string): FormMeta {
  const start = `${prefix}value-`;
  return Object.fromEntries(
    [...el.attributes]
      .filter(({ name }) => name.startsWith(start))
      .map(({ name, value }) => [name.slice(start.length), value]),
  );
}
