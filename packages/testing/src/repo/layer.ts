/** Rows that a transaction has written, over those that were there. */
import type { Row } from "./rows.ts";

type Entry = Row | number | undefined;

/**
 * Rows of tables, and entries of their unique indexes, over those of another layer: a transaction writes into a layer of its own, which is
 * merged when it ends well and forgotten otherwise. Rows in it are never changed, only replaced.
 */
export class Layer {
  readonly #base: Layer | undefined;
  readonly #tables = new Map<string, Map<unknown, Entry>>();

  constructor(base?: Layer) {
    this.#base = base;
  }

  get(table: string, id: unknown): Entry {
    const own = this.#tables.get(table);
    return own?.has(id) ? own.get(id) : this.#base?.get(table, id);
  }

  /** Undefined takes the entry away. */
  set(table: string, id: unknown, entry: Entry): void {
    let own = this.#tables.get(table);
    if (!own) this.#tables.set(table, (own = new Map()));
    if (entry === undefined && !this.#base) own.delete(id);
    else own.set(id, entry);
  }

  /** Entries of a table in the order in which they came. */
  all(table: string): ReadonlyMap<unknown, Entry> {
    const own = this.#tables.get(table);
    const below = this.#base?.all(table);
    if (!own || !below) return own ?? below ?? new Map();
    const merged = new Map(below);
    for (const [id, entry] of own) {
      if (entry === undefined) merged.delete(id);
      else merged.set(id, entry);
    }
    return merged;
  }

  /** Writes all into the layer below. */
  merge(): void {
    for (const [table, entries] of this.#tables)
      for (const [id, entry] of entries) this.#base?.set(table, id, entry);
  }
}
