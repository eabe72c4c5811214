/** Elements whose event awaits its answer: what older answers would make of them is not shown. */
import { read } from "./native.ts";

/** Locked elements, and the ref of the newest event of each. */
const locks = new WeakMap<Element, number>();

/** Leaves an element alone until event `ref` of its view is answered. */
export function lock(el: Element, ref: number): void {
  locks.set(el, Math.max(ref, locks.get(el) ?? 0));
}

/** Event `ref` is answered. A newer event of the element keeps it locked. */
export function unlock(el: Element, ref: number): void {
  if ((locks.get(el) ?? Number.POSITIVE_INFINITY) <= ref) locks.delete(el);
}

export const isLocked = (el: Element): boolean => locks.has(el);

/** The innermost locked element, itself or around it. */
export function lockedAround(el: Element): Element | undefined {
  for (let at: Element | null = el; at; at = read(at, "parentElement")) if (locks.has(at)) return at;
  return undefined;
}
