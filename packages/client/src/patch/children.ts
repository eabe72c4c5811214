/** Counterparts of the children of an element, and their order. */
import { read } from "../dom/native.ts";
import { type Claims, isAlike } from "./claims.ts";
import { put, staying } from "./order.ts";
import { untracked } from "./untracked.ts";

/** For each new node its counterpart among some: identified by keys, and between those by position. */
function match(
  olds: readonly Node[],
  news: readonly Node[],
  byPlace: boolean,
  { claim, isKeyed, claimed }: Claims,
): (Node | undefined)[] {
  const keyed = news.map((node) => isKeyed(node, byPlace));
  const owns = news.map((node) => claim(node, byPlace));
  const anchors = new Set<Node | undefined>(owns);
  // A keyed node in the way goes, or finds its place by its key.
  const rest = olds.filter((node) => anchors.has(node) || (!claimed.has(node) && !isKeyed(node, byPlace)));
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
}

/** A node that is put before a child goes before those there without a place: they would move with the child. */
export function leader(parent: Node, child: Node | null, displaced: ReadonlySet<Node>): Node | null {
  let at = child;
  for (let other = read(at ?? parent, at ? "previousSibling" : "lastChild"); other; ) {
    if (!untracked.has(other) && !displaced.has(other)) break;
    at = other;
    other = read(other, "previousSibling");
  }
  return at;
}

/**
 * Gives an element those of its new children that go on, in their order, with as few moves as can be.
 * @param displaced is given those that go
 * @param spots is given new ones, and in front of which of the others each of them goes
 * @param goOn is told which goes on as which
 * @returns true if they are in their order already, and none comes or goes
 */
export function arrange(
  from: Element,
  to: Element,
  claims: Claims,
  displaced: Set<Node>,
  spots: Map<Node, Node | null>,
  goOn: (own: Node, node: Node) => void,
): boolean {
  const byPlace = !claims.strange.has(from);
  const all = [...read(from, "childNodes")];
  const olds = all.filter((node) => !untracked.has(node));
  const news = [...read(to, "childNodes")];
  const matched = match(olds, news, byPlace, claims);
  news.forEach((node, index) => {
    const own = matched[index];
    if (own) {
      claims.pair(own, node, byPlace);
      goOn(own, node);
    } else spots.set(node, null);
  });
  // One that goes may be on its way into another: morphdom, which walks on from it, would clean up there.
  if (all.length === news.length && matched.every((own, index) => own === olds[index])) return true;

  const kept = new Set(matched);
  for (const old of olds) if (!kept.has(old) && !claims.claimed.has(old)) displaced.add(old);
  const positions = new Map<Node, number>(olds.map((node, index) => [node, index]));
  // A browser that moves the field in use takes the caret away.
  let focused: Node | null = read(read(from, "ownerDocument"), "activeElement");
  while (focused && read(focused, "parentNode") !== from) focused = read(focused, "parentNode");
  const still = staying(
    matched.map((node) => (node && positions.get(node)) ?? -1),
    matched.indexOf(focused as Node),
  );
  let next: Node | null = null;
  for (let index = news.length - 1; index >= 0; index--) {
    const own = matched[index];
    if (own) {
      if (!still.has(index)) put(from, own, leader(from, next, displaced));
      next = own;
    } else spots.set(news[index] as Node, next);
  }
  return false;
}
