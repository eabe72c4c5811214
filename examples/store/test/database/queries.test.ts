import { beforeEach, describe, expect, test } from "vitest";
import type { ProductQuery, StoreRepo } from "../../src/database/schema.ts";
import { products } from "../support/factories.ts";
import { memory } from "../support/memory.ts";
import { onPglite } from "../support/pglite.ts";

const everything: ProductQuery = {
  text: "",
  categories: [],
  brands: [],
  sort: "newest",
  limit: 10,
  offset: 0,
};

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
  test("findProducts finds words by their beginnings, in name, brand, category and description", async () => {
    await products(repoOf()).insert({ name: "Blue bowl", brand: "Tonwerk", description: "Wide and deep." });
    await products(repoOf()).insert({ name: "Napkin", category: "Textiles", description: "Washed linen." });
    const names = async (text: string) =>
      (await repoOf().query("findProducts", { ...everything, text })).map(({ name }) => name);
    expect(await names("blu")).toEqual(["Blue bowl"]);
    expect(await names("tonw wide")).toEqual(["Blue bowl"]);
    expect(await names("linen")).toEqual(["Napkin"]);
    expect(await names("text")).toEqual(["Napkin"]);
    expect(await names("' | ! & <->")).toHaveLength(2);
  });

  test("takeStock takes for several at the same time no more than there are", async () => {
    const { id } = await products(repoOf()).insert({ stock: 3 });
    const taken = await Promise.all(Array.from({ length: 5 }, () => repoOf().query("takeStock", id, 1)));
    expect(taken.filter((product) => product !== undefined)).toHaveLength(3);
    expect(await repoOf().get("products", id)).toMatchObject({ stock: 0 });
  });

  test("takeStock takes as many as there are, and never more", async () => {
    const { id } = await products(repoOf()).insert({ stock: 2 });
    expect(await repoOf().query("takeStock", id, 2)).toMatchObject({ stock: 0 });
    expect(await repoOf().query("takeStock", id, 1)).toBeUndefined();
    expect(await repoOf().query("returnStock", id, 1)).toMatchObject({ stock: 1 });
  });

  test("putInCart adds to the pieces that are there, up to a limit", async () => {
    const repo = repoOf();
    const { id: productId } = await products(repo).insert();
    const { id: cartId } = await repo.insert("carts", { id: "a cart" });
    const put = async (quantity: number, beyond: "refuse" | "cap", price = 1800) =>
      (await repo.query("putInCart", { cartId, productId, quantity, price }, 5, beyond))?.quantity;
    expect(await put(6, "refuse")).toBeUndefined();
    expect(await put(2, "refuse")).toBe(2);
    expect(await put(3, "refuse", 1900)).toBe(5);
    expect(await put(1, "refuse")).toBeUndefined();
    expect(await put(1, "cap")).toBe(5);
    expect(await repo.all("cartLines")).toMatchObject([{ cartId, productId, quantity: 5, price: 1800 }]);
    await repo.deleteAll("cartLines", { cartId });
    expect(await put(9, "cap")).toBe(5);
  });

  test("lockOrder and lockUser are held as long as their transaction, and may be taken twice in it", async () => {
    const locked = () =>
      repoOf().transaction(async (repo) => {
        for (const _ of ["once", "twice"]) {
          await repo.query("lockOrder", "2026-AAAAA-BBBBB");
          await repo.query("lockUser", 7);
        }
        return "done";
      });
    expect([await locked(), await locked()]).toEqual(["done", "done"]);
  });
}
