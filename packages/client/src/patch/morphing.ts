/** Morphs elements of the page into their new state: morphdom, with the client's knowledge of them. */
import { invoke, isElement, read } from "../dom/native.ts";
import { createAdoption, replaceChild } from "./adoption.ts";
import { arrange, leader } from "./children.ts";
import { createClaims } from "./claims.ts";
import { mergeAttributes } from "./fields.ts";
import { createKeys } from "./keys.ts";
import { morphdomFactory } from "./morphdom.ts";
import type { MorphOptions } from "./morphdom-types.ts";
import type { Morphing, Pair } from "./pairs.ts";
import { homeOf, portalAt } from "./portals.ts";
import { setText } from "./text.ts";
import { isUntracked } from "./untracked.ts";

const morphdom = morphdomFactory(mergeAttributes);

/**
 * @param isTree true if elements are identified by their places in the tree; otherwise, as in a page that
 *   this client did not make, by their ids, and without one by their positions
 * @param lost elements that have lost their places before, and are taken away if nothing that comes is to be
 *   one of them
 */
export function morphAll(
  pairs: readonly Pair[],
  isTree: boolean,
  placeholders: readonly Element[],
  lost: Set<Node>,
  options: Morphing,
): void {
  const { container, portals, before, discard } = options;
  const claims = createClaims(pairs, isTree, placeholders, lost, options);
  const queue = [...pairs];
  /** New nodes, and in front of which each of them goes. */
  const spots = new Map<Node, Node | null>();
  const keys = createKeys();
  const { standIn, isStand, settle } = createAdoption(claims, isTree, keys);

  const goOn = (own: Node, node: Node) => {
    if (!isElement(own)) setText(own as CharacterData, (node as CharacterData).data);
    // It comes from an element with which morphdom is not concerned now.
    else if (!keys.inherit(own, node)) queue.push([own, node as Element]);
  };

  const addChild = (parent: Element, child: ChildNode) => {
    if (isElement(child)) standIn(child);
    invoke(parent, "insertBefore", child, leader(parent, spots.get(child) ?? null, lost));
  };

  const callbacks: MorphOptions = {
    childrenOnly: false,
    getNodeKey: keys.of,
    skipFromChildren: (from, to) => !arrange(from, to, claims, lost, spots, goOn),
    onBeforeElUpdated(from, to) {
      const [portal, next] = [portalAt(from), portalAt(to)];
      if (portal && next) queue.push([portal, next]);
      return !isStand(to) && !(portal && next) && before(from, to);
    },
    onBeforeNodeAdded: (node) => spots.has(node) && undefined,
    addChild,
    replaceChild,
    onBeforeNodeDiscarded(node) {
      if (!isUntracked(node)) lost.add(node);
      return false;
    },
  };

  const work = () => {
    for (;;) {
      settle(queue);
      const each = queue.shift();
      if (!each) return;
      const [from, to] = each;
      if (claims.isOther(from, to)) {
        spots.set(to, from);
        addChild(read(from, "parentNode") as Element, to);
        lost.add(from);
        continue;
      }
      keys.begin(to);
      callbacks.childrenOnly = from === container;
      morphdom(from, to, callbacks);
    }
  };

  work();
  portals.settle(placeholders, discard);
  for (const each of placeholders) {
    const portal = portalAt(each) as Element;
    if (homeOf(portal)) standIn(portal);
  }
  work();
  // An element that stays for a pending change need not stay if that change is gone too.
  for (const node of [...lost, ...lost]) if (lost.delete(node)) discard(node as ChildNode);
  portals.settle([], discard);
}
