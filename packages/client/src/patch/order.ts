/** The order of children that stay: brought about before the morph, which would move all that stands behind a new one. */

/** Moving keeps what a person sees (scroll positions, frames, animations) in browsers that know how. */
export const put = (parent: Element, node: Node, before: Node | null): void => {
  const { moveBefore } = parent as { moveBefore?: (node: Node, before: Node | null) => void };
  if (moveBefore && parent.isConnected && node.isConnected) moveBefore.call(parent, node, before);
  else parent.insertBefore(node, before);
};

/** Positions in a longest run of growing numbers: those need not be moved. */
function staying(numbers: readonly number[]): Set<number> {
  const ends: number[] = [];
  const previous: number[] = [];
  numbers.forEach((number, index) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((numbers[ends[middle] as number] as number) < number) low = middle + 1;
      else high = middle;
    }
    previous[index] = ends[low - 1] ?? -1;
    ends[low] = index;
  });
  const found = new Set<number>();
  for (let at = ends.at(-1) ?? -1; at >= 0; at = previous[at] as number) found.add(at);
  return found;
}

export interface Order {
  keyOf(node: Node): string | undefined;
  /** Whether the page goes on having an element with this key, here or elsewhere. */
  isWanted(key: string): boolean;
  /** Whether an element stays without being in the new children. */
  isGuest(node: Node): boolean;
  /** Takes away an element that is not wanted any more, or makes a guest of it. */
  discard(node: Element): void;
  /** What stands in the new children for one that is put into the page right away, or is a guest there. */
  standIn(node: Element): Element;
}

/**
 * Takes children away that are gone. Where all have keys, gives an element those of another in their order: moves as few as
 * possible, puts new ones where they belong. What is in them is left to the morph.
 */
export function order(from: Element, to: Element, options: Order): void {
  const { keyOf, isWanted, isGuest, discard, standIn } = options;
  const hasKey = (node: Node) => (node.nodeType === 1 ? keyOf(node) !== undefined : !node.nodeValue?.trim());
  const children = () => [...from.children];
  for (const child of children()) {
    const key = keyOf(child);
    if (key !== undefined && !isGuest(child) && !isWanted(key)) discard(child);
  }
  // Texts have no keys, and which of them stay only the morph can tell.
  const isPlain = [...from.childNodes, ...to.childNodes].every(hasKey);
  if (children().some(isGuest)) {
    const counterparts = new Map([...to.children].map((child) => [keyOf(child), child]));
    counterparts.delete(undefined);
    let next: Element | null = null;
    for (const child of children().reverse()) {
      if (!isGuest(child)) next = counterparts.get(keyOf(child)) ?? next;
      else if (isPlain || next) next = to.insertBefore(standIn(child), next);
    }
  }
  if (!isPlain || !from.firstElementChild) return;
  const live = new Map(children().map((child) => [keyOf(child) as string, child]));
  const positions = new Map(children().map((child, index) => [child, index]));
  const wanted = [...to.children];
  const kept = wanted.map((child) => {
    const own = live.get(keyOf(child) as string);
    return own?.localName === child.localName ? own : undefined;
  });
  const stay = kept.filter((child) => child !== undefined);
  const still = staying(stay.map((child) => positions.get(child) as number));
  if (still.size === wanted.length) return;
  for (let index = stay.length - 1; index >= 0; index--) {
    const child = stay[index] as Element;
    if (!still.has(index)) put(from, child, stay[index + 1] ?? null);
  }
  for (const node of [...from.childNodes]) if (node.nodeType !== 1) node.remove();
  for (let index = wanted.length - 1; index >= 0; index--) {
    const child = wanted[index] as Element;
    if (kept[index]) continue;
    child.replaceWith(standIn(child));
    from.insertBefore(child, kept[index + 1] ?? null);
    kept[index] = child;
  }
  // The space between them follows, now that they stand as they will.
  let at = from.firstChild;
  for (const node of to.childNodes) {
    if (node.nodeType === 1) at = at?.nextSibling ?? null;
    else from.insertBefore(node.cloneNode(), at);
  }
}
