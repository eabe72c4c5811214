/** An insert function for factories, by a table of Drizzle's. */
import type { PgTable } from "drizzle-orm/pg-core";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";

/** A table of PostgreSQL or SQLite: both return the rows that they insert. */
export type DrizzleTable = PgTable | SQLiteTable;

/** Drizzle's database, or a transaction in one. */
export interface DrizzleDatabase {
  insert(table: never): { values(row: never): { returning(): PromiseLike<unknown[]> } };
}

/**
 * Saves a row in a table.
 * @example const saveUser = drizzleInsert(db, users);
 */
export const drizzleInsert =
  <T extends DrizzleTable>(db: DrizzleDatabase, table: T) =>
  async (row: T["$inferInsert"]): Promise<T["$inferSelect"]> => {
    // The database's own types know the table by its class alone.
    const [saved] = await db
      .insert(table as never)
      .values(row as never)
      .returning();
    return saved as T["$inferSelect"];
  };
