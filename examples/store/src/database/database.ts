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

/** Milliseconds that a query waits for a connection, a new one or one of the pool. */
const CONNECTION_TIMEOUT = 10_000;
/** Milliseconds of a statement. Changes of an order wait in one for each other, and each of them for the gateway. */
const STATEMENT_TIMEOUT = 30_000;
/** Milliseconds after which the server's own end of a statement counts as lost. */
const ANSWER_TIMEOUT = 5000;

export interface PostgresOptions {
  /** Gets errors of connections that the server or the network has ended, which belong to no query. */
  readonly report?: (error: Error) => void;
  /** Milliseconds that a query waits for a connection. */
  readonly connectionTimeout?: number;
  /** Milliseconds after which a statement is ended. Those of migrations may take any time. */
  readonly statementTimeout?: number;
}

/** @param url address of a PostgreSQL server, `postgres://…` */
export function connectPostgres(
  url: string,
  {
    report = console.error,
    connectionTimeout = CONNECTION_TIMEOUT,
    statementTimeout = STATEMENT_TIMEOUT,
  }: PostgresOptions = {},
): Database {
  const server = { connectionString: url, connectionTimeoutMillis: connectionTimeout };
  const pool = new pg.Pool({
    ...server,
    max: CONNECTIONS,
    statement_timeout: statementTimeout,
    // A server that does not even end it is lost.
    query_timeout: statementTimeout + ANSWER_TIMEOUT,
  });
  // A connection without a listener would throw, whether it rests in the pool or a transaction has it.
  pool.on("error", () => {});
  pool.on("connect", (connection) => connection.on("error", report));
  const db = drizzlePostgres({ client: pool });
  const repo = repoOver(db);
  return {
    repo,
    db,
    async migrate(seed) {
      // It waits for other nodes, and an index takes its time.
      const connection = new pg.Client(server);
      connection.on("error", report);
      try {
        await connection.connect();
        await connection.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
        await migratePostgres(drizzlePostgres({ client: connection }), { migrationsFolder });
        await seed?.(repo);
      } finally {
        // With its connection the lock is gone, too.
        await connection.end();
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
