/** A store of rows in memory, and the options of its tables. */
import { type AnyOf, BaseRepo, operatorsOf, type Selection } from "./base-repo.ts";
import { matcher, takeRows } from "./conditions.ts";
import type {
  Associations,
  ColumnOf,
  NewRow,
  QueryArgs,
  QueryName,
  QueryResult,
  Repo,
  RowOf,
} from "./contract.ts";
import { Layer } from "./layer.ts";
import type { TableInfo } from "./preload.ts";
import { RepoError } from "./repo-error.ts";
import { copy, keyOf, type OwnRow, type Row, show } from "./rows.ts";
import type { Scope } from "./scope.ts";

type OptionalKey<New> = { [K in keyof New]-?: {} extends Pick<New, K> ? K : never }[keyof New];
/** Columns that an insert may omit, but for a numeric `id`, which is counted. */
type DefaultName<S, T extends keyof S> = Exclude<
  OptionalKey<NewRow<S, T>>,
  RowOf<S, T> extends { id: number } ? "id" : never
> &
  keyof RowOf<S, T>;
type DefaultsOf<Row> = { readonly [K in keyof Row]: Row[K] | (() => Row[K]) };

type KeyOption<S, Row> = Row extends { id: unknown }
  ? { readonly key?: ColumnOf<S, Row> }
  : { readonly key: ColumnOf<S, Row> | null };
type DefaultOption<S, T extends keyof S> = [DefaultName<S, T>] extends [never]
  ? { readonly defaults?: Partial<DefaultsOf<RowOf<S, T>>> }
  : { readonly defaults: DefaultsOf<Pick<RowOf<S, T>, DefaultName<S, T>>> };
/** Options of a table in a memory repo. */
export type MemoryTable<S, T extends keyof S> = Associations<S, RowOf<S, T>> &
  KeyOption<S, RowOf<S, T>> &
  DefaultOption<S, T> & {
    /** Columns, or groups of columns, that no two rows have alike. Null is like nothing. */
    readonly unique?: readonly (ColumnOf<S, RowOf<S, T>> | readonly ColumnOf<S, RowOf<S, T>>[])[];
  };

export interface MemoryRepoOptions<S, Q> {
  /** All tables of the schema. */
  readonly tables: { readonly [T in keyof S]: MemoryTable<S, T> };
  /** Functions in place of the queries that a memory repo cannot evaluate, by name. */
  readonly fallback?: {
    readonly [N in QueryName<Q>]?: (
      repo: Repo<S, Q>,
      ...args: QueryArgs<Q, N>
    ) => QueryResult<Q, N> | Promise<QueryResult<Q, N>>;
  };
}

interface MemoryInfo extends TableInfo {
  readonly defaults: { readonly [column: string]: unknown };
  readonly unique: readonly (readonly string[])[];
}
type Fallback = { readonly [name: string]: ((...args: unknown[]) => unknown) | undefined };

const indexOf = (table: string, columns: readonly string[]) => JSON.stringify([table, columns]);
/** @returns nothing if a value is null: it is like no other */
function indexKey(row: Row, columns: readonly string[]): string | undefined {
  const values = columns.map((column) => row[column]);
  if (values.some((value) => value == null)) return undefined;
  return JSON.stringify(values.map(keyOf));
}

class MemoryRepo extends BaseRepo<Layer, MemoryInfo> {
  protected override readonly isSerial = true;
  readonly #fallback: Fallback;
  /** Last numeric keys. As the sequences of a database they are not undone. */
  readonly #counted = new Map<string, number>();
  #lastRow = 0;

  constructor(tables: ReadonlyMap<string, MemoryInfo>, fallback: Fallback) {
    super(new Layer(), tables);
    this.#fallback = fallback;
  }

