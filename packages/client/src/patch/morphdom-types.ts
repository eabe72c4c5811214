/** Options of the client's copy of morphdom: see its documentation. */

/** Gives an element the attributes of another. */
export type MorphAttributes = (from: Element, to: Element) => void;

export interface MorphOptions {
  readonly childrenOnly: boolean;
  /** The node of the page that a new one is to go on as. */
  getNodeKey(node: Node): Node | undefined;
  onBeforeElUpdated(from: Element, to: Element): boolean;
  onBeforeElChildrenUpdated(from: Element, to: Element): undefined;
  skipFromChildren(from: Element, to: Element): void;
  addChild(parent: Element, child: ChildNode): void;
}

export type Morphdom = (from: Element, to: Element, options: MorphOptions) => void;
