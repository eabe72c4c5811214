/** Preloading: rows get the rows that are associated with them, in as few statements as there can be. */
import { RepoError } from "./repo-error.ts";
import { copy, keyOf, type OwnRow, type Row, show } from "./rows.ts";

export type PreloadTree = { readonly [name: string]: true | PreloadTree | undefined };

/** Options of a table as they are at run time: their types are those of the contract. */
export interface TableInfo {
  /** Null of a table without one. */
  readonly key: string | null;
  /** Columns by their names, if `isJoined` holds for associations with the table. */
  readonly columns?: { readonly [name: string]: unknown };
  readonly belongsTo?: { readonly [name: string]: Reference };
  readonly hasOne?: { readonly [name: string]: Reference };
  readonly hasMany?: { readonly [name: string]: Reference };
}
export interface Reference {
  readonly table: string;
  readonly by: string;
  readonly onDelete?: "cascade" | "setNull";
}

/** Rows of a table that belong to a row: they have the same value in a column. */
export interface Association {
  readonly table: string;
  readonly own: string;
  readonly other: string;
  readonly isList: boolean;
}
/** An association that is read along with the rows that have it. */
export interface Join extends Association {
  readonly name: string;
  readonly joins: readonly Join[];
}

/** The repo whose rows are preloaded. */
interface Source {
  info(table: string): TableInfo;
  /** Tells if an association is read along with the rows of a table. */
  isJoined(table: string, association: Association): boolean;
  /** Reads rows with their own associations. */
  read(table: string, where: Row, preload: PreloadTree): Promise<OwnRow[]>;
}

/** Columns of a statement: PostgreSQL refuses to read more than 1,664. */
const MOST_COLUMNS = 1600;

const named = (references: { readonly [name: string]: Reference } = {}, name: string) =>
  Object.hasOwn(references, name) ? references[name] : undefined;

export class Preloader {
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  #association(table: string, name: string): Association | undefined {
    const { key, belongsTo, hasOne, hasMany } = this.#source.info(table);
    const reference = named(belongsTo, name);
    if (reference) {
      const other = this.#source.info(reference.table).key ?? "id";
      return { table: reference.table, own: reference.by, other, isList: false };
    }
    const one = named(hasOne, name);
    const has = one ?? named(hasMany, name);
    return has && { table: has.table, own: key ?? "id", other: has.by, isList: !one };
  }

  #width(table: string): number {
    return Object.keys(this.#source.info(table).columns ?? {}).length;
  }

  /** @returns the associations that are to be read along with the rows of a table, as many as a statement has columns for */
  joins(table: string, tree: PreloadTree): Join[] {
    let room = MOST_COLUMNS - this.#width(table);
    const joinsOf = (table: string, tree: PreloadTree): Join[] =>
      Object.entries(tree).flatMap(([name, inner]) => {
        const association = inner && this.#association(table, name);
        if (!association || !this.#source.isJoined(table, association)) return [];
        const width = this.#width(association.table);
        if (width > room) return [];
        room -= width;
        return [{ ...association, name, joins: inner === true ? [] : joinsOf(association.table, inner) }];
      });
    return joinsOf(table, tree);
  }

  /** Puts associations into rows that have these joins. @throws RepoError `not_evaluated` of a name that is none */
  async attach(
    table: string,
    rows: readonly OwnRow[],
    tree: PreloadTree,
    joins: readonly Join[],
  ): Promise<void> {
    for (const [name, inner] of Object.entries(tree)) {
      if (!inner) continue;
      const association = this.#association(table, name);
      if (!association) {
        const query = `preload(${show(table, tree)})`;
        const reason = `${name} is no association of ${table}`;
        throw new RepoError("not_evaluated", `${query} cannot be evaluated: ${reason}.`, { table });
      }
      const preload = inner === true ? {} : inner;
      const join = joins.find((join) => join.name === name);
      if (!join) await this.#read(rows, name, association, preload);
      else {
        const joined = rows.map((row) => row[name] as OwnRow | null).filter((row) => row !== null);
        await this.attach(association.table, joined, preload, join.joins);
      }
    }
  }

  async #read(rows: readonly OwnRow[], name: string, association: Association, preload: PreloadTree) {
    const { table, own, other, isList } = association;
    const known = rows.filter((row) => row[own] != null);
    const values = [...new Map(known.map((row) => [keyOf(row[own]), row[own]])).values()];
    const found =
      values.length > 0 ? await this.#source.read(table, { [other]: { in: values } }, preload) : [];
    // Names are checked even if there is nothing to read.
    if (values.length === 0) await this.attach(table, [], preload, []);
    const groups = new Map<string, Row[]>();
    for (const row of found) {
      const key = keyOf(row[other]);
      const group = groups.get(key);
      if (group) group.push(row);
      else groups.set(key, [row]);
    }
    for (const row of rows) {
      const all = row[own] == null ? undefined : groups.get(keyOf(row[own]));
      // Two rows share none of their associations, so that changing one changes nothing of another.
      const group = (all ?? []).map(copy);
      row[name] = isList ? group : (group[0] ?? null);
    }
  }
}
