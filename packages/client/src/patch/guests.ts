/** Elements that stand in the page where their view's tree has none: on their way out, or shown there from elsewhere. */

const guests = new WeakSet<Node>();

export const isGuest = (node: Node): boolean => guests.has(node);

export const makeGuest = (node: Node): void => void guests.add(node);

export const unmakeGuest = (node: Node): void => void guests.delete(node);
