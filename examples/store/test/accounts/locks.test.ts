/** Users whose rows are locked while roles are given and identities disconnected. */
import { sql } from "drizzle-orm";
import { expect, onTestFinished, test } from "vitest";
import { openPglite } from "../../src/database/database.ts";
import * as tables from "../../src/database/tables.ts";
import { users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { testStore } from "../support/test-store.ts";

test("a lock writes nothing: the time of a registration stays as it is, to the microsecond", async () => {
  const { db, repo, migrate, close } = await openPglite();
  onTestFinished(close);
  await migrate();
  const { store } = testStore({ repo });
  const [ada, eve] = [await users(repo).admin().insert(), await users(repo).insert()];
  await db.execute(sql`update users set created_at = '2026-01-02 03:04:05.123456Z'`);

  await store.accounts.setRole(await sessionOf(store, ada), eve.id, "moderator");
  await store.identities.connect(eve, { issuer: "https://id.example", subject: "eve" });
  const [identity] = await store.identities.connections(eve);
  const disconnecting = store.identities.disconnect(eve, identity?.id ?? 0);
  await expect(disconnecting).rejects.toMatchObject({ code: "last_way_in" });
  expect(
    await db
      .select({ microseconds: sql<number>`extract(microseconds from ${tables.users.createdAt})::int` })
      .from(tables.users),
  ).toEqual([{ microseconds: 5_123_456 }, { microseconds: 5_123_456 }]);
  await store.settled();
});
