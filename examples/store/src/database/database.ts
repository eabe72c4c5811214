/** The database: PostgreSQL at an address, otherwise PGlite, which is PostgreSQL in this process. */
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { type DrizzlePg, drizzleRepo } from "@overwire/testing/drizzle";
import { drizzle as drizzlePostgres } from "drizzle-orm/node-postgres";
import { migrate as migratePostgres } from "drizzle-orm/node-postgres/migrator";
import { drizzle as drizzlePglite } from "drizzle-orm/pglite";
import { migrate as migratePglite } from "drizzle-orm/pglite/migrator";
import pg from "pg";
import { associations } from "./associations.ts";
import { lock } from "./lock.ts";
import { queries } from "./queries.ts";
import type { Queries, Schema, StoreRepo } from "./schema.ts";
import * as tables from "./tables.ts";

const migrationsFolder = fileURLToPath(new URL("../../migrations", import.meta.url));

export interface Database {
  readonly repo: StoreRepo;
  /** Drizzle's own, for what no repo does. */
  readonly db: DrizzlePg;
  /** Brings the tables up to date, then fills them if they are given something to begin with. Other nodes wait for it. */
  migrate(seed?: (repo: StoreRepo) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** A repo over a database that has the tables, and its `rolledBack` for tests. */
export const repoOver = (db: DrizzlePg) =>
  drizzleRepo<Schema, Queries>(
    db,
    {
      users: tables.users,
      logins: tables.logins,
      tokens: tables.tokens,
      identities: tables.identities,
      apiTokens: tables.apiTokens,
      profiles: tables.profiles,
      products: tables.products,
      carts: tables.carts,
      cartLines: tables.cartLines,
      orders: tables.orders,
      orderLines: tables.orderLines,
      payments: tables.payments,
      webhookEvents: tables.webhookEvents,
      outbox: tables.outbox,
      auditEntries: tables.auditEntries,
      flags: tables.flags,
    },
    { associations, queries },
  );

/** A number of this store's own, which names the lock of its migrations. */
const MIGRATION_LOCK = 7_283_114;

/** Connections of a node. Changes of orders leave some of them to all else. */
const CONNECTIONS = 10;

/**
 * @param url address of a PostgreSQL server, `postgres://…`
 * @param options.report gets errors of connections that the server or the network has ended, which belong to no query
 */
export function connectPostgres(
  url: string,
  { report = console.error }: { readonly report?: (error: Error) => void } = {},
): Database {
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS });
  // A connection without a listener would throw, whether it rests in the pool or a transaction has it.
  pool.on("error", () => {});
  pool.on("connect", (connection) => connection.on("error", report));
  const db = drizzlePostgres({ client: pool });
  const repo = repoOver(db);
  return {
    repo,
    db,
    async migrate(seed) {
      const connection = await pool.connect();
      try {
        await connection.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
        await migratePostgres(drizzlePostgres({ client: connection }), { migrationsFolder });
        await seed?.(repo);
      } finally {
        // With its connection the lock is gone, too.
        connection.release(true);
      }
    },
    close: () => pool.end(),
  };
}

/**
 * @param folder keeps the data, for one process at a time; without one they are in memory
 * @throws Error if another process has the folder
 */
export async function openPglite(folder?: string): Promise<Database> {
  const unlock = folder === undefined ? undefined : await lock(`${folder}.lock`);
  const client = await PGlite.create(folder === undefined ? {} : { dataDir: folder });
  const db = drizzlePglite({ client });
  const repo = repoOver(db);
  return {
    repo,
    db,
    async migrate(seed) {
      await migratePglite(db, { migrationsFolder });
      await seed?.(repo);
    },
    async close() {
      await client.close();
      await unlock?.();
    },
  };
}
