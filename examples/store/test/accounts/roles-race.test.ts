/** Roles that are given at the same time, by admins on two nodes. */
import { describePostgres } from "@overwire/test-support/postgres-server";
import { expect, test } from "vitest";
import { users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { twoNodesOnPostgres } from "../support/postgres.ts";
import { testStore } from "../support/test-store.ts";

describePostgres("on PostgreSQL", () => {
  const databases = twoNodesOnPostgres();

  test("of the last two admins who demote each other at once, one stays", async () => {
    const [one, other] = databases().map(({ repo }) => testStore({ repo }));
    const { repo } = one!;
    for (let round = 0; round < 50; round++) {
      await repo.updateAll("users", { role: "admin" }, { role: "customer" });
      const [ada, eve] = await users(repo).admin().insertPair();
      const [adas, eves] = [await sessionOf(one!.store, ada), await sessionOf(other!.store, eve)];
      const given = await Promise.allSettled([
        one!.store.accounts.setRole(adas, eve.id, "customer"),
        other!.store.accounts.setRole(eves, ada.id, "customer"),
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
