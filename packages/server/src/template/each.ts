/** Keyed lists. */
import type { Child } from "./html.ts";

/** What tells an item from the others of its list. */
export type Key = string | number | bigint;

/** A list that is evaluated when it is rendered. */
export class Each {
  readonly items: Iterable<unknown>;
  readonly key: (item: unknown, index: number) => Key;
  readonly render: (item: unknown, index: number) => Child;
  constructor(items: Iterable<unknown>, key: Each["key"], render: Each["render"]) {
    this.items = items;
    this.key = key;
    this.render = render;
  }
}

/**
 * A list whose items keep their elements: where an item moves, its element moves.
 * @param key what tells an item from the others, the same from one render to the next
 * @example each(this.todos, (todo) => todo.id, (todo) => html`<li>${todo.text}</li>`)
 */
export const each = <T>(items: Iterable<T>, key: (item: T, index: number) => Key, render: (item: T, index: number) => Child): Each =>
  new Each(items, key as Each["key"], render as Each["render"]);
