/** Transactions of repos that are open in the caller's async context, for statements that are not the repo's own. */
import { AsyncLocalStorage } from "node:async_hooks";

/** Runs a statement in a transaction, in its turn among the others. */
type Join = <R>(run: (db: object) => Promise<R>) => Promise<R>;

interface Open {
  readonly connection: unknown;
  readonly join: Join;
  readonly outer: Open | undefined;
}

const open = new AsyncLocalStorage<Open>();

/** Drizzle's databases over one driver are one: that has a single connection for PGlite, and a pool for others. */
const connectionOf = (db: object): unknown => (db as { readonly $client?: unknown }).$client ?? db;

/** Runs a function as the inside of a transaction in a database. */
export const insideOf = <R>(db: object, join: Join, run: () => R): R =>
  open.run({ connection: connectionOf(db), join, outer: open.getStore() }, run);

/** @returns a function that runs statements in the caller's transaction in a database, undefined if there is none */
export function openTransaction(db: object): Join | undefined {
  const connection = connectionOf(db);
  let found = open.getStore();
  while (found && found.connection !== connection) found = found.outer;
  return found?.join;
}
