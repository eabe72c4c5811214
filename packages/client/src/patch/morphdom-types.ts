/** Options of the client's copy of morphdom: see its documentation. */

/** Gives an element the attributes of another. */
export type MorphAttributes = (from: Element, to: Element) => void;

export interface MorphOptions {
  childrenOnly: boolean;
  /** Key that a node of the page shares with the one that goes on as it. */
  getNodeKey(node: Node): number | undefined;
  /** Tells if children are not to be walked side by side: their order is brought about before. */
  skipFromChildren(from: Element, to: Element): boolean;
  onBeforeElUpdated(from: Element, to: Element): boolean;
  /** Is asked before a node is added; `false` leaves it out. */
  onBeforeNodeAdded(node: Node): false | undefined;
  addChild(parent: Element, child: ChildNode): void;
  /** Puts an element of the page in the place of one that has been added. */
  replaceChild(own: Element, instead: Element): void;
  onBeforeNodeDiscarded(node: Node): boolean;
}

export type Morphdom = (from: Element, to: Element, options: MorphOptions) => void;
