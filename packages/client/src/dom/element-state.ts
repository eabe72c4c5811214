/** State of elements that the client keeps out of the page, and the display of an awaited answer. */
import { invoke, read } from "./native.ts";

/** Classes by the refs of the events that await their answers. */
const loading = new WeakMap<Element, Map<number, string[]>>();

/** Shows that an element's event awaits its answer. */
export function addLoading(el: Element, ref: number, className: string): void {
  const classes = loading.get(el) ?? new Map<number, string[]>();
  loading.set(el, classes.set(ref, [...(classes.get(ref) ?? []), className]));
  read(el, "classList").add(className);
}

/** The event has its answer. A class stays as long as a newer event of the element needs it. */
export function removeLoading(el: Element, ref: number): void {
  const classes = loading.get(el)?.get(ref) ?? [];
  loading.get(el)?.delete(ref);
  const needed = loadingClasses(el);
  read(el, "classList").remove(...classes.filter((name) => !needed.includes(name)));
  if (!read(el, "classList").length) invoke(el, "removeAttribute", "class");
}

/** Classes that a patch must not take away. */
export const loadingClasses = (el: Element): string[] => [...(loading.get(el)?.values() ?? [])].flat();

/** Keeps the signs of an awaited answer through a patch. */
export function applyPending(from: Element, to: Element): void {
  const classes = loadingClasses(from);
  if (classes.length) read(to, "classList").add(...classes);
}

const composing = new WeakSet<Element>();

export const isComposing = (el: Element): boolean => composing.has(el);

export const setComposing = (el: Element, on: boolean): void => void composing[on ? "add" : "delete"](el);
