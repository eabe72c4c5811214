/** Claims of new elements on those of the page: by ids, and by places in the tree, wherever they stand. */
import { findAll, invoke, isElement, read } from "../dom/native.ts";
import { ATTR_KEEP } from "../wire/constants.ts";
import { idOf } from "./html.ts";
import type { Morphing, Pair } from "./pairs.ts";
import { homeOf, parentOf, portalAt } from "./portals.ts";
import { isUntracked } from "./untracked.ts";

type Id = ReturnType<typeof idOf>;

const withIds = (roots: readonly Element[]) => roots.flatMap((root) => [root, ...findAll(root, "[id]")]);

/** The first element in the page of each id, of those that come. */
function byId(roots: readonly Element[], wanted: ReadonlySet<Id>): Map<Id, Element> {
  const ids = new Map<Id, Element>();
  for (const el of withIds(roots)) {
    const id = idOf(el);
    if (id && wanted.has(id) && !ids.has(id) && (homeOf(el) || !isUntracked(el))) ids.set(id, el);
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

/** Tells if it only says that the page's element stays as it is. */
const isKept = (to: Node) => isElement(to) && invoke(to, "hasAttribute", ATTR_KEEP);

export interface Claims {
  /** Tells if it is another element, though it comes in the same place. */
  isOther(from: Element, to: Element): boolean;
  /**
   * Tells if a node has an id or a place; a node with neither is identified by its position among such nodes.
   */
  isKeyed(node: Node, known: boolean): boolean;
  /** @returns the node of the page that a keyed one goes on as, which no other can from now on */
  claim(node: Node, known: boolean): Element | undefined;
  /** Nodes of the page that others go on as. */
  readonly claimed: ReadonlySet<Node>;
  /** Says that one goes on as another, whose content is then told as that around it is, if both are of one place. */
  pair(from: Node, to: Node, known: boolean): void;
  /** Elements of the page whose content is not told by places in the tree. */
  readonly strange: ReadonlySet<Node>;
}

/**
 * @param isTree true if elements are identified by their places in the tree; otherwise, as in a page that
 *   this client did not make, by their ids, and without one by their positions
 */
export function createClaims(
  pairs: readonly Pair[],
  isTree: boolean,
  placeholders: readonly Element[],
  lost: Set<Node>,
  { container, portals, placeOf, shown, isClosed, skipped, skip, ...options }: Morphing,
): Claims {
  const roots = pairs.map(([from]) => from);
  const claimed = new Set<Node>(roots);
  const strange = new Set<Node>(isTree ? [] : roots);

  const coming = [...pairs.map(([, to]) => to), ...placeholders.map((each) => portalAt(each) as Element)];
  const wanted = new Set(withIds(coming).map(idOf));
  const ids = byId([...roots, ...(lost as Set<Element>), ...portals.all(), ...skipped.keys()], wanted);

  /** Tells if an element may become one of those that come: later, if `undefined`. */
  const isFree = (el: Element) => {
    for (let at: Element | null = el; at; at = parentOf(at)) {
      const closed = at !== el && at !== container && isClosed(at);
      if (closed !== false) return closed && false;
      // An element around one that goes on may not be in the page yet.
      if (claimed.has(at) || lost.has(at)) return true;
    }
    return false;
  };

  const isOther = (from: Element, to: Element) => {
    const id = idOf(from);
    return options.isOther(from, to) || (!(id && id === idOf(to)) && !isAlike(from, to));
  };

  return {
    isOther,
    isKeyed(node, known) {
      if (!isElement(node)) return false;
      const el = portalAt(node) ?? node;
      return !!idOf(el) || isKept(el) || (known && placeOf(el) !== undefined);
    },
    claim(node, known) {
      const to = portalAt(node) ?? (node as Element);
      const id = idOf(to);
      // An element that stays as it is is that of its place.
      const kept = isKept(to);
      const byPlace = known || kept ? shown(to) : undefined;
      const own = [ids.get(id), byPlace].find((own) => {
        if (
          !own ||
          claimed.has(own) ||
          (!kept && isOther(own, to)) ||
          read(own, "nodeName") !== read(to, "nodeName")
        )
          return false;
        const [was, home] = [idOf(own), homeOf(own)];
        return (
          isUntracked(own) === !!home &&
          !home === (to === node) &&
          (own === byPlace ? kept || !was || was === id || !wanted.has(was) : isFree(own) !== false)
        );
      });
      if (!own) return undefined;
      if (isFree(own) === undefined) {
        // In the page twice it would be two.
        invoke(node as Element, "replaceChildren");
        invoke(node as Element, "remove");
        for (const root of roots) skip(root, isTree);
        return undefined;
      }
      const home = homeOf(own) ?? own;
      claimed.add(own).add(home);
      lost.delete(home);
      return home;
    },
    claimed,
    strange,
    pair(from, to, known) {
      const was = portalAt(from) ?? from;
      const is = portalAt(to) ?? to;
      claimed.add(was);
      lost.delete(from);
      if (placeOf(was) !== placeOf(is) || (!known && placeOf(is) === undefined)) strange.add(was);
    },
  };
}
