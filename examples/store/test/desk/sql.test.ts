import { describe, expect, test } from "vitest";
import { orderLines, orders, products, users } from "../support/factories.ts";
import { onPglite } from "../support/pglite.ts";
import { testStore } from "../support/test-store.ts";

describe("contexts of the desk on PGlite", () => {
  const { repo } = onPglite();

  test("the directory finds users by parts of names and addresses, as they were typed", async () => {
    const { store } = testStore({ repo });
    await users(repo).insert({ name: "Zoë", email: "zoe_1@example.com" });
    await users(repo).moderator().insert({ name: "Ada", email: "ada%@example.com" });
    const found = async (text: string, role?: "moderator") =>
      (await store.directory.find({ text, role, limit: 10, offset: 0 })).rows.map(({ name }) => name);
    expect(await found("")).toEqual(["Ada", "Zoë"]);
    expect(await found("ZOË")).toEqual(["Zoë"]);
    expect(await found("e_1")).toEqual(["Zoë"]);
    expect(await found("%")).toEqual(["Ada"]);
    expect(await found("example", "moderator")).toEqual(["Ada"]);
    expect(await store.directory.find({ text: "", limit: 1, offset: 1 })).toMatchObject({ total: 2 });
  });

  test("the audit log is filtered and paged, with its actors", async () => {
    const { store } = testStore({ repo });
    const ada = await users(repo).insert();
    for (const action of ["order.shipped", "orders.exported", "order.refunded"])
      await store.audit.record(ada, action, "order:1");
    const [newest, oldest] = await store.audit.list({ area: "order", actorId: ada.id, subject: "order:1" });
    expect([newest?.action, oldest?.action]).toEqual(["order.refunded", "order.shipped"]);
    expect(newest?.actor).toEqual({ id: ada.id, name: ada.name, email: ada.email });
    expect(await store.audit.list({ area: "order", before: oldest?.id })).toEqual([]);
  });

  test("a flag is set by two admins at once, and again", async () => {
    const { store } = testStore({ repo });
    const ada = await users(repo).admin().insert();
    await Promise.all([1, 2].map(() => store.flags.set(ada, "maintenance_banner", true)));
    expect(await store.flags.isOn("maintenance_banner")).toBe(true);
    await store.flags.set(ada, "maintenance_banner", false);
    expect(await store.flags.isOn("maintenance_banner")).toBe(false);
  });

  test("reports say what runs out and what was ordered last", async () => {
    const { store } = testStore({ repo });
    expect(await store.reports.lowStock(3)).toEqual([]);
    expect(await store.reports.newestOrders(3)).toEqual([]);
    expect(await store.reports.sales(2)).toHaveLength(2);
    expect(await store.reports.bestSellers(3)).toEqual([]);
  });

  test("reports add up sums that are beyond an integer", async () => {
    const { store } = testStore({ repo, clock: () => new Date("2026-01-01T12:00:00Z") });
    const user = await users(repo).insert();
    const piano = await products(repo).insert({ price: 10_000_000 });
    for (let count = 0; count < 2; count++) {
      const order = await orders(repo, user).paid().insert({ total: 2_000_000_000 });
      await orderLines(repo, order, piano).insert({ quantity: 300 });
    }
    expect(await store.reports.sales(1)).toMatchObject([{ turnover: 4_000_000_000 }]);
    expect(await store.reports.bestSellers(1)).toMatchObject([{ turnover: 6_000_000_000, pieces: 600 }]);
  });
});
