import { beforeEach, describe, expect, test } from "vitest";
import type { OrderQuery, StoreRepo } from "../../src/database/schema.ts";
import { orderLines, orders, products, users } from "../support/factories.ts";
import { memory } from "../support/memory.ts";
import { onPglite } from "../support/pglite.ts";

const all: OrderQuery = { text: "", sort: "created", descending: true, limit: 10, offset: 0 };

describe("on PGlite", () => {
  const { repo } = onPglite();
  queriesOf(() => repo);
});

describe("in memory", () => {
  let repo: StoreRepo;
  beforeEach(() => {
    repo = memory();
  });
  queriesOf(() => repo);
});

/** The same tests hold for both, so that tests without a database can be believed. */
function queriesOf(repoOf: () => StoreRepo) {
  async function threeOrders() {
    const repo = repoOf();
    const ada = await users(repo).insert({ name: "Ada", email: "ada@example.com" });
    const zoe = await users(repo).insert({ name: "Zoë", email: "zoe_100%@example.com" });
    await orders(repo, ada).insert({ number: "2026-AAAAAA", total: 300, createdAt: new Date(1000) });
    await orders(repo, zoe)
      .paid()
      .insert({ number: "2026-BBBBBB", total: 100, createdAt: new Date(2000) });
    await orders(repo, ada)
      .paid()
      .insert({ number: "2026-CCCCCC", total: 200, createdAt: new Date(2000) });
  }
  const found = async (query: Partial<OrderQuery>) =>
    (await repoOf().query("findOrders", { ...all, ...query })).map(({ number }) => number.at(-1)).join("");

  test("findOrders finds by number, name, address and status, in the order asked for", async () => {
    await threeOrders();
    expect(await found({})).toBe("CBA");
    expect(await found({ descending: false })).toBe("ABC");
    expect(await found({ sort: "total" })).toBe("ACB");
    expect(await found({ sort: "customer", descending: false })).toBe("ACB");
    expect(await found({ text: "bbb" })).toBe("B");
    expect(await found({ text: " ADA " })).toBe("CA");
    expect(await found({ text: "100%" })).toBe("B");
    expect(await found({ text: "%" })).toBe("B");
    expect(await found({ text: "a_a" })).toBe("");
    expect(await found({ status: "paid" })).toBe("CB");
    expect(await found({ limit: 1, offset: 1 })).toBe("B");
    expect(await repoOf().query("findOrders", { ...all, limit: 1 })).toMatchObject([
      { customer: "Ada", email: "ada@example.com", total: 200, status: "paid" },
    ]);
  });

  test("countOrders and orderIds are those of all pages", async () => {
    await threeOrders();
    expect(await repoOf().query("countOrders", { text: "ada" })).toBe(2);
    expect(await repoOf().query("countOrders", { text: "", status: "refunded" })).toBe(0);
    const ids = await repoOf().query("orderIds", { text: "" }, 10);
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
    expect(await repoOf().query("orderIds", { text: "", status: "paid" }, 1)).toEqual([ids[0]]);
  });

  test("ordersBelow goes through all orders in steps", async () => {
    await threeOrders();
    const [newest, second] = await repoOf().query("ordersBelow", { text: "" }, undefined, 2);
    expect([newest?.number, second?.number]).toEqual(["2026-CCCCCC", "2026-BBBBBB"]);
    const rest = await repoOf().query("ordersBelow", { text: "" }, second?.id, 2);
    expect(rest.map(({ number }) => number)).toEqual(["2026-AAAAAA"]);
  });

  test("salesByDay has each of the last days, and counts what was paid and not given back", async () => {
    const repo = repoOf();
    const ada = await users(repo).insert();
    const paidAt = new Date("2026-03-02T23:59:00Z");
    await orders(repo, ada).paid().insert({ total: 500, paidAt });
    await orders(repo, ada).shipped().insert({ total: 250, paidAt });
    await orders(repo, ada)
      .paid()
      .insert({ total: 100, paidAt: new Date("2026-02-01T00:00:00Z") });
    await orders(repo, ada).insert({ status: "refunded", paidAt });
    expect(await repo.query("salesByDay", 3, new Date("2026-03-03T10:00:00Z"))).toEqual([
      { day: "2026-03-01", turnover: 0, orders: 0 },
      { day: "2026-03-02", turnover: 750, orders: 2 },
      { day: "2026-03-03", turnover: 0, orders: 0 },
    ]);
  });

  test("bestSellers are ordered by pieces", async () => {
    const repo = repoOf();
    const ada = await users(repo).insert();
    const [cup, bowl] = [
      await products(repo).insert({ name: "Cup" }),
      await products(repo).insert({ name: "Bowl" }),
    ];
    const sold = await orders(repo, ada).paid().insert();
    const open = await orders(repo, ada).insert();
    await orderLines(repo, sold, cup).insert({ quantity: 1, price: 1000 });
    await orderLines(repo, sold, bowl).insert({ quantity: 3, price: 500 });
    await orderLines(repo, open, cup).insert({ quantity: 9 });
    expect(await repo.query("bestSellers", 5)).toEqual([
      { productId: bowl.id, name: "Bowl", pieces: 3, turnover: 1500 },
      { productId: cup.id, name: "Cup", pieces: 1, turnover: 1000 },
    ]);
    expect(await repo.query("bestSellers", 1)).toHaveLength(1);
  });
}
