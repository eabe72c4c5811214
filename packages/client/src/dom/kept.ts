/** Changes of elements by client commands, as patches have to keep them. */

/** Makes a change in what is to be shown; `from` is the element as the page has it. */
export type Apply = (to: Element, from: Element) => void;

/** By what is changed: an attribute's name, a class with a dot before it. */
const all = new WeakMap<Element, Map<string, Apply>>();

/** The changes of an element, to be added to. */
export function keptOf(el: Element): Map<string, Apply> {
  const kept = all.get(el) ?? new Map<string, Apply>();
  all.set(el, kept);
  return kept;
}

/** Makes of what the server rendered what the page is to show. */
export function applyKept(from: Element, to: Element): void {
  for (const apply of all.get(from)?.values() ?? []) apply(to, from);
}
