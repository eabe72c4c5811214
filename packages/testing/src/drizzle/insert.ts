/** An insert function for factories, by a table of Drizzle's. */
import { getTableColumns, is } from "drizzle-orm";
import { PgTable, getTableConfig as pgConfig } from "drizzle-orm/pg-core";
import { type SQLiteTable, getTableConfig as sqliteConfig } from "drizzle-orm/sqlite-core";
import { type AttributeMap, isObject } from "../factory/attributes.ts";
import { FactoryError } from "../factory/factory-error.ts";
import { originOf } from "../factory/origins.ts";
import { type Belongings, type Saving, setRules } from "../factory/save.ts";
import type { Insert } from "../factory/types.ts";
import { openTransaction } from "./open-transactions.ts";

/** A table of PostgreSQL or SQLite: both return the rows that they insert. */
export type DrizzleTable = PgTable | SQLiteTable;

/** Drizzle's database, or a transaction in one. */
export interface DrizzleDatabase {
  insert(table: never): { values(row: never): { returning(): PromiseLike<unknown[]> } };
}

/** Names of a foreign key's columns in the objects, beside those to which they refer. */
interface Reference {
  readonly table: object;
  readonly names: readonly (readonly [own: string, foreign: string])[];
}

const tables = new WeakMap<Insert<never>, DrizzleTable>();
const tableOf = (value: object): DrizzleTable | undefined => {
  const insert = originOf(value)?.insert;
  return insert && tables.get(insert);
};

const nameOf = (table: DrizzleTable, column: object): string =>
  Object.entries(getTableColumns(table)).find(([, each]) => each === column)?.[0] ?? "";

const configOf = (table: DrizzleTable) => (is(table, PgTable) ? pgConfig(table) : sqliteConfig(table));

const referencesOf = (table: DrizzleTable): Reference[] =>
  configOf(table).foreignKeys.map((key) => {
    const { columns, foreignColumns, foreignTable } = key.reference();
    const names = columns.map((column, at) => {
      return [nameOf(table, column), nameOf(foreignTable, foreignColumns[at] ?? column)] as const;
    });
    return { table: foreignTable, names };
  });

/** If a foreign key's column is called after an association: `authorId`, `author_id` or `authorUuid` for `author`. */
const isCalled = ({ names }: Reference, association: string): boolean =>
  names.some(([own]) => own.toLowerCase().replaceAll("_", "").startsWith(association.toLowerCase()));

/** The foreign key for an association, if there is one. @param other the table of the association, if it is known */
function findReference(
  references: readonly Reference[],
  association: string,
  other: object | undefined,
): Reference | undefined {
  const fitting = other ? references.filter(({ table }) => table === other) : references;
  const called = fitting.filter((each) => isCalled(each, association));
  if (called.length === 1 || !other) return called[0];
  if (fitting.length > 1)
    throw new FactoryError(
      `Several foreign keys could be those of ${association}. Call it as the column of one: author for authorId.`,
    );
  return fitting[0];
}

/** Foreign keys of a row: in that of a test or parent, a key wins over an association that the factory made. */
const keysOf = (reference: Reference, row: object): Record<string, unknown> =>
  Object.fromEntries(reference.names.map(([own, foreign]) => [own, (row as AttributeMap)[foreign]]));

/** Associations of an object: its attributes that are no columns and have objects. */
const associationsOf = (table: DrizzleTable, built: object): [string, object][] =>
  Object.entries(built).filter(
    (entry): entry is [string, object] =>
      typeof entry[1] === "object" && entry[1] !== null && !(entry[0] in getTableColumns(table)),
  );

async function saveBelongings(table: DrizzleTable, built: object, saving: Saving): Promise<Belongings> {
  const foreignKeys: Record<string, unknown> = {};
  const rows: Record<string, unknown> = {};
  for (const [name, value] of associationsOf(table, built)) {
    if (!isObject(value)) continue;
    const reference = findReference(referencesOf(table), name, tableOf(value));
    if (!reference) continue;
    const isKeyGiven = reference.names.every(([own]) => saving.given.has(own));
    // A key that is given says more than an association that the factory made, or whose row is not there yet.
    if (saving.isUnderWay(value) || (isKeyGiven && !saving.given.has(name))) continue;
    const row = await saving.save(value);
    rows[name] = row;
    Object.assign(foreignKeys, keysOf(reference, row as object));
  }
  return { foreignKeys, rows };
}

/** Saves what belongs to a row: lists of objects, or one. @returns their rows, by the names of the associations */
async function saveOwned(
  table: DrizzleTable,
  built: object,
  row: object,
  saving: Saving,
): Promise<Record<string, unknown>> {
  const owned: Record<string, unknown> = {};
  for (const [name, value] of associationsOf(table, built)) {
    const rows: unknown[] = [];
    const list: unknown[] = Array.isArray(value) ? value : [value];
    for (const each of list) {
      const other = isObject(each) ? tableOf(each) : undefined;
      if (!isObject(each) || !other || saving.isUnderWay(each)) continue;
      const back = referencesOf(other).filter((reference) => reference.table === table);
      const isOwn = Array.isArray(value) || !findReference(referencesOf(table), name, other);
      if (!isOwn || !back[0]) continue;
      // Of several keys the one that the child's association to this object is called after.
      const association = Object.entries(each).find(([, value]) => value === built)?.[0];
      const reference = back.length > 1 && association ? findReference(back, association, table) : back[0];
      rows.push(await saving.save(each, keysOf(reference ?? back[0], row)));
    }
    if (rows.length > 0) owned[name] = Array.isArray(value) ? rows : rows[0];
  }
  return owned;
}

/**
 * A function that saves what a factory builds in a table. What it belongs to is saved before, what belongs to it after, and the
 * foreign keys of the schema are set. The row is returned with its associations.
 * @param db the database, or a function that returns it. In a transaction of a `drizzleRepo` over it, or over its driver, rows are
 *   saved in that
 * @example factory<NewPost>(() => ({ title: "Hello", author: users.build() })).insertWith(drizzleInsert(db, posts))
 */
export function drizzleInsert<T extends DrizzleTable>(
  db: DrizzleDatabase | (() => DrizzleDatabase),
  table: T,
): <B extends object>(built: B) => Promise<Omit<B, keyof T["$inferSelect"]> & T["$inferSelect"]> {
  const insertRow = async (values: object): Promise<object> => {
    const columns = getTableColumns(table);
    const row = Object.fromEntries(Object.entries(values).filter(([name]) => name in columns));
    const database = typeof db === "function" ? db() : db;
    const inserting = async (db: object) =>
      // The database's own types know the table by its class alone.
      (db as DrizzleDatabase)
        .insert(table as never)
        .values(row as never)
        .returning();
    // Beside the transaction, PGlite would wait for its end, and with it the test for this row.
    const join = openTransaction(database);
    const [saved] = await (join ? join(inserting) : inserting(database));
    return saved as object;
  };
  const insert = (built: object) => insertRow(built);
  tables.set(insert, table);
  setRules(insert, {
    saveBelongings: (built, saving) => saveBelongings(table, built, saving),
    async insert(built, _options, saving) {
      const { foreignKeys, rows } = await saveBelongings(table, built, saving);
      const row = await insertRow({ ...built, ...foreignKeys });
      return { ...row, ...rows, ...(await saveOwned(table, built, row, saving)) };
    },
  });
  // By the factory the associations are there; without one the object has none.
  return insert as never;
}
