/** Pairs of elements to morph, and the answers of the patcher about them. */
import type { Portals } from "./portals.ts";

/** An element of the page, and its new state. */
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
  /** Tells if the content of an element is not to be touched; undefined if not yet. */
  isClosed(el: Element): boolean | undefined;
  /** Elements that are not as the tree has them, with true if their content is recognised as the tree's. */
  readonly skipped: ReadonlyMap<Element, boolean>;
  skip(el: Element, known: boolean): void;
  /** Is asked before an element takes the attributes and the children of another; `false` leaves it alone. */
  before(from: Element, to: Element): boolean;
  /** Takes a node away, at once or by its transition. */
  discard(node: ChildNode): void;
}
