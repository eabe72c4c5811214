/** The order of an element's children, with as few moves as can be: an element that moves loses scroll positions and frames. */
import { keepSelection } from "../dom/focus.ts";
import { invoke, read } from "../dom/native.ts";

interface Moving {
  moveBefore?(node: Node, before: Node | null): void;
}

/** Moving keeps visible state (scroll positions, frames, animations) in browsers that know how. */
export const put = (parent: Element, node: Node, before: Node | null): void =>
  keepSelection(node, () => {
    const { moveBefore } = Object.getPrototypeOf(parent) as Moving;
    if (moveBefore && read(parent, "isConnected") && read(node, "isConnected"))
      moveBefore.call(parent, node, before);
    else invoke(parent, "insertBefore", node, before);
  });

/**
 * Positions in a longest run of growing numbers, of those that are not below zero: those need not be moved.
 * @param fixed a position that is one of them, -1 for none
 */
export function staying(all: readonly number[], fixed: number): Set<number> {
  const own = all[fixed] ?? -1;
  const numbers = all.map((number, at) => (at === fixed || (number - own) * (at - fixed) > 0 ? number : -1));
  const ends: number[] = [];
  const previous: number[] = [];
  numbers.forEach((number, index) => {
    if (number < 0) return;
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
