/** Morphs elements of the page into what they are to become: morphdom, told which nodes correspond and in which order they stand. */
import { ATTR_KEEP } from "@overwire/server/wire";
import { findAll, invoke, isElement, read } from "../dom/native.ts";
import { mergeAttributes } from "./fields.ts";
import { isGuest } from "./guests.ts";
import { idOf } from "./html.ts";
import { morphdomFactory } from "./morphdom.ts";
import { put, staying } from "./order.ts";
import { homeOf, type Portals, parentOf, portalAt } from "./portals.ts";
import { setText } from "./text.ts";

/** An element of the page, and what it is to become. */
export type Pair = readonly [from: Element, to: Element];

export interface Morphing {
  readonly container: Element;
  readonly portals: Portals;
  /** Key that tells elements of one tree apart, wherever they stand. */
  placeOf(el: Node): string | undefined;
  /** The element of the page that has the place of one that comes. */
  shown(to: Element): Element | undefined;
  /** Tells if it is another element, though it comes in the same place. */
  isOther(from: Element, to: Element): boolean;
  /** Tells if the content of an element is not to be touched. */
  isClosed(el: Element): boolean;
  /** Is asked before an element takes the attributes and the children of another; `false` leaves it alone. */
  before(from: Element, to: Element): boolean;
  /** Takes a node away, at once or by its transition. */
  discard(node: ChildNode): void;
}

/** A field shows what it once showed, whatever its attributes say since. */
function takeValue(from: HTMLInputElement, to: HTMLInputElement): void {
  if (from.checked !== to.checked) from.checked = to.checked;
  if (from.value === to.value) return;
  from.value = to.value;
  // Of some types the value is the attribute.
  if (!to.hasAttribute("value")) from.removeAttribute("value");
}

/** The field that something is: the same one in a row that moves, and if a password is shown. */
const fieldOf = (el: Element) =>
  [
    invoke(el, "getAttribute", "name")?.replace(/\[\d+]/g, ""),
    invoke(el, "getAttribute", "type")?.replace(/^(text|password)$/, ""),
  ].join();

/** Nodes that only their place tells apart: with another name or type it is another field. */
const isAlike = (from: Node, to: Node) =>
  read(from, "nodeName") === read(to, "nodeName") &&
  (!isElement(from) || fieldOf(from) === fieldOf(to as Element));

/** Tells if it only says that the page's element stays as it is. */
const isKept = (to: Node) => isElement(to) && invoke(to, "hasAttribute", ATTR_KEEP);

const morphdom = morphdomFactory(mergeAttributes);

/**
 * @param isTree whether elements are told by their places in the tree; otherwise, as in a page that this client did not
 *   make, by their ids, and where they have none by where they stand
 * @param lost elements that have lost their places before, and are taken away if nothing that comes is to be one of them
 */
