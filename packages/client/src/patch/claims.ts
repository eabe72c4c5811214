/** Claims of new elements on those of the page: by ids, and by places in the tree, wherever they stand. */
import { findAll, invoke, isElement, read } from "../dom/native.ts";
import { ATTR_KEEP, ATTR_TOKEN } from "../wire/constants.ts";
import { defer, isHeld } from "./deferred.ts";
import { elementOf } from "./element-index.ts";
import { idOf } from "./html.ts";
import type { Pair, PatchContext } from "./patch-context.ts";
import { homeOf, parentOf, portalAt } from "./portals.ts";
import { untracked } from "./untracked.ts";

type Id = ReturnType<typeof idOf>;

const withIds = (roots: readonly Element[]) => roots.flatMap((root) => [root, ...findAll(root, "[id]")]);

/** The first element in the page of each id, of those that come. */
function byId(roots: readonly Element[], wanted: ReadonlySet<Id>): Map<Id, Element> {
  const ids = new Map<Id, Element>();
  for (const el of withIds(roots)) {
    const id = idOf(el);
    if (id && wanted.has(id) && !ids.has(id) && (homeOf(el) || !untracked.has(el))) ids.set(id, el);
  }
  return ids;
}

/** The field that something is: the same one in a row that moves, and if a password is shown. */
const fieldOf = (el: Element) =>
  [
    invoke(el, "getAttribute", "name")?.replace(/\[\d+]/g, ""),
    invoke(el, "getAttribute", "type")?.replace(/^(text|password)$/, ""),
  ].join();

/** Nodes that only their place tells apart: with another name or type it is another field. */
export const isAlike = (from: Node, to: Node): boolean =>
  read(from, "nodeName") === read(to, "nodeName") &&
  (!isElement(from) || fieldOf(from) === fieldOf(to as Element));

/** Tells if it is another element, though it comes in the same place. */
export function isOther({ policy }: PatchContext, from: Element, to: Element): boolean {
  const id = idOf(from);
  return policy.isOther(from, to) || (!(id && id === idOf(to)) && !isAlike(from, to));
}

/** Tells if it only says that the page's element stays as it is. */
const isKept = (to: Node) => isElement(to) && invoke(to, "hasAttribute", ATTR_KEEP);

/** The portal of a placeholder; any other node is itself. */
const contentOf = <Own extends Node>(node: Own): Own | Element => portalAt(node) ?? node;

export interface Claims {
  /**
   * Tells if a node has an id or a place; a node with neither is identified by its position among such nodes.
   */
  isKeyed(node: Node, byPlace: boolean): boolean;
  /** @returns the node of the page that a keyed one goes on as, which no other can from now on */
  claim(node: Node, byPlace: boolean): Element | undefined;
  /** Nodes of the page that others go on as. */
  readonly claimed: ReadonlySet<Node>;
  /** Says that one goes on as another, whose content is then told as that around it is, if both are of one place. */
  pair(from: Node, to: Node, byPlace: boolean): void;
  /** Elements of the page whose content is not told by places in the tree. */
  readonly strange: ReadonlySet<Node>;
}

/**
 * @param allByPlace true if elements are identified by their places in the tree; otherwise, as in a page that
 *   this client did not make, by their ids, and without one by their positions
 */
export function createClaims(
  context: PatchContext,
  pairs: readonly Pair[],
  allByPlace: boolean,
  placeholders: readonly Element[],
): Claims {
  const { container, policy, portals, places, deferred, displaced } = context;
  const roots = pairs.map(([from]) => from);
  const claimed = new Set<Node>(roots);
  const strange = new Set<Node>(allByPlace ? [] : roots);

  const wanted = new Set(withIds([...pairs.map(([, to]) => to), ...placeholders.map(contentOf)]).map(idOf));
  const ids = byId([...roots, ...(displaced as Set<Element>), ...portals.all(), ...deferred.keys()], wanted);

  const placeOf = (el: Node) => places.get(el)?.key;

  /** Tells if an element may become one of those that come: later, if `undefined`. */
  const isFree = (el: Element) => {
    for (let at: Element | null = el; at; at = parentOf(at)) {
      const closed =
        at !== el &&
        at !== container &&
        (isHeld(context, at) ? undefined : policy.ignores(at) || invoke(at, "hasAttribute", ATTR_TOKEN));
      if (closed !== false) return closed && false;
      // An element around one that goes on may not be in the page yet.
      if (claimed.has(at) || displaced.has(at)) return true;
    }
    return false;
  };

  return {
    isKeyed(node, byPlace) {
      if (!isElement(node)) return false;
      const el = contentOf(node);
      return !!idOf(el) || isKept(el) || (byPlace && placeOf(el) !== undefined);
    },
    claim(node, byPlace) {
      const to = contentOf(node as Element);
      const id = idOf(to);
      // An element that stays as it is is that of its place.
      const kept = isKept(to);
      const place = byPlace || kept ? places.get(to) : undefined;
      const inPlace = place && elementOf(context, place.instance, place.mark);
      const own = [ids.get(id), inPlace].find((own) => {
        if (!own || claimed.has(own)) return false;
        const [was, home] = [idOf(own), homeOf(own)];
        return (
          (kept || !isOther(context, own, to)) &&
          read(own, "nodeName") === read(to, "nodeName") &&
          untracked.has(own) === !!home &&
          !home === (to === node) &&
          (own === inPlace ? kept || !was || was === id || !wanted.has(was) : isFree(own) !== false)
        );
      });
      if (!own) return undefined;
      if (isFree(own) === undefined) {
        // In the page twice it would be two.
        invoke(node as Element, "replaceChildren");
        invoke(node as Element, "remove");
        for (const root of roots) defer(context, root, allByPlace);
        return undefined;
      }
      const home = homeOf(own) ?? own;
      claimed.add(own).add(home);
      displaced.delete(home);
      return home;
    },
    claimed,
    strange,
    pair(from, to, byPlace) {
      const [was, is] = [contentOf(from), contentOf(to)];
      claimed.add(was);
      displaced.delete(from);
      if (placeOf(was) !== placeOf(is) || (!byPlace && placeOf(is) === undefined)) strange.add(was);
    },
  };
}