  /** Internal numbers of the rows for which a condition holds, and the rows. */
  #find(layer: Layer, table: string, where: AnyOf): [id: number, row: Row][] {
    const matches = matcher(where);
    const ids = this.#indexed(layer, table, where);
    if (ids) {
      const rows = ids.map((id) => [id, layer.get(table, id)] as [number, Row]);
      return rows.filter(([, row]) => matches(row));
    }
    const all = layer.all(table) as ReadonlyMap<number, Row>;
    return [...all].filter(([, row]) => matches(row));
  }

  /** @returns numbers of the rows that an index has for a condition with a value, or values, of its columns */
  #indexed(layer: Layer, table: string, where: AnyOf): number[] | undefined {
    const [only] = where;
    if (!only || where.length > 1) return undefined;
    for (const columns of this.info(table).unique) {
      const index = indexOf(table, columns);
      const [[operator, operand] = []] = operatorsOf(only[columns[0] as string]);
      const isList = operator === "in" && columns.length === 1;
      const values = isList
        ? (operand as unknown[]).map((value) => ({ [columns[0] as string]: value }))
        : [only];
      const isEqual = columns.every((column) => operatorsOf(only[column])[0]?.[0] === "equal");
      const keys = isList || isEqual ? values.map((row) => indexKey(row, columns)) : [undefined];
      if (!isList && keys[0] === undefined) continue;
      const ids = new Set(keys.map((key) => key && (layer.get(index, key) as number | undefined)));
      return [...ids].filter((id) => typeof id === "number").sort((a, b) => a - b);
    }
    return undefined;
  }

  /** Puts a row in place of another, or of none. */
  #put(layer: Layer, table: string, id: number, row: Row | undefined): void {
    const { unique } = this.info(table);
    const former = layer.get(table, id) as Row | undefined;
    for (const columns of unique) {
      const index = indexOf(table, columns);
      const [before, after] = [former && indexKey(former, columns), row && indexKey(row, columns)];
      if (before === after) continue;
      if (before !== undefined) layer.set(index, before, undefined);
      if (after === undefined) continue;
      if (layer.get(index, after) !== undefined) {
        const taken = columns.map((column) => `${column} ${show(row?.[column])}`).join(" and ");
        throw new RepoError("not_unique", `${table} has a row with ${taken} already.`, { table, columns });
      }
      layer.set(index, after, id);
    }
    layer.set(table, id, row);
  }

  /** Checks that rows refer to rows that are there. */
  #checkReferences(layer: Layer, table: string, rows: readonly Row[]): void {
    for (const { table: other, by } of Object.values(this.info(table).belongsTo ?? {}))
      for (const { [by]: value } of rows) {
        if (value == null || this.#hasKey(layer, other, value)) continue;
        const message = `${table}.${by} refers to ${show(value)}, which ${other} does not have.`;
        throw new RepoError("no_reference", message, { table, columns: [by] });
      }
  }

  #hasKey(layer: Layer, table: string, value: unknown): boolean {
    const { key } = this.info(table);
    return key !== null && this.#find(layer, table, [{ [key]: value }]).length > 0;
  }

  /** Runs a statement, which does all or nothing. */
  #write<R>(scope: Scope<Layer>, run: (layer: Layer) => R): R {
    const layer = new Layer(scope.store);
    const result = run(layer);
    layer.merge();
    return result;
  }

  protected override select(layer: Layer, table: string, where: AnyOf, query: Selection): OwnRow[] {
    const found = this.#find(layer, table, where).map(([, row]) => row);
    return takeRows(found, query).map(copy);
  }

  protected override countRows(layer: Layer, table: string, where: AnyOf): number {
    return this.#find(layer, table, where).length;
  }

  #complete(table: string, given: Row): Row {
    const { key, defaults } = this.info(table);
    const row: Record<string, unknown> = {};
    for (const [column, value] of Object.entries(defaults))
      row[column] = given[column] === undefined && typeof value === "function" ? value() : value;
    for (const [column, value] of Object.entries(given)) if (value !== undefined) row[column] = value;
    if (key === null) return copy(row);
    const counted = this.#counted.get(table) ?? 0;
    const { [key]: own = counted + 1 } = row;
    if (typeof own === "number") this.#counted.set(table, Math.max(counted, own));
    return copy({ [key]: own, ...row });
  }

  protected override insertRows(scope: Scope<Layer>, table: string, given: readonly Row[]): Row[] {
    const rows = given.map((row) => this.#complete(table, row));
    this.#write(scope, (layer) => {
      for (const row of rows) this.#put(layer, table, ++this.#lastRow, row);
      this.#checkReferences(layer, table, rows);
    });
    return rows.map(copy);
  }

  protected override updateRows(scope: Scope<Layer>, table: string, where: AnyOf, given: Row): Row[] {
    const rows = this.#write(scope, (layer) => this.#change(layer, table, where, given));
    return rows.map(copy);
  }

  #change(layer: Layer, table: string, where: AnyOf, given: Row): Row[] {
    const rows = this.#find(layer, table, where).map(([id, row]) => {
      const changed = { ...row, ...copy(given) };
      this.#put(layer, table, id, changed);
      return changed;
    });
    this.#checkReferences(layer, table, rows);
    return rows;
  }

  protected override deleteRows(scope: Scope<Layer>, table: string, where: AnyOf): Row[] {
    return this.#write(scope, (layer) => this.#remove(layer, table, where)).map(copy);
  }

  #remove(layer: Layer, table: string, where: AnyOf): Row[] {
    const { key } = this.info(table);
    const found = this.#find(layer, table, where);
    for (const [id] of found) this.#put(layer, table, id, undefined);
    if (key === null || found.length === 0) return found.map(([, row]) => row);
    const keys = found.map(([, row]) => row[key]);
    for (const [from, { by, onDelete }] of this.referencesTo(table)) {
      const referring = [{ [by]: { in: keys } }];
      if (onDelete === "cascade") this.#remove(layer, from, referring);
      else if (onDelete === "setNull") this.#change(layer, from, referring, { [by]: null });
      else if (this.#find(layer, from, referring).length > 0) {
        const message = `A row of ${table} cannot be deleted, as ${from}.${by} refers to it.`;
        throw new RepoError("still_referenced", message, { table: from, columns: [by] });
      }
    }
    return found.map(([, row]) => row);
  }

  protected override async inTransaction<R>(
    { store }: Scope<Layer>,
    run: (layer: Layer) => Promise<R>,
  ): Promise<R> {
    const layer = new Layer(store);
    const result = await run(layer);
    layer.merge();
    return result;
  }

  protected override async runQuery(name: string, args: readonly unknown[]): Promise<unknown> {
    const run = Object.hasOwn(this.#fallback, name) ? this.#fallback[name] : undefined;
    if (run) return run(this, ...args);
    throw this.missing(name, args, `fallback of memoryRepo has no ${name}`);
  }
}

/**
 * A store of rows in memory, for tests without a database. It keeps unique columns and references as a database does.
 * @example
 * const repo = memoryRepo<{ users: User; posts: Post }>({
 *   tables: {
 *     users: { unique: ["email"] },
 *     posts: { belongsTo: { author: { table: "users", by: "authorId" } } },
 *   },
 * });
 * await repo.insert("users", { name: "Ann", email: "ann@example.com" });
 */
export function memoryRepo<S, Q = {}>({ tables, fallback = {} }: MemoryRepoOptions<S, Q>): Repo<S, Q> {
  // Types are the contract's; at run time rows are objects and tables have names.
  type Given = Partial<Omit<MemoryInfo, "unique">> & {
    readonly unique?: readonly (string | readonly string[])[];
  };
  const infos = Object.entries(tables as { readonly [table: string]: Given }).map(([table, given]) => {
    const { key = "id", unique = [], defaults = {} } = given;
    const groups = unique.map((each) => (typeof each === "string" ? [each] : each));
    const info: MemoryInfo = { ...given, key, defaults, unique: key === null ? groups : [[key], ...groups] };
    return [table, info] as const;
  });
  return new MemoryRepo(new Map(infos), fallback as Fallback) as unknown as Repo<S, Q>;
}
