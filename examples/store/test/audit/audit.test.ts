import { describe, expect, test } from "vitest";
import { type Audit, type AuditRecord, auditTopic, isInAudit } from "../../src/audit/audit.ts";
import { DAY } from "../../src/shared/clock.ts";
import { users } from "../support/factories.ts";
import { testStore } from "../support/test-store.ts";

describe("the audit log", () => {
  test("tells what was done, by whom, when, the newest first", async () => {
    const now = new Date("2026-05-01T12:00:00Z");
    const { store, repo } = testStore({ clock: () => now });
    const ada = await users(repo).insert();
    await store.audit.record(ada, "user.role_changed", "user:7", { role: "moderator" });
    await store.audit.record(undefined, "order.expired", "order:3");
    expect(await store.audit.list()).toMatchObject([
      { actor: null, action: "order.expired", subject: "order:3", details: {} },
      { actor: { id: ada.id, name: ada.name }, details: { role: "moderator" }, createdAt: now },
    ]);
  });

  test("keeps entries for a year, however many are older", async () => {
    let now = new Date("2026-05-01T12:00:00Z");
    const { store, repo } = testStore({ clock: () => now });
    await repo.insertAll(
      "auditEntries",
      Array.from({ length: 1500 }, (_, at) => ({
        action: "login.begun",
        subject: `user:${at}`,
        details: { address: "192.0.2.1" },
        createdAt: now,
      })),
    );
    now = new Date(now.getTime() + 1);
    await store.audit.record(undefined, "order.paid", "order:3");
    now = new Date(now.getTime() + 365 * DAY);
    expect(await store.audit.deleteOld()).toBe(1500);
    expect(await store.audit.list()).toMatchObject([{ action: "order.paid" }]);
    expect(await store.audit.deleteOld()).toBe(0);
  });

  test("never tells more of its actors than it shows", async () => {
    const { store, repo } = testStore();
    const ada = await users(repo).insert({ passwordHash: "$argon2id$" });
    const heard: AuditRecord[] = [];
    store.services.pubsub.subscribe(auditTopic, (entry) => heard.push(entry));
    await store.audit.record(ada, "flag.set", "flag:reviews");
    expect(JSON.stringify([heard, await store.audit.list()])).not.toContain("argon2id");
    expect(heard).toMatchObject([{ action: "flag.set", actor: { name: ada.name } }]);
  });

  test("is filtered by area, actor and subject, and read page by page", async () => {
    const { store, repo } = testStore();
    const [ada, bob] = await users(repo).insertPair();
    for (const [actor, action, subject] of [
      [ada, "order.shipped", "order:1"],
      [bob, "order.shipped", "order:2"],
      [ada, "order.refunded", "order:2"],
      [ada, "orders.exported", "orders"],
      [bob, "user.role_changed", "user:9"],
    ] as const)
      await store.audit.record(actor, action, subject);
    const actions = async (query: Parameters<Audit["list"]>[0]) =>
      (await store.audit.list(query)).map(({ action, subject }) => `${action} ${subject}`);
    expect(await actions({ area: "order" })).toEqual([
      "order.refunded order:2",
      "order.shipped order:2",
      "order.shipped order:1",
    ]);
    expect(await actions({ actorId: bob.id, area: "user" })).toEqual(["user.role_changed user:9"]);
    expect(await actions({ subject: "order:2" })).toHaveLength(2);
    expect(await actions({ area: "%" })).toEqual([]);
    const [first, second] = await store.audit.list({ limit: 2 });
    expect(first && second && (await actions({ before: second.id, limit: 2 }))).toEqual([
      "order.refunded order:2",
      "order.shipped order:2",
    ]);
  });

  test("says if a new entry belongs to a filter", async () => {
    const { store } = testStore();
    const entry = await store.audit.record(undefined, "order.shipped", "order:1");
    expect(isInAudit(entry, {})).toBe(true);
    expect(isInAudit(entry, { area: "order", subject: "order:1" })).toBe(true);
    expect(isInAudit(entry, { area: "user" })).toBe(false);
    expect(isInAudit(entry, { actorId: 1 })).toBe(false);
    expect(isInAudit(entry, { subject: "order:2" })).toBe(false);
  });
});
