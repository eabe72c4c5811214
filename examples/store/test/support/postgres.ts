/** Two nodes of the store on a PostgreSQL of their own, for races that PGlite's only connection does not have. */
import { type PostgresServer, startPostgres } from "@overwire/test-support/postgres-server";
import { afterAll, beforeAll } from "vitest";
import { connectPostgres, type Database } from "../../src/database/database.ts";

/** Call it once in a `describePostgres`. @returns the databases of both nodes, from the first test on */
export function twoNodesOnPostgres(): () => Database[] {
  let server: PostgresServer;
  let databases: Database[];
  beforeAll(async () => {
    server = await startPostgres();
    databases = [connectPostgres(server.url), connectPostgres(server.url)];
    await databases[0]?.migrate();
  });
  afterAll(async () => {
    for (const database of databases) await database.close();
    await server.stop();
  });
  return () => databases;
}
