/** Telling hooks that something in their elements is about to change. */
import { invoke, isElement, read } from "../dom/native.ts";
import { ATTR_KEEP } from "../wire/constants.ts";
import { parentOf } from "./portals.ts";

/**
 * Tells if an element would stay as it is, with all of its content.
 * @param placeOf identifies elements of one tree
 */
export function isSame(from: Node, to: Node, placeOf: (el: Node) => string | undefined): boolean {
  if (isElement(to) && invoke(to, "hasAttribute", ATTR_KEEP)) return placeOf(from) === placeOf(to);
  const [olds, news] = [[...read(from, "childNodes")], [...read(to, "childNodes")]];
  return (
    olds.length === news.length &&
    invoke(invoke(from, "cloneNode"), "isEqualNode", invoke(to, "cloneNode")) &&
    olds.every((child, at) => isSame(child, news[at] as Node, placeOf))
  );
}

/** Tells the elements around a node that something in it is about to change. */
export function tellAround(
  node: Node,
  container: Element,
  beforeUpdate: (el: Element) => ((to: Element) => void) | undefined,
  isChanged: () => boolean,
): void {
  const tell: (() => void)[] = [];
  for (let at = node as Element | null; at && at !== container; at = parentOf(at)) {
    const [around, before] = [at, at !== node && beforeUpdate(at)];
    if (before) tell.push(() => before(invoke(around, "cloneNode") as Element));
  }
  if (tell.length && isChanged()) for (const each of tell) each();
}
