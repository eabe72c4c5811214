/** Roles that are given at the same time, by admins on two nodes. */
import { describePostgres, type PostgresServer, startPostgres } from "@overwire/test-support/postgres-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectPostgres, type Database } from "../../src/database/database.ts";
import { users } from "../support/factories.ts";
import { testStore } from "../support/test-store.ts";

describePostgres("on PostgreSQL", () => {
  let server: PostgresServer;
  let database: Database;
  beforeAll(async () => {
    server = await startPostgres();
    database = connectPostgres(server.url);
    await database.migrate();
  });
  afterAll(async () => {
    await database.close();
    await server.stop();
  });

  test("of the last two admins who demote each other at once, one stays", async () => {
    const { repo } = database;
    const { accounts } = testStore({ repo }).store;
    for (let round = 0; round < 50; round++) {
      await repo.updateAll("users", { role: "admin" }, { role: "customer" });
      const [ada, eve] = await users(repo).admin().insertPair();
      const given = await Promise.allSettled([
        accounts.setRole(ada, eve.id, "customer"),
        accounts.setRole(eve, ada.id, "customer"),
      ]);
      expect(given.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      expect(given).toContainEqual({
        status: "rejected",
        reason: expect.objectContaining({ code: "not_allowed" }),
      });
      expect(await repo.count("users", { role: "admin" })).toBe(1);
    }
  });
});
