/** Changes that are shown before they are certain, and taken back if they cannot be kept. */

const rolledBack = new WeakSet<object>();

/**
 * Tells if the error has made an optimistic change be taken back: the view's state is good, so it need not
 * end.
 */
export const isRolledBack = (error: unknown): boolean =>
  typeof error === "object" && error !== null && rolledBack.has(error);

/** Copies values that may be changed in place; an object of a class of its own stays the same one. */
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

/** Tells if a value is unchanged since its copy was made. */
function isAs(copy: unknown, value: unknown, seen = new Set<unknown>()): boolean {
  if (Object.is(copy, value) || seen.has(copy)) return true;
  if (typeof copy !== "object" || copy === null || typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(copy);
  if (prototype !== Object.getPrototypeOf(value)) return false;
  const isPlain = prototype === Object.prototype || prototype === null;
  if (!isPlain && !(Array.isArray(copy) || copy instanceof Map || copy instanceof Set)) return false;
  seen.add(copy);
  const parts = (of: object) =>
    Symbol.iterator in of ? [...(of as Iterable<unknown>)] : Object.entries(of).flat();
  const [one, other] = [parts(copy), parts(value)];
  return one.length === other.length && one.every((part, index) => isAs(part, other[index], seen));
}

/** The data fields of a view, as they are at one time. */
export class Snapshot {
  readonly #view: Record<string, unknown>;
  readonly #fields = new Map<string, unknown>();

  constructor(view: object) {
    this.#view = view as Record<string, unknown>;
    const copies = new Map<object, unknown>();
    for (const [name, value] of Object.entries(view))
      if (typeof value !== "function") this.#fields.set(name, copyOf(value, copies));
  }

  /** Puts all fields back, and takes away those that are new. */
  restore(): void {
    for (const name of this.#names()) this.#restore(name);
  }

  /** Puts back the fields that have changed until `applied` and not since then. */
  restoreChanged(applied: Snapshot): void {
    for (const name of this.#names())
      if (!this.#has(name, applied.#fields.get(name)) && applied.#has(name, this.#view[name]))
        this.#restore(name);
  }

  #has(name: string, value: unknown): boolean {
    return isAs(this.#fields.get(name), value);
  }

  #names(): Set<string> {
    const now = Object.keys(this.#view).filter((name) => typeof this.#view[name] !== "function");
    return new Set([...this.#fields.keys(), ...now]);
  }

  #restore(name: string): void {
    if (this.#fields.has(name)) this.#view[name] = this.#fields.get(name);
    else Reflect.deleteProperty(this.#view, name);
  }
}

/** Marks the error of a commit; a primitive is wrapped, so that it can be told. */
export function rollBack(error: unknown): object {
  const thrown =
    typeof error === "object" && error !== null ? error : new Error(String(error), { cause: error });
  rolledBack.add(thrown);
  return thrown;
}
