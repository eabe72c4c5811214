/** Changing a stream's items: one way on both sides, so that a page is painted as its client would have it. */

/** Items in order, with their ids. An empty id tells nothing. */
export interface Keyed<T> {
  readonly keys: string[];
  readonly items: T[];
  /** Items that have an id, by it. */
  readonly there: Map<string, T>;
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
 * @param make an item of what came for it; `old` is the one that has its id, or had it before this message
 * @param gone what this message took away, by id; what it replaced and what had no id, by itself
 */
export function applyChange<T, Item>(
  { keys, items, there }: Keyed<T>,
  { i: block = [], a: at = -1, l: limit = 0, u: known, d: deleted = [], r: reset }: AnyChange<Item>,
  make: (item: Item, old: T | undefined) => T,
  gone: Map<unknown, T>,
): void {
  const take = (from: number, count: number) => {
    const ids = keys.splice(from, count);
    items.splice(from, count).forEach((item, index) => {
      there.delete(ids[index] as string);
      gone.set(ids[index] || item, item);
    });
  };
  if (reset) take(0, keys.length);
  for (const id of deleted) if (there.has(id)) take(keys.indexOf(id), 1);
  let to = at < 0 ? keys.length : at;
  for (const [id, item] of block) {
    const isThere = there.has(id);
    const old = (isThere ? there : gone).get(id);
    const next = make(item, old);
    if (old !== undefined && next !== old) {
      gone.delete(id);
      gone.set(old, old);
    }
    if (isThere) {
      if (next !== old) items[keys.indexOf(id)] = next;
    } else if (known) {
      gone.set(id, next);
      continue;
    } else {
      keys.splice(to, 0, id);
      items.splice(to++, 0, next);
    }
    if (id) there.set(id, next);
  }
  if (limit > 0) take(limit, keys.length);
  else if (limit) take(0, keys.length + limit);
}
