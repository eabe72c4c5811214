/** Pages over doubles: of a whole context, of one query of the repo, of the mailer and the cache. */
import { double, live, stubQuery } from "@overwire/testing";
import { expect, test } from "vitest";
import { createStoreApp } from "../../src/app.ts";
import type { Cache } from "../../src/cache/cache.ts";
import { memoryCache } from "../../src/cache/memory-cache.ts";
import type { Catalogue } from "../../src/catalogue/catalogue.ts";
import type { StoreRepo } from "../../src/database/schema.ts";
import type { Mailer } from "../../src/mail/mailer.ts";
import { products, users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { memory } from "../support/memory.ts";
import { testStore } from "../support/test-store.ts";

const cups = products(memory()).derive({ name: "Cup" });

test("the shop needs a catalogue, and no repo behind it", async () => {
  const { store } = testStore();
  const catalogue = double<Catalogue>("Catalogue");
  catalogue
    .stub("facets", async () => ({ categories: [{ value: "Cups", count: 2 }], brands: [], total: 2 }))
    .stub("find", async ({ text }) => cups.buildList(2, { name: `Cup for “${text}”` }));
  const page = await live(createStoreApp({ ...store, catalogue }), "/?q=tea");
  expect(page.text(".products")).toContain("Cup for “tea”");
  expect(catalogue.calls("find").at(-1)).toMatchObject([{ text: "tea", offset: 0 }]);
});

test("a desk shows a quarter of a million, which no test has to order: one query is stubbed, the rest is in memory", async () => {
  const kept = memory();
  const admin = await users(kept).admin().insert();
  const repo = stubQuery(kept, "salesByDay", () => [
    { day: "2026-03-30", turnover: 25_000_000, orders: 9_000 },
  ]);
  const { app, store } = testStore({ repo });
  const page = await live(app, "/desk", { session: await sessionOf(store, admin) });
  await page.settled();
  expect(page.text("#sales")).toContain("€250,000.00");
  expect(page.text("#newestOrders")).toContain("There are no orders yet.");
});

test("a mail is expected once, and an address without an account gets none", async () => {
  const mailer = double<Mailer>("Mailer");
  const { app, repo, store } = testStore({ mailer });
  const ada = await users(repo).insert();
  mailer.expect("send", async ({ to, text }) => {
    expect(to).toBe(ada.email);
    expect(text).toContain("http://store.test/login/magic/");
  });
  const page = await live(app, "/login/magic");
  await page.form("form", { email: ada.email }).submit();
  await store.settled();
  expect(mailer.calls("send")).toHaveLength(1);
  const other = await live(app, "/login/magic");
  await other.form("form", { email: "nobody@example.com" }).submit();
  await store.settled();
  mailer.verify();
});

test("a product's page asks the cache, which asks the database once until the product is changed", async () => {
  const kept = memory();
  const { id } = await products(kept).insert({ slug: "cup", name: "Cup" });
  const repo = double<StoreRepo>("StoreRepo");
  repo.fallback(kept);
  const cache = double<Cache>("Cache");
  cache.fallback(memoryCache());
  const { app, store } = testStore({ repo, cache });
  const loads = () => repo.calls("getBy").filter(([table]) => table === "products").length;
  await live(app, "/products/cup");
  await live(app, "/products/cup");
  expect(loads()).toBe(1);
  await store.catalogue.change(id, { name: "Mug" });
  expect(cache.calls("invalidate")).toEqual([["product:cup"]]);
  expect((await live(app, "/products/cup")).text("h1")).toBe("Mug");
  expect(loads()).toBe(2);
});
