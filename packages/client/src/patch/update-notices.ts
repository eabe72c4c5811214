/** Notices to hooks that something in their elements is about to change. */
import { invoke, isElement, read } from "../dom/native.ts";
import { ATTR_KEEP } from "../wire/constants.ts";
import type { Place } from "./element-index.ts";
import type { PatchContext } from "./patch-context.ts";
import { parentOf } from "./portals.ts";

/** Tells if an element would stay as it is, with all of its content. */
export function isSame(from: Node, to: Node, places: WeakMap<Node, Place>): boolean {
  if (isElement(to) && invoke(to, "hasAttribute", ATTR_KEEP))
    return places.get(from)?.key === places.get(to)?.key;
  const [olds, news] = [[...read(from, "childNodes")], [...read(to, "childNodes")]];
  return (
    olds.length === news.length &&
    invoke(invoke(from, "cloneNode"), "isEqualNode", invoke(to, "cloneNode")) &&
    olds.every((child, at) => isSame(child, news[at] as Node, places))
  );
}

/** Notifies the elements around a node that something in it is about to change. */
export function notifyAncestors(
  { container, policy }: PatchContext,
  node: Node,
  isChanged: () => boolean,
): void {
  const notices: (() => void)[] = [];
  for (let at = node as Element | null; at && at !== container; at = parentOf(at)) {
    const [around, before] = [at, at !== node && policy.beforeUpdate?.(at)];
    if (before) notices.push(() => before(invoke(around, "cloneNode") as Element));
  }
  if (notices.length && isChanged()) for (const notify of notices) notify();
}
