/** Elements that stand in the page where their view's tree has none: on their way out, or shown there from elsewhere. */

/** Keys that nothing a server renders can have. */
const keys = new WeakMap<Node, string>();
let count = 0;

/** The key by which a patch tells a guest from all others; undefined for what is none. */
export const guestKey = (node: Node): string | undefined => keys.get(node);

/** @param key that of the element in the page which the node stands for in a patch */
export const makeGuest = (node: Node, key: string = `\0${count++}`): void => void keys.set(node, key);

export const unmakeGuest = (node: Node): void => void keys.delete(node);
