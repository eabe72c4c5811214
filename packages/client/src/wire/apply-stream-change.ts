/** Changing a stream's items: one way on both sides, so that a page is painted as its client would have it. */

/** Identifies an item among the others: its id, or a symbol if it has none. */
export type StreamKey = string | symbol;

/** Items by their keys, and their order. */
export interface Keyed<T> {
  readonly keys: StreamKey[];
  readonly there: Map<StreamKey, T>;
}

/** A change with all that any may have. */
interface AnyChange<Item> {
  readonly i?: readonly (readonly [id: string, item: Item])[];
  readonly a?: number;
  readonly l?: number;
  readonly u?: 1;
  readonly d?: readonly string[];
  readonly r?: 1;
}

/**
 * Makes a change.
 * @param make an item of its message; `old` is the one that has its id, or had it before this message
 * @param gone receives items that this message took away, by key, and items that it replaced, by themselves
 */
export function applyChange<T, Item>(
  { keys, there }: Keyed<T>,
  { i: block = [], a: at = -1, l: limit = 0, u: known, d: deleted = [], r: reset }: AnyChange<Item>,
  make: (item: Item, old: T | undefined) => T,
  gone: Map<unknown, T>,
): void {
  const take = (from: number, count: number) => {
    for (const key of keys.splice(from, count)) {
      gone.set(key, there.get(key) as T);
      there.delete(key);
    }
  };
  if (reset) take(0, keys.length);
  for (const id of deleted) if (there.has(id)) take(keys.indexOf(id), 1);
  let to = at < 0 ? keys.length : at;
  for (const [id, item] of block) {
    const key = id || Symbol();
    const isThere = there.has(key);
    const old = (isThere ? there : gone).get(key);
    const next = make(item, old);
    if (old && next !== old) gone.set(old, old);
    if (known && !isThere) gone.set(key, next);
    else {
      there.set(key, next);
      if (!isThere) keys.splice(to++, 0, key);
    }
  }
  if (limit > 0) take(limit, keys.length);
  else if (limit) take(0, keys.length + limit);
}
