/**
 * Elements that leave the page by a transition: they stay until it has ended, without a place in the tree, so that patches
 * meanwhile leave them alone.
 */
import { findAll, invoke, read } from "../dom/native.ts";
import { isAwaited } from "./deferred.ts";
import type { PatchContext } from "./patch-context.ts";
import { untracked } from "./untracked.ts";

/** @returns true if an element that is not in the tree any more stays, for a while or as a portal */
function stays({ policy, portals, places, leaving }: PatchContext, node: Node): boolean {
  if (untracked.has(node)) return true;
  const el = node as Element;
  if (read(el, "nodeType") !== 1 || !policy.leaves(el) || !portals.contains(el)) return false;
  for (const each of [el, ...findAll(el, "*")]) {
    untracked.add(each);
    places.delete(each);
  }
  invoke(el, "setAttribute", "inert", "");
  leaving.push(el);
  return true;
}

/** Takes a node away: at once, or by its transition, or not yet if something else waits for what is in it. */
export function discard(context: PatchContext, node: ChildNode): void {
  if (isAwaited(context, node)) context.displaced.add(node);
  else if (!stays(context, node)) invoke(node, "remove");
}

/** Starts the transitions. They may run commands, which are for a page that is done. */
export function removeLeaving({ leaving, policy }: PatchContext): void {
  while (leaving.length) {
    const el = leaving.shift() as Element;
    const remove = () => invoke(el, "remove");
    let end: Promise<unknown> | undefined;
    try {
      end = policy.removing?.(el);
    } finally {
      if (end) end.then(remove, remove);
      else remove();
    }
  }
}
