/**
 * The way of a view's changes into the page, top to bottom: a difference is merged into the tree, the smallest elements that
 * show its changes are found, their new state is written as HTML and parsed, and the elements are morphed into it.
 */
import { isLocked } from "../dom/locks.ts";
import { invoke } from "../dom/native.ts";
import { type Change, Tree } from "../wire/client-tree.ts";
import { ATTR_KEEP } from "../wire/constants.ts";
import type { ComponentDiffs, FullInstance, TreeDiff } from "../wire/rendered.ts";
import type { ReadTemplate } from "../wire/template-steps.ts";
import { defer, guardOf, isHeld } from "./deferred.ts";
import { ancestors, componentOf, owns, register } from "./element-index.ts";
import { textOf } from "./html.ts";
import { discard, removeLeaving } from "./leaving.ts";
import { morphAll } from "./morphing.ts";
import { parseUpdate, updateOf } from "./parse-update.ts";
import type { Pair, PatchContext, Policy, ShowStream } from "./patch-context.ts";
import { createPortals } from "./portals.ts";
import { findTarget, markForPatch, outermost } from "./targets.ts";
import { setText } from "./text.ts";

export interface Patcher {
  /** Shows a whole tree. Elements that are in the page already are kept if they fit. */
  load(tree: FullInstance): void;
  /**
   * Shows a difference, 0 for none, and those of live components. Locked elements are left alone.
   * @throws Error if the difference does not fit the client's tree; the view must be joined again.
   */
  merge(diff: TreeDiff, components?: ComponentDiffs): void;
  /** Shows changes that were left out in elements that are locked no more. */
  refresh(): void;
  /** Number of the live component that renders an element, undefined if it is the view's own. */
  componentOf(el: Element): number | undefined;
  /** Tells if an element is the view's: in its container or one of its portals, and not in a nested view. */
  owns(el: Element): boolean;
  /** Numbers of live components that left with items of streams since the last call, of which the server does not know. */
  takeGone(): number[];
  /** The view has ended: its elements outside of its container go. */
  destroy(): void;
}

/**
 * @param container the element whose children are the view's
 * @param templates those of the connection, which all views of it share
 * @param showStream shows changes of streams, once it is loaded
 */
export function createPatcher(
  container: Element,
  policy: Policy,
  templates?: Map<number, ReadTemplate>,
  showStream?: () => ShowStream | undefined,
): Patcher {
  const tree = new Tree(templates);
  const portals = createPortals(container, (portal) => discard(context, portal));
  const context: PatchContext = {
    container,
    policy,
    tree,
    portals,
    places: new WeakMap(),
    deferred: new Map(),
    toPatch: new Set(),
    parsed: [],
    displaced: new Set(),
    showStream,
    after: [],
    leaving: [],
  };
  const patchAll = (byPlace: boolean) => patch(context, [container], byPlace);
  return {
    load(full) {
      tree.load(full);
      portals.settle(portals.take(container));
      patchAll(false);
      finish(context);
    },
    merge(diff, components) {
      const changes = tree.merge(diff, components);
      const { toPatch, displaced } = context;
      toPatch.clear();
      if (!changes?.every((change) => showChange(context, change))) patchAll(!!changes);
      else if (toPatch.size || displaced.size) patch(context, outermost(context, toPatch), true);
      finish(context);
    },
    refresh() {
      for (const [el, byPlace] of [...context.deferred]) refreshElement(context, el, byPlace);
      finish(context);
    },
    componentOf: (el) => componentOf(context, el),
    owns: (el) => owns(context, el),
    takeGone: () => tree.takeGone(),
    destroy: portals.destroy,
  };
}

/** Shows a change in its place, or marks the element that shows it. @returns false if there is none */
function showChange(context: PatchContext, change: Change): boolean {
  const target = findTarget(context, change);
  if (target)
    markForPatch(context, target, () => {
      if (context.policy.allows) return false;
      const { instance, slot } = change;
      const text = textOf(target, change);
      if (!text) return !!(change.stream && context.showStream?.()?.(change, target, context));
      notifyAncestors(context, text, () => true);
      setText(text, instance.slots[slot] as string);
      return true;
    });
  return !!target;
}

/** Shows an element all that it has missed, if nothing guards it any more. */
function refreshElement(context: PatchContext, el: Element, byPlace: boolean): void {
  const { deferred, portals, policy } = context;
  deferred.delete(el);
  if (!portals.contains(el)) return;
  const guard = guardOf(context, el);
  if (guard && (isLocked(guard) || policy.isEdited(guard))) defer(context, guard, byPlace);
  else patch(context, [el], byPlace, true);
}

/**
 * Patches elements.
 * @param byPlace true if their parts are identified by their places in the tree; otherwise, as in a page that this client did
 *   not make, by their ids, and without one by their positions
 * @param whole all of them is written, also what has not changed
 */
function patch(context: PatchContext, elements: Element[], byPlace: boolean, whole = !byPlace): void {
  const { policy, places } = context;
  const asked = new Map<Element, boolean>();
  const isAllowed = (el: Element) => {
    const answer = asked.get(el) ?? (policy.allows as (el: Element) => boolean)(el);
    asked.set(el, answer);
    return answer;
  };
  const pairs = elements
    .map((el) => updateOf(context, el))
    .filter(([el]) => !policy.allows || ancestors(context, el).slice(1).reverse().every(isAllowed))
    .map((update): Pair => [update[0], parseUpdate(context, update, whole)]);
  for (const [element, to] of pairs)
    notifyAncestors(context, element, () => !policy.telling?.()?.isSame(element, to, places));
  const placeholders = pairs.flatMap(([, to]) => prepare(context, to));
  morphAll(context, pairs, byPlace, placeholders, mayMorph);
  runAfter(context);
  registerParsed(context);
}

/** Notifies the elements around a node, as hooks want it, that something in them is about to change. */
export function notifyAncestors(context: PatchContext, node: Node, isChanged: () => boolean): void {
  context.policy.telling?.()?.notifyAncestors(context, node, isChanged);
}

/** Prepares new content for the page. @returns the placeholders of its portals */
export function prepare({ policy, portals, after }: PatchContext, to: Element): Element[] {
  policy.coming(to, after);
  return portals.take(to);
}

/** Lets an element of the page go on as a new one. @returns true if it is to take that one's attributes and children */
function mayMorph(context: PatchContext, from: Element, to: Element, byPlace: boolean): boolean {
  const { policy, places, after } = context;
  register(context, from, places.get(to));
  if (invoke(to, "hasAttribute", ATTR_KEEP)) return false;
  const answer = isHeld(context, from) ? undefined : policy.before(from, to, places);
  if (answer === undefined) defer(context, from, byPlace);
  if (!answer) return false;
  if (answer !== true) after.push(answer);
  return true;
}

/** Registers new elements that are in the page now, and patches those that say no more than that they stay. */
export function registerParsed(context: PatchContext): void {
  const { portals, places, parsed } = context;
  for (const el of parsed.splice(0)) {
    // An element that was added rather than matched is in the page itself.
    if (!portals.contains(el)) continue;
    register(context, el, places.get(el));
    if (invoke(el, "hasAttribute", ATTR_KEEP)) patch(context, [el], false);
  }
}

function runAfter({ after }: PatchContext): void {
  for (const run of after.splice(0)) run();
}

function finish(context: PatchContext): void {
  runAfter(context);
  removeLeaving(context);
}
