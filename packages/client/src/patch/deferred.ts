/**
 * Elements whose changes wait, to protect the user's work in them from older answers: those that await the answer to an
 * event, and those that the user edits. `refresh` shows them what they have missed.
 */
import { isLocked } from "../dom/locks.ts";
import { invoke, read } from "../dom/native.ts";
import { ancestors } from "./element-index.ts";
import { updateOf } from "./parse-update.ts";
import type { PatchContext } from "./patch-context.ts";

/** @param byPlace true if its content is identified by places in the tree */
export function defer({ deferred }: PatchContext, element: Element, byPlace: boolean): void {
  deferred.set(element, byPlace && deferred.get(element) !== false);
}

/** Tells if nothing in an element can be patched before all of it is, by `refresh`. */
export const isHeld = ({ deferred }: PatchContext, element: Element): boolean =>
  isLocked(element) || deferred.get(element) === false;

/** The outermost element, itself or around it, whose content is not to be touched. */
export function guardOf(context: PatchContext, element: Element): Element | undefined {
  const { policy } = context;
  return ancestors(context, element)
    .filter((at) => isHeld(context, at) || policy.isEdited(at) || policy.ignores(at))
    .pop();
}

/** Tells if something in a node is yet to be shown in an element whose changes wait. */
export const isAwaited = (context: PatchContext, node: Node): boolean =>
  [...context.deferred.keys()].some((el) => {
    const html = context.portals.contains(el) && !invoke(node, "contains", el) && updateOf(context, el)[1]();
    return (
      html &&
      read(node as Element, "outerHTML")
        ?.match(/ id="[^"]+"/g)
        ?.some((id) => html.includes(id))
    );
  });
