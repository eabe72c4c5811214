/** Keys by which morphdom finds the node of the page that one which comes goes on as. */

export interface Keys {
  /** Forgets all; nodes that are asked for until `root` itself are of the page, and get a key each. */
  begin(root: Element): void;
  of(node: Node): number | undefined;
  /**
   * Gives a new node the key of the one that it goes on as.
   * @returns false if that has none, because it is not in the element that morphdom works on
   */
  inherit(own: Node, node: Node): boolean;
}

export function createKeys(): Keys {
  const keys = new Map<Node, number>();
  let root: Element | undefined;
  return {
    begin(to) {
      root = to;
      keys.clear();
    },
    of(node) {
      if (node === root) root = undefined;
      else if (root) keys.set(node, keys.size + 1);
      return keys.get(node);
    },
    inherit(own, node) {
      const key = keys.get(own);
      if (key) keys.set(node, key);
      return !!key;
    },
  };
}
