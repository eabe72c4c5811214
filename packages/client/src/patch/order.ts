/** The order of children that stay: brought about before the morph, which would move all that stands behind a new one. */

/** Moving keeps what a person sees (scroll positions, frames, animations) in browsers that know how. */
const put = (parent: Element, node: Element, before: Node | null) => {
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
  /** What stands in the new children for one that is put into the page right away. */
  standIn(node: Element): Element;
}

/**
 * Gives an element the children of another, in their order, where all of them have keys: takes those away that are gone,
 * moves as few as possible, puts new ones where they belong. What is in them is left to the morph.
 */
export function order(from: Element, to: Element, { keyOf, isWanted, standIn }: Order): void {
  const isPlain = (node: Node) => (node.nodeType === 1 ? keyOf(node) !== undefined : !node.nodeValue?.trim());
  // Texts have no keys, and which of them stay only the morph can tell.
  if (![...from.childNodes, ...to.childNodes].every(isPlain)) return;
  const live = new Map<string, Element>();
  for (const child of [...from.children]) {
    const key = keyOf(child) as string;
    if (isWanted(key)) live.set(key, child);
    else child.remove();
  }
  if (!live.size) return;
  const positions = new Map([...from.children].map((child, index) => [child, index]));
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
