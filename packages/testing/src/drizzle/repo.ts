/** A repo over PostgreSQL by Drizzle: the contract that a store in memory has in tests, in production. */
import {
  and,
  asc,
  desc,
  eq,
  getTableColumns,
  getTableName,
  gt,
  gte,
  ilike,
  inArray,
  isNotNull,
  isNull,
  like,
  lt,
  lte,
  ne,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import type { PgColumn, PgDatabase, PgQueryResultHKT, PgTable } from "drizzle-orm/pg-core";
import { type AnyOf, BaseRepo, operatorsOf, type Selection } from "../repo/base-repo.ts";
import type {
  Associations,
  ColumnsOf,
  QueryArgs,
  QueryName,
  QueryResult,
  Repo,
  RowOf,
} from "../repo/contract.ts";
import type { Association, Join, TableInfo } from "../repo/preload.ts";
import { RepoError, type RepoErrorCode } from "../repo/repo-error.ts";
import type { OwnRow, Row } from "../repo/rows.ts";
import type { Scope } from "../repo/scope.ts";
import { areComparable, planJoins, uniqueColumns } from "./joins.ts";
import { insideOf } from "./open-transactions.ts";
import { hideValues } from "./query-errors.ts";

/** Drizzle's database over PostgreSQL or PGlite, or a transaction in one. */
export interface DrizzlePg
  extends Pick<
    PgDatabase<PgQueryResultHKT>,
    "select" | "insert" | "update" | "delete" | "execute" | "$count"
  > {
  transaction<R>(run: (db: DrizzlePg) => Promise<R>): Promise<R>;
}

export interface DrizzleRepoOptions<S, Q> {
  readonly associations?: { readonly [T in keyof S]?: Associations<S, RowOf<S, T>> };
  /** Queries of the application, by name. The database that they get is that of the caller's transaction. */
  readonly queries?: {
    readonly [N in QueryName<Q>]?: (
      db: DrizzlePg,
      ...args: QueryArgs<Q, N>
    ) => QueryResult<Q, N> | Promise<QueryResult<Q, N>>;
  };
}

interface DrizzleInfo extends TableInfo {
  readonly table: PgTable;
  readonly columns: { readonly [name: string]: PgColumn };
  readonly unique: ReadonlySet<string>;
}
type Queries = { readonly [name: string]: ((db: DrizzlePg, ...args: unknown[]) => unknown) | undefined };

const TESTS: { readonly [operator: string]: (column: PgColumn, operand: unknown) => SQL } = {
  equal: (column, operand) => (operand === null ? isNull(column) : eq(column, operand)),
  not: (column, operand) => (operand === null ? isNotNull(column) : ne(column, operand)),
  in: (column, operand) => inArray(column, operand as unknown[]),
  gt,
  gte,
  lt,
  lte,
  like: (column, operand) => like(column, String(operand)),
  ilike: (column, operand) => ilike(column, String(operand)),
};
const CODES: { readonly [state: string]: RepoErrorCode | undefined } = {
  "23505": "not_unique",
  "23503": "no_reference",
};

/** Parts of a driver's error that PostgreSQL fills in. */
interface PgError {
  readonly code?: string;
  readonly detail?: string;
  readonly table?: string;
  /** The name that postgres.js has for it. */
  readonly table_name?: string;
}

class DrizzleRepo extends BaseRepo<DrizzlePg, DrizzleInfo> {
  protected override readonly isSerial = false;
  readonly #db: DrizzlePg;
  readonly #infos: ReadonlyMap<string, DrizzleInfo>;
  readonly #queries: Queries;

  constructor(db: DrizzlePg, infos: ReadonlyMap<string, DrizzleInfo>, queries: Queries) {
    super(db, infos);
    this.#db = db;
    this.#infos = infos;
    this.#queries = queries;
  }

  #column(table: string, name: string): PgColumn {
    const column = this.info(table).columns[name];
    if (column) return column;
    throw new TypeError(`${table} has no column ${name}.`);
  }

  #where(table: string, where: AnyOf): SQL | undefined {
    const all = where.map((conditions) => {
      const tests = Object.entries(conditions).flatMap(([name, condition]) =>
        operatorsOf(condition).map(([operator, value]) =>
          TESTS[operator]?.(this.#column(table, name), value),
        ),
      );
      return and(...tests) ?? sql`true`;
    });
    return or(...all) ?? sql`false`;
  }

  protected override isJoined(table: string, { table: from, own, other, isList }: Association): boolean {
    const { columns, unique } = this.info(from);
    return !isList && unique.has(other) && areComparable(this.info(table).columns[own], columns[other]);
  }

  protected override async select(
    db: DrizzlePg,
    table: string,
    where: AnyOf,
    query: Selection,
    joins: readonly Join[],
  ): Promise<OwnRow[]> {
    const order = Object.entries(query.orderBy ?? {}).flatMap(([name, direction]) => {
      const column = this.#column(table, name);
      return direction ? [direction === "desc" ? desc(column) : asc(column)] : [];
    });
    const { table: main, columns } = this.info(table);
    const { fields, joined, rowOf } = planJoins(columns, joins, (name) => this.info(name).table);
    const selecting = db.select(fields).from(main).where(this.#where(table, where)).$dynamic();
    for (const { table, on } of joined) selecting.leftJoin(table, on);
    if (order.length > 0) selecting.orderBy(...order);
    if (query.limit !== undefined) selecting.limit(query.limit);
    if (query.offset) selecting.offset(query.offset);
    return (await selecting).map(rowOf);
  }

  protected override countRows(db: DrizzlePg, table: string, where: AnyOf): Promise<number> {
    return Promise.resolve(db.$count(this.info(table).table, this.#where(table, where)));
  }

  protected override insertRows({ store }: Scope<DrizzlePg>, table: string, rows: readonly Row[]) {
    const inserting = store
      .insert(this.info(table).table)
      .values([...rows])
      .returning();
    return this.#translate(table, inserting);
  }

  protected override updateRows({ store }: Scope<DrizzlePg>, table: string, where: AnyOf, changes: Row) {
    const updating = store.update(this.info(table).table).set(changes).where(this.#where(table, where));
    return this.#translate(table, updating.returning());
  }

  protected override deleteRows({ store }: Scope<DrizzlePg>, table: string, where: AnyOf) {
    const deleting = store.delete(this.info(table).table).where(this.#where(table, where));
    return this.#translate(table, deleting.returning());
  }

  protected override inTransaction<R>({ store }: Scope<DrizzlePg>, run: (db: DrizzlePg) => Promise<R>) {
    const join = <R>(run: (db: DrizzlePg) => Promise<R>) => this.statement(({ store }) => run(store));
    return store.transaction((db) => insideOf(this.#db, join, () => run(db)));
  }

  protected override async runQuery(name: string, args: readonly unknown[]): Promise<unknown> {
    const run = Object.hasOwn(this.#queries, name) ? this.#queries[name] : undefined;
    if (!run) throw this.missing(name, args, `queries of drizzleRepo has no ${name}`);
    return this.statement(({ store }) => run(store, ...args), true);
  }

  protected override hideValues(error: unknown): void {
    hideValues(error);
  }

  /** Gives refusals of the database the codes of a repo. */
  async #translate(table: string, statement: PromiseLike<unknown[]>): Promise<Row[]> {
    try {
      return (await statement) as Row[];
    } catch (error) {
      const cause = (error instanceof Error && error.cause ? error.cause : error) as PgError;
      const code = CODES[cause.code ?? ""];
      if (!code) throw error;
      throw this.#refusal(code, table, cause);
    }
  }

  #refusal(code: RepoErrorCode, table: string, cause: PgError): RepoError {
    const { detail = "" } = cause;
    const message = `${table} was refused: ${detail}`;
    const [own] =
      [...this.#infos].find(([, info]) => getTableName(info.table) === (cause.table ?? cause.table_name)) ??
      [];
    if (own !== undefined && own !== table) {
      const references = [...this.referencesTo(table)].filter(([from]) => from === own);
      const columns = references.length === 1 ? references.map(([, { by }]) => by) : [];
      return new RepoError("still_referenced", message, { table: own, columns, cause });
    }
    const names = /^Key \((.+?)\)=/.exec(detail)?.[1]?.replaceAll('"', "").split(", ") ?? [];
    const all = Object.entries(this.info(table).columns);
    const columns = names.map((name) => all.find(([, column]) => column.name === name)?.[0] ?? name);
    // A row of its own table may refer to the one that is deleted.
    const isReferred = code === "no_reference" && detail.includes("is still referenced");
    return new RepoError(isReferred ? "still_referenced" : code, message, { table, columns, cause });
  }
}

/**
 * A repo over PostgreSQL, or PGlite, by Drizzle's tables.
 * @example
 * const repo = drizzleRepo<Schema>(db, { users, posts }, {
 *   associations: { posts: { belongsTo: { author: { table: "users", by: "authorId" } } } },
 * });
 */
export function drizzleRepo<S, Q = {}>(
  db: DrizzlePg,
  tables: { readonly [T in keyof S]: PgTable & { readonly $inferSelect: ColumnsOf<S, RowOf<S, T>> } },
  { associations = {}, queries = {} }: DrizzleRepoOptions<S, Q> = {},
): Repo<S, Q> & {
  /** Runs a test in a transaction that is undone. A statement in it that fails is undone alone. */
  rolledBack(run: () => unknown): Promise<void>;
} {
  const given = associations as { readonly [table: string]: Omit<TableInfo, "key"> | undefined };
  const infos = Object.entries<PgTable>(tables).map(([name, table]) => {
    const columns: { readonly [name: string]: PgColumn } = getTableColumns(table);
    const keys = Object.entries(columns).filter(([, column]) => column.primary);
    const key = keys.length === 1 ? keys[0]![0] : null;
    const unique = uniqueColumns(table, columns, key);
    return [name, { ...given[name], key, table, columns, unique } satisfies DrizzleInfo] as const;
  });
  // Types are the contract's; at run time rows are objects and tables have names.
  return new DrizzleRepo(db, new Map(infos), queries as Queries) as unknown as Repo<S, Q> &
    Pick<DrizzleRepo, "rolledBack">;
}
