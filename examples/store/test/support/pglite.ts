/** PostgreSQL in the test's own process, each test in a transaction that is undone when it ends. */

import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { drizzle } from "drizzle-orm/pglite";
import { migrate } from "drizzle-orm/pglite/migrator";
import { afterAll, aroundEach, beforeAll } from "vitest";
import { repoOver } from "../../src/database/database.ts";

/** Call it once in a file, or in a `describe`. @param logQuery gets each statement */
export function onPglite(logQuery: (statement: string) => void = () => {}) {
  const client = new PGlite();
  const db = drizzle({ client, logger: { logQuery } });
  const repo = repoOver(db);
  beforeAll(() =>
    migrate(db, { migrationsFolder: fileURLToPath(new URL("../../migrations", import.meta.url)) }),
  );
  afterAll(() => client.close());
  aroundEach((runTest) => repo.rolledBack(runTest));
  return { repo, db, client };
}
