/** Factories of the store: in memory, on PostgreSQL, and as a form or a program sends what they make. */
import { live, resetSequences } from "@overwire/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { cartLines, products, users } from "./factories.ts";
import { sessionOf } from "./login.ts";
import { memory } from "./memory.ts";
import { onPglite } from "./pglite.ts";
import { testStore } from "./test-store.ts";

beforeEach(() => resetSequences());

test("sequences make users apart from each other, and traits combine", async () => {
  const repo = memory();
  const made = await users(repo).insertList(3);
  expect(made.map(({ email }) => email)).toEqual([0, 1, 2].map((n) => `user${n}@example.com`));
  const admin = users(repo).admin().unconfirmed().withPassword("correct horse battery").build();
  expect(admin).toMatchObject({ role: "admin", confirmedAt: null });
  expect(admin.passwordHash).toMatch(/^\$argon2id\$/);
});

test("a line of a cart brings its product and its cart, and several share one", async () => {
  const repo = memory();
  const cup = await products(repo).insert({ price: 1200 });
  const [line] = await cartLines(repo).insertPair({ product: () => cup });
  expect(line).toMatchObject({ productId: cup.id, price: 1200 });
  await cartLines(repo).insert();
  expect([await repo.count("products"), await repo.count("carts")]).toEqual([2, 3]);
});

test("a form of the desk is filled in with the params of a product", async () => {
  const { app, repo, store } = testStore();
  const session = await sessionOf(store, await users(repo).moderator().insert());
  const page = await live(app, "/desk/products/new", { session });
  const { name, description, category, brand } = products(repo).params({ name: "Blue bowl" });
  await page.form("#draft", { name, description, category, brand, price: "24.50" }).submit();
  expect(await store.catalogue.bySlug("blue-bowl")).toMatchObject({ brand: "Lehm & Feuer", price: 2450 });
});

describe("on PGlite", () => {
  const { repo } = onPglite();

  test("a line of a cart has the keys that the database asks for", async () => {
    const { id } = await cartLines(repo).insert({ quantity: 2 });
    const line = await repo.get("cartLines", id, { preload: { product: true, cart: true } });
    expect(line).toMatchObject({ quantity: 2, product: { name: "Stoneware cup" }, cart: { userId: null } });
  });
});
