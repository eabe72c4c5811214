/** Changes that are shown before they are certain, and taken back where they cannot be kept. */

const rolledBack = new WeakSet<object>();

/** Whether this error has made an optimistic change be taken back: the view's state is good, so it need not end. */
export const isRolledBack = (error: unknown): boolean =>
  typeof error === "object" && error !== null && rolledBack.has(error);

/** Copies what may be changed in place; an object of a class of its own stays the same one. */
function copyOf(value: unknown, copies: Map<object, unknown>): unknown {
  if (typeof value !== "object" || value === null) return value;
  const known = copies.get(value);
  if (known) return known;
  const keep = <T>(copy: T): T => {
    copies.set(value, copy);
    return copy;
  };
  if (Array.isArray(value)) {
    const copy: unknown[] = keep([]);
    for (const item of value) copy.push(copyOf(item, copies));
    return copy;
  }
  if (value instanceof Map) {
    const copy = keep(new Map());
    for (const [key, item] of value) copy.set(key, copyOf(item, copies));
    return copy;
  }
  if (value instanceof Set) {
    const copy = keep(new Set());
    for (const item of value) copy.add(copyOf(item, copies));
    return copy;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const copy: Record<string, unknown> = keep(Object.create(prototype as object | null));
  for (const [key, item] of Object.entries(value)) copy[key] = copyOf(item, copies);
  return copy;
}

/** Remembers the data fields of a view; what is returned puts them back, and takes away those that are new. */
export function snapshot(view: object): () => void {
  const copies = new Map<object, unknown>();
  const before = Object.entries(view)
    .filter(([, value]) => typeof value !== "function")
    .map(([name, value]) => [name, copyOf(value, copies)] as const);
  const names = new Set(Object.keys(view));
  return () => {
    for (const name of Object.keys(view)) if (!names.has(name)) Reflect.deleteProperty(view, name);
    for (const [name, value] of before) (view as Record<string, unknown>)[name] = value;
  };
}

/** Marks what a commit threw; what is no object is wrapped, so that it can be told. */
export function rollBack(error: unknown): object {
  const thrown =
    typeof error === "object" && error !== null ? error : new Error(String(error), { cause: error });
  rolledBack.add(thrown);
  return thrown;
}
