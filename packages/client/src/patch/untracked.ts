/** Elements that stand in the page where their view's tree has none: on their way out, or shown there from elsewhere. */

const untracked = new WeakSet<Node>();

export const isUntracked = (node: Node): boolean => untracked.has(node);

export const markUntracked = (node: Node): void => void untracked.add(node);

export const unmarkUntracked = (node: Node): void => void untracked.delete(node);
