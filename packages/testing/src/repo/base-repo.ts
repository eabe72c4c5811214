/** The common part of all repos, over a few statements that each has of its own. */
import { AsyncLocalStorage } from "node:async_hooks";
import { nearName } from "../errors/near-name.ts";
import {
  type Association,
  type Join,
  Preloader,
  type PreloadTree,
  type Reference,
  type TableInfo,
} from "./preload.ts";
import { RepoError } from "./repo-error.ts";
import { type OwnRow, type Row, show } from "./rows.ts";
import { Scope } from "./scope.ts";

/** Conditions of which one has to hold. */
export type AnyOf = readonly Row[];
export interface Selection {
  readonly preload?: PreloadTree;
  readonly orderBy?: { readonly [column: string]: "asc" | "desc" | undefined };
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
}

const OPERATORS = ["in", "not", "gt", "gte", "lt", "lte", "like", "ilike"];

/** Operators of a condition; a value is one of `equal`. */
export function operatorsOf(condition: unknown): [operator: string, value: unknown][] {
  const isPlain =
    typeof condition === "object" &&
    condition !== null &&
    Object.getPrototypeOf(condition) === Object.prototype;
  return isPlain ? Object.entries(condition) : [["equal", condition]];
}

export abstract class BaseRepo<Store, Info extends TableInfo> {
  readonly #tables: ReadonlyMap<string, Info>;
  readonly #root: Scope<Store>;
  readonly #preloader = new Preloader({
    info: (table) => this.info(table),
    isJoined: (table, association) => this.isJoined(table, association),
    read: (table, where, preload) => this.#read("preload", table, where, { preload }),
  });
  readonly #scopes = new AsyncLocalStorage<Scope<Store>>();

  constructor(store: Store, tables: ReadonlyMap<string, Info>) {
    this.#root = new Scope(store);
    this.#tables = tables;
  }

  protected abstract select(
    store: Store,
    table: string,
    where: AnyOf,
    query: Selection,
    joins: readonly Join[],
  ): OwnRow[] | Promise<OwnRow[]>;
  protected abstract insertRows(
    scope: Scope<Store>,
    table: string,
    rows: readonly Row[],
  ): Row[] | Promise<Row[]>;
  protected abstract updateRows(
    scope: Scope<Store>,
    table: string,
    where: AnyOf,
    changes: Row,
  ): Row[] | Promise<Row[]>;
  protected abstract deleteRows(scope: Scope<Store>, table: string, where: AnyOf): Row[] | Promise<Row[]>;
  protected abstract countRows(store: Store, table: string, where: AnyOf): number | Promise<number>;
  /** Runs a function with a store of its own, whose changes are kept if the function does not throw. */
  protected abstract inTransaction<R>(scope: Scope<Store>, run: (store: Store) => Promise<R>): Promise<R>;
  protected abstract runQuery(name: string, args: readonly unknown[]): unknown;
  /** Takes values that were sent to a database out of an error, before its caller gets it. */
  protected hideValues(_error: unknown): void {}
  /** Tells if `select` reads an association along with its rows. One that may have several rows would multiply them. */
  protected isJoined(_table: string, _association: Association): boolean {
    return false;
  }
  /** Tells if statements outside of transactions wait for a transaction that runs. */
  protected abstract readonly isSerial: boolean;

  protected info(table: string): Info {
    const info = this.#tables.get(table);
    if (info) return info;
    const near = nearName(String(table), [...this.#tables.keys()]);
    throw new TypeError(`There is no table ${table}${near ? `. Did you mean ${near}?` : ""}`);
  }

  /** Tables whose rows refer to rows of a table. */
  protected *referencesTo(table: string): Generator<[from: string, reference: Reference]> {
    for (const [from, { belongsTo = {} }] of this.#tables)
      for (const reference of Object.values(belongsTo))
        if (reference.table === table) yield [from, reference];
  }

  /** The transaction of the caller that is still open. */
  #scope(): Scope<Store> {
    let scope = this.#scopes.getStore();
    while (scope?.hasEnded) scope = scope.outer;
    return scope ?? this.#root;
  }

  /** Runs a statement in the caller's transaction. */
  protected statement<R>(run: (scope: Scope<Store>) => R | Promise<R>, isRead = false): Promise<R> {
    const scope = this.#scope();
    if (scope.isTrial && !isRead) return this.transaction(() => this.statement(run));
    const isInside = scope !== this.#root;
    const statement = async () => {
      if (scope.failure !== undefined) throw failed(scope.failure);
      try {
        return await run(scope);
      } catch (error) {
        this.hideValues(error);
        if (isInside) scope.failure = error;
        throw error;
      }
    };
    return isInside || (this.isSerial && !isRead) ? scope.queue(statement) : statement();
  }

  async #read(method: string, table: string, where: unknown, query: Selection): Promise<OwnRow[]> {
    const conditions = this.#conditions(method, table, where);
    const { preload = {} } = query;
    const joins = this.#preloader.joins(table, preload);
    const rows = await this.statement(
      ({ store }) => this.select(store, table, conditions, query, joins),
      true,
    );
    await this.#preloader.attach(table, rows, preload, joins);
    return rows;
  }

  /** Checks what types cannot: an undefined value would make a condition hold for all rows. */
  #conditions(method: string, table: string, where: unknown): AnyOf {
    this.info(table);
    const list = (Array.isArray(where) ? where : [where]) as AnyOf;
    for (const conditions of list)
      for (const [column, condition] of Object.entries(conditions))
        for (const [operator, value] of operatorsOf(condition)) {
          const isKnown = operator === "equal" || OPERATORS.includes(operator);
          if (isKnown && value !== undefined) continue;
          const reason = isKnown ? `${column} is undefined` : `there is no operator ${operator}`;
          const query = `${method}(${show(table, where)})`;
          throw new RepoError("not_evaluated", `${query} cannot be evaluated: ${reason}.`, { table });
        }
    return list;
  }

  /** Names the row that a call is for. */
  #byKey(table: string, key: unknown): Row {
    const { key: column } = this.info(table);
    if (column !== null) return { [column]: key };
    throw new TypeError(`${table} has no key: use getBy, updateAll or deleteAll.`);
  }

  #one(table: string, key: unknown, rows: readonly Row[]): Row {
    if (rows[0]) return rows[0];
    throw new RepoError("not_found", `${table} has no row ${show(key)}.`, { table });
  }

  readonly insert = async (table: string, row: Row): Promise<Row> => {
    const [inserted] = await this.insertAll(table, [row]);
    return inserted as Row;
  };

  readonly insertAll = async (table: string, rows: readonly Row[]): Promise<Row[]> => {
    this.info(table);
    if (rows.length === 0) return [];
    return this.statement((scope) => this.insertRows(scope, table, rows));
  };

  readonly update = async (table: string, key: unknown, changes: Row): Promise<Row> =>
    this.#one(table, key, await this.#update("update", table, this.#byKey(table, key), changes));

  readonly updateAll = async (table: string, where: unknown, changes: Row): Promise<Row[]> =>
    this.#update("updateAll", table, where, changes);

  async #update(method: string, table: string, where: unknown, given: Row): Promise<Row[]> {
    const conditions = this.#conditions(method, table, where);
    const changes = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    if ((this.info(table).key ?? "") in changes) {
      const query = `${method}(${show(table, where, changes)})`;
      throw new RepoError("not_evaluated", `${query} cannot be evaluated: a key does not change.`, { table });
    }
    return this.statement((scope) => {
      const isEmpty = Object.keys(changes).length === 0;
      return isEmpty
        ? this.select(scope.store, table, conditions, {}, [])
        : this.updateRows(scope, table, conditions, changes);
    });
  }

  readonly delete = async (table: string, key: unknown): Promise<Row> => {
    const conditions = this.#conditions("delete", table, this.#byKey(table, key));
    return this.#one(table, key, await this.statement((scope) => this.deleteRows(scope, table, conditions)));
  };

  readonly deleteAll = async (table: string, where: unknown): Promise<Row[]> => {
    const conditions = this.#conditions("deleteAll", table, where);
    return this.statement((scope) => this.deleteRows(scope, table, conditions));
  };

  readonly get = async (table: string, key: unknown, options: Selection = {}): Promise<Row | undefined> => {
    const { preload = {} } = options;
    return (await this.#read("get", table, this.#byKey(table, key), { preload }))[0];
  };

  readonly getBy = async (
    table: string,
    where: unknown,
    options: Selection = {},
  ): Promise<Row | undefined> => {
    const { preload = {} } = options;
    const [first, second] = await this.#read("getBy", table, where, { limit: 2, preload });
    if (!second) return first;
    throw new RepoError("several_rows", `getBy(${show(table, where)}) holds for several rows.`, { table });
  };

  readonly all = async (table: string, query: Selection = {}): Promise<Row[]> =>
    this.#read("all", table, {}, query);

  readonly filter = async (table: string, where: unknown, query: Selection = {}): Promise<Row[]> =>
    this.#read("filter", table, where, query);

  readonly count = async (table: string, where: unknown = {}): Promise<number> => {
    const conditions = this.#conditions("count", table, where);
    return this.statement(({ store }) => this.countRows(store, table, conditions), true);
  };

  readonly query = async (name: string, ...args: unknown[]): Promise<unknown> => this.runQuery(name, args);

  readonly transaction = async <R>(run: (repo: this) => R | Promise<R>): Promise<R> =>
    this.#transaction(run, false);

  /** Runs a test in a transaction that is undone. A statement in it that fails is undone alone, as it is without a transaction. */
  readonly rolledBack = async (run: () => unknown): Promise<void> => {
    const undone = new Error("undone");
    const running = this.#transaction(async () => {
      await run();
      throw undone;
    }, true);
    await running.catch((error) => {
      if (error !== undone) throw error;
    });
  };

  #transaction<R>(run: (repo: this) => R | Promise<R>, isTrial: boolean): Promise<R> {
    const outer = this.#scope();
    const transaction = () => {
      if (outer.failure !== undefined) throw failed(outer.failure);
      return this.inTransaction(outer, async (store) => {
        const scope = new Scope(store, outer, isTrial);
        try {
          const result = await this.#scopes.run(scope, async () => run(this)).finally(() => scope.drain());
          if (scope.failure !== undefined) throw failed(scope.failure);
          return result;
        } finally {
          scope.hasEnded = true;
        }
      });
    };
    return outer !== this.#root || this.isSerial ? outer.queue(transaction) : (async () => transaction())();
  }

  /** @returns the error of a query that has no function */
  protected missing(name: string, args: readonly unknown[], remedy: string): RepoError {
    return new RepoError("not_evaluated", `query(${show(name, ...args)}) cannot be evaluated: ${remedy}.`);
  }
}

const failed = (cause: unknown) => {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `The transaction is undone, as a statement in it failed: ${reason}`;
  return new RepoError("transaction_failed", message, { cause });
};
