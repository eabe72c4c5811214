/**
 * Elements that stand in the page where their view's tree has none, on their way out or shown there from another place:
 * patches of what is around them leave them alone.
 */
export const untracked: WeakSet<Node> = new WeakSet();
