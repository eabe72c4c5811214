/** Changes of elements by client commands, as patches have to keep them. */

/** Applies a change to the new content; `from` is the element as the page has it. */
export type Apply = (to: Element, from: Element) => void;

/** By the changed thing: an attribute's name, a class with a dot before it. */
const all = new WeakMap<Element, Map<string, Apply>>();

/** The changes of an element, to be added to. */
export function keptOf(el: Element): Map<string, Apply> {
  const kept = all.get(el) ?? new Map<string, Apply>();
  all.set(el, kept);
  return kept;
}

/** Applies the kept changes to the server's rendering. */
export function applyKept(from: Element, to: Element): void {
  for (const apply of all.get(from)?.values() ?? []) apply(to, from);
}
