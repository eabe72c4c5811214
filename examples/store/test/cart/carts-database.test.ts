import { createPubSub } from "@overwire/server";
import { expect, test } from "vitest";
import { Carts } from "../../src/cart/carts.ts";
import { products, users } from "../support/factories.ts";
import { onPglite } from "../support/pglite.ts";

const { repo } = onPglite();
const carts = new Carts({ repo, pubsub: createPubSub(), clock: () => new Date() });

test("adds at the same time are one line with all pieces", async () => {
  const { id: userId } = await users(repo).insert();
  const { id } = await products(repo).insert({ stock: 100 });
  await Promise.all(Array.from({ length: 10 }, () => carts.add({ userId }, id)));
  expect(await carts.of({ userId })).toMatchObject({ items: [{ quantity: 10 }], pieces: 10 });
  expect(await repo.count("carts")).toBe(1);
});

test("adds at the same time never pass the stock", async () => {
  const owner = { cartId: "a visitor's" };
  const { id } = await products(repo).insert({ stock: 3 });
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => carts.add(owner, id)));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
  expect((await carts.of(owner)).pieces).toBe(3);
});

test("two merges at the same time move the lines once", async () => {
  const { id: userId } = await users(repo).insert();
  const { id } = await products(repo).insert({ stock: 100 });
  await carts.add({ cartId: "a visitor's" }, id, 3);
  await Promise.all([carts.merge("a visitor's", userId), carts.merge("a visitor's", userId)]);
  expect((await carts.of({ userId })).pieces).toBe(3);
});

test("a product that is deleted leaves all carts, and old carts go with their lines", async () => {
  const owner = { cartId: "a visitor's" };
  const { id } = await products(repo).insert();
  const other = await products(repo).insert();
  await carts.add(owner, id);
  await carts.add(owner, other.id);
  await repo.delete("products", id);
  expect((await carts.of(owner)).pieces).toBe(1);
  const later = new Carts({
    repo,
    pubsub: createPubSub(),
    clock: () => new Date(Date.now() + 31 * 86_400_000),
  });
  expect(await later.deleteOld()).toBe(1);
  expect(await repo.count("cartLines")).toBe(0);
});
