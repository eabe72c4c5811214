/** Changes of elements by client commands, as patches have to keep them. */

/** Applies a change to the new content; `from` is the element as the page has it. */
export type StickyOp = (to: Element, from: Element) => void;

/** By the changed thing: an attribute's name, a class with a dot before it. */
const all = new WeakMap<Element, Map<string, StickyOp>>();

/** The changes of an element, to be added to. */
export function stickyOpsOf(el: Element): Map<string, StickyOp> {
  const kept = all.get(el) ?? new Map<string, StickyOp>();
  all.set(el, kept);
  return kept;
}

/** Applies the kept changes to the server's rendering. */
export function applyStickyOps(from: Element, to: Element): void {
  for (const apply of all.get(from)?.values() ?? []) apply(to, from);
}
