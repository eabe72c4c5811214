/** Elements whose event awaits its answer: changes of them by older answers are not shown. */
import { read } from "./native.ts";

/** Locked elements, each with the ref of its newest event by the number of the view that handles it. */
const locks = new WeakMap<Element, Map<number | undefined, number>>();

/** Leaves an element alone until event `ref` of a view is answered. */
export function lock(el: Element, ref: number, view?: number): void {
  const refs = locks.get(el) ?? new Map<number | undefined, number>();
  locks.set(el, refs.set(view, Math.max(ref, refs.get(view) ?? 0)));
}

/** Event `ref` is answered. A newer event of the element, or one of another view, keeps it locked. */
export function unlock(el: Element, ref: number, view?: number): void {
  const refs = locks.get(el);
  if (refs && (refs.get(view) as number) <= ref && refs.delete(view) && !refs.size) locks.delete(el);
}

export const isLocked = (el: Element): boolean => locks.has(el);

/** The innermost locked element, itself or around it. */
export function lockedAround(el: Element): Element | undefined {
  for (let at: Element | null = el; at; at = read(at, "parentElement")) if (locks.has(at)) return at;
  return undefined;
}