export function morphAll(
  pairs: readonly Pair[],
  isTree: boolean,
  placeholders: readonly Element[],
  lost: Set<Node>,
  options: Morphing,
): void {
  const { container, portals, placeOf, shown, isClosed, before, discard } = options;
  const isOther = (from: Element, to: Element) => {
    const id = idOf(from);
    return options.isOther(from, to) || (!(id && id === idOf(to)) && !isAlike(from, to));
  };
  const queue = [...pairs];
  const roots = new Set(pairs.map(([from]) => from));
  /** Nodes that have a counterpart already. */
  const claimed = new Set<Node>(roots);
  /** Elements whose content is not told by places in the tree. */
  const strange = new Set<Node>(isTree ? [] : roots);

  const withIds = (root: Element) => [root, ...findAll(root, "[id]")];
  const wanted = new Set<string | null | undefined>();
  for (const root of [...pairs.map(([, to]) => to), ...placeholders.map((each) => portalAt(each) as Element)])
    for (const el of withIds(root)) wanted.add(idOf(el));
  const ids = new Map<string, Element>();
  for (const root of [...roots, ...(lost as Set<Element>), ...portals.all()])
    for (const el of withIds(root)) {
      const id = idOf(el);
      if (id && wanted.has(id) && !ids.has(id) && (homeOf(el) || !isGuest(el))) ids.set(id, el);
    }

  /** Tells if an element may become one of those that come. */
  const isFree = (el: Element) => {
    for (let at: Element | null = el; at; at = parentOf(at)) {
      if (at !== el && at !== container && isClosed(at)) return false;
      if (roots.has(at) || lost.has(at)) return true;
    }
    return false;
  };

  const isKeyed = (node: Node, known: boolean): boolean => {
    if (!isElement(node)) return false;
    const el = portalAt(node) ?? node;
    return !!idOf(el) || isKept(el) || (known && placeOf(el) !== undefined);
  };

  /** The node of the page that one goes on as which has an id or a place in the tree. */
  const claim = (node: Node, known: boolean): Element | undefined => {
    const to = portalAt(node) ?? (node as Element);
    const id = idOf(to);
    // An element that stays as it is is that of its place.
    const kept = isKept(to);
    const byPlace = known || kept ? shown(to) : undefined;
    const own = [id ? ids.get(id) : undefined, byPlace].find((own) => {
      if (
        !own ||
        claimed.has(own) ||
        (!kept && isOther(own, to)) ||
        read(own, "nodeName") !== read(to, "nodeName")
      )
        return false;
      const [was, home] = [idOf(own), homeOf(own)];
      return (
        isGuest(own) === !!home &&
        !home === (to === node) &&
        (own === byPlace ? kept || !was || was === id || !wanted.has(was) : isFree(own))
      );
    });
    if (!own) return undefined;
    const home = homeOf(own) ?? own;
    claimed.add(own).add(home);
    lost.delete(home);
    return home;
  };

  /** Says that one goes on as another, whose content is then told as that around it is, if both are of one place. */
  const pair = (from: Node, to: Node, known: boolean) => {
    const was = portalAt(from) ?? from;
    const is = portalAt(to) ?? to;
    claimed.add(was);
    lost.delete(from);
    if (placeOf(was) !== placeOf(is) || (!known && placeOf(is) === undefined)) strange.add(was);
  };

  /** Before what a new node goes. */
  const spots = new Map<Node, Node | null>();
  /** The nodes of the page that others go on as. */
  const counterparts = new Map<Node, Node>();

  /** For each node that comes its counterpart among some: told by keys, and between those by where they stand. */
  const match = (olds: readonly Node[], news: readonly Node[], known: boolean): (Node | undefined)[] => {
    const keyed = news.map((node) => isKeyed(node, known));
    const owns = news.map((node) => claim(node, known));
    const anchors = new Set<Node | undefined>(owns);
    // A keyed node in the way goes, or finds its place by its key.
    const rest = olds.filter((node) => anchors.has(node) || (!claimed.has(node) && !isKeyed(node, known)));
    let at = 0;
    return news.map((node, index) => {
      const own = owns[index];
      if (keyed[index] && !own) return undefined;
      let found = at;
      while (found < rest.length) {
        const old = rest[found] as Node;
        if (own ? old === own : !anchors.has(old) && isAlike(old, node)) {
          at = found + 1;
          return old;
        }
        found = anchors.has(old) ? rest.length : found + 1;
      }
      return own;
    });
  };

  /** Gives an element what goes on of its new children, in their order; new ones follow when morphdom comes to them. */
  const arrange = (from: Element, to: Element) => {
    const known = !strange.has(from);
    const olds = [...read(from, "childNodes")].filter((node) => !isGuest(node));
    const news = [...read(to, "childNodes")];
    const matched = match(olds, news, known);
    const kept = new Set(matched);
    for (const old of olds) if (!kept.has(old) && !claimed.has(old)) lost.add(old);
    const positions = new Map<Node, number>(olds.map((node, index) => [node, index]));
    const still = staying(matched.map((node) => (node && positions.get(node)) ?? -1));
    /** A node that does not stay in its place moves with its followers. */
    const before = (node: Node | null) => {
      let at = node;
      for (let other = at ? read(at, "previousSibling") : read(from, "lastChild"); other; ) {
        if (!isGuest(other) && !lost.has(other)) break;
        at = other;
        other = read(other, "previousSibling");
      }
      return at;
    };
    let next = still.size < news.length ? before(null) : null;
    for (let index = news.length - 1; index >= 0; index--) {
      const [node, own] = [news[index] as Node, matched[index]];
      if (own) {
        pair(own, node, known);
        if (!still.has(index)) put(from, own, next);
        counterparts.set(node, own);
        if (still.size < news.length) next = before(own);
      } else spots.set(node, next);
    }
  };

  /** Elements that go on in new ones, and what stands there for them as long as morphdom works on those. */
  const moves: [own: Element, to: Element, spot: Comment][] = [];

  /** Takes out of what comes what goes on as an element of the page. */
  const adopt = (within: Element) => {
    for (const child of [...read(within, "children")]) {
      const own = claim(child, isTree);
      if (!own) {
        adopt(child);
        continue;
      }
      pair(own, child, isTree);
      const spot = invoke(read(child, "ownerDocument"), "createComment", "");
      invoke(child, "replaceWith", spot);
      moves.push([own, child, spot]);
    }
  };

  const add = (parent: Element, node: ChildNode) => {
    if (isElement(node)) adopt(node);
    invoke(parent, "insertBefore", node, spots.get(node) ?? null);
  };

  const work = () => {
    for (;;) {
      for (const [own, to, spot] of moves.splice(0)) {
        put(spot.parentNode as Element, own, spot);
        spot.remove();
        queue.push([own, to]);
      }
      const each = queue.shift();
      if (!each) return;
      const [from, to] = each;
      if (isOther(from, to)) {
        spots.set(to, from);
        add(read(from, "parentNode") as Element, to);
        lost.add(from);
        continue;
      }
      morphdom(from, to, {
        childrenOnly: from === container,
        getNodeKey: (node) => counterparts.get(node),
        skipFromChildren: arrange,
        addChild: add,
        onBeforeElUpdated(from, to) {
          if (!isElement(from)) {
            setText(from as Node as CharacterData, (to as Node as CharacterData).data);
            return false;
          }
          const [portal, next] = [portalAt(from), portalAt(to)];
          if (portal && next) queue.push([portal, next]);
          return !(portal && next) && before(from, to);
        },
        onBeforeElChildrenUpdated(from, to) {
          if (read(from, "localName") === "input")
            takeValue(from as HTMLInputElement, to as HTMLInputElement);
        },
      });
    }
  };

  work();
  portals.settle(placeholders, discard);
  for (const each of placeholders) {
    const portal = portalAt(each) as Element;
    if (homeOf(portal)) adopt(portal);
  }
  work();
  for (const node of lost) discard(node as ChildNode);
  lost.clear();
  portals.settle([], discard);
}
