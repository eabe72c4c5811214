/** Morphs elements of the page into their new state: morphdom, with the client's knowledge of them. */
import { invoke, isElement, read } from "../dom/native.ts";
import { createAdoption, replaceChild } from "./adoption.ts";
import { arrange, leader } from "./children.ts";
import { createClaims, isOther } from "./claims.ts";
import { mergeAttributes } from "./fields.ts";
import { createKeys } from "./keys.ts";
import { discard } from "./leaving.ts";
import { morphdomFactory } from "./morphdom.ts";
import type { MorphOptions } from "./morphdom-types.ts";
import type { Pair, PatchContext } from "./patch-context.ts";
import { homeOf, portalAt } from "./portals.ts";
import { setText } from "./text.ts";
import { untracked } from "./untracked.ts";

const morphdom = morphdomFactory(mergeAttributes);

/**
 * @param byPlace true if elements are identified by their places in the tree; otherwise, as in a page that
 *   this client did not make, by their ids, and without one by their positions
 * @param mayMorph is asked before an element takes the attributes and the children of another; `false` leaves it alone
 */
export function morphAll(
  context: PatchContext,
  pairs: readonly Pair[],
  byPlace: boolean,
  placeholders: readonly Element[],
  mayMorph: (context: PatchContext, from: Element, to: Element, byPlace: boolean) => boolean,
): void {
  const { container, portals, displaced } = context;
  const claims = createClaims(context, pairs, byPlace, placeholders);
  const queue = [...pairs];
  /** New nodes, and in front of which each of them goes. */
  const spots = new Map<Node, Node | null>();
  const keys = createKeys();
  const { standIn, isStand, settle } = createAdoption(claims, byPlace, keys);

  const goOn = (own: Node, node: Node) => {
    if (!isElement(own)) setText(own as CharacterData, (node as CharacterData).data);
    // It comes from an element with which morphdom is not concerned now.
    else if (!keys.inherit(own, node)) queue.push([own, node as Element]);
  };

  const addChild = (parent: Element, child: ChildNode) => {
    if (isElement(child)) standIn(child);
    invoke(parent, "insertBefore", child, leader(parent, spots.get(child) ?? null, displaced));
  };

  const callbacks: MorphOptions = {
    childrenOnly: false,
    getNodeKey: keys.of,
    skipFromChildren: (from, to) => !arrange(from, to, claims, displaced, spots, goOn),
    onBeforeElUpdated(from, to) {
      const [portal, next] = [portalAt(from), portalAt(to)];
      if (portal && next) queue.push([portal, next]);
      return !isStand(to) && !(portal && next) && mayMorph(context, from, to, byPlace);
    },
    onBeforeNodeAdded: (node) => spots.has(node) && undefined,
    addChild,
    replaceChild,
    onBeforeNodeDiscarded(node) {
      if (!untracked.has(node)) displaced.add(node);
      return false;
    },
  };

  const work = () => {
    for (;;) {
      settle(queue);
      const each = queue.shift();
      if (!each) return;
      const [from, to] = each;
      if (isOther(context, from, to)) {
        spots.set(to, from);
        addChild(read(from, "parentNode") as Element, to);
        displaced.add(from);
        continue;
      }
      keys.begin(to);
      callbacks.childrenOnly = from === container;
      morphdom(from, to, callbacks);
    }
  };

  work();
  portals.settle(placeholders);
  for (const each of placeholders) {
    const portal = portalAt(each) as Element;
    if (homeOf(portal)) standIn(portal);
  }
  work();
  // An element that stays for a pending change need not stay if that change is gone too.
  for (const node of [...displaced, ...displaced])
    if (displaced.delete(node)) discard(context, node as ChildNode);
  portals.settle([]);
}
