/** Keyed lists. */
import { type Child, Each, type Key } from "./nodes.ts";
import { wrongEach } from "./wrong-list.ts";

export { Each, type Key } from "./nodes.ts";

/**
 * A list whose items keep their elements: when an item moves, its element moves.
 * @param key identifies the item among the others, the same from one render to the next
 * @example each(this.todos, (todo) => todo.id, (todo) => html`<li>${todo.text}</li>`)
 */
export const each = <T>(
  items: Iterable<T>,
  key: (item: T, index: number) => Key,
  render: (item: T, index: number) => Child,
): Each =>
  // A wrong one is refused by the slot that holds it, whose error can name the place.
  (wrongEach(items, key, render) as unknown as Each | undefined) ??
  new Each(items, key as Each["key"], render as Each["render"]);
