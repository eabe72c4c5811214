import { expect, test } from "vitest";
import { cartTopic } from "../../src/cart/carts.ts";
import { OutOfStock, QuantityLimit } from "../../src/cart/errors.ts";
import { DAY } from "../../src/shared/clock.ts";
import { products, users } from "../support/factories.ts";
import { testStore } from "../support/test-store.ts";

const visitor = { cartId: "a visitor's" };

/** Carts over a repo without rows, and pieces of products by their name. */
function setup(replaced: Parameters<typeof testStore>[0] = {}) {
  const { store, repo } = testStore(replaced);
  const pieces = async (owner: Parameters<typeof store.carts.of>[0]) =>
    Object.fromEntries(
      (await store.carts.of(owner)).items.map(({ product, quantity }) => [product.name, quantity]),
    );
  return { carts: store.carts, repo, services: store.services, pieces };
}

test("a cart without lines is empty, and cannot be bought", async () => {
  const { carts } = setup();
  const empty = { items: [], pieces: 0, total: 0, canCheckOut: false };
  expect(await carts.of(visitor)).toEqual(empty);
});

test("pieces of a product are one line, in the order in which products were added", async () => {
  const { carts, repo } = setup();
  const cup = await products(repo).insert({ name: "Cup", price: 1800 });
  const bowl = await products(repo).insert({ name: "Bowl", price: 2450 });
  await carts.add(visitor, cup.id);
  await carts.add(visitor, bowl.id, 2);
  await carts.add(visitor, cup.id, 3);
  expect(await carts.of(visitor)).toMatchObject({
    items: [
      { product: { name: "Cup" }, quantity: 4, total: 7200, formerPrice: undefined },
      { product: { name: "Bowl" }, quantity: 2, total: 4900 },
    ],
    pieces: 6,
    total: 12_100,
    canCheckOut: true,
  });
});

test("more than the stock is refused, and the cart stays as it was", async () => {
  const { carts, repo, pieces } = setup();
  const { id } = await products(repo).insert({ name: "Cup", stock: 2 });
  const gone = await products(repo).soldOut().insert({ name: "Bowl" });
  const hidden = await products(repo).insert({ name: "Jug", isListed: false });
  await carts.add(visitor, id, 2);
  await expect(carts.add(visitor, id)).rejects.toThrow(new OutOfStock({ id, name: "Cup", stock: 2 }));
  await expect(carts.add(visitor, id)).rejects.toThrow("Only 2 of Cup left.");
  await expect(carts.setQuantity(visitor, id, 3)).rejects.toThrow(OutOfStock);
  await expect(carts.add(visitor, gone.id)).rejects.toThrow("Bowl is sold out.");
  await expect(carts.add(visitor, hidden.id)).rejects.toThrow("Jug is sold out.");
  await expect(carts.add(visitor, 4711)).rejects.toThrow("This product is sold out.");
  expect(await pieces(visitor)).toEqual({ Cup: 2 });
});

test.each([0, -1, 1.5, 21])("a quantity of %d is refused", async (quantity) => {
  const { carts, repo } = setup();
  const { id } = await products(repo).insert({ stock: 100 });
  await expect(carts.add(visitor, id, quantity)).rejects.toThrow(QuantityLimit);
  await expect(carts.setQuantity(visitor, id, quantity)).rejects.toThrow(QuantityLimit);
});

test("20 pieces of a product are the most, also one by one", async () => {
  const { carts, repo, pieces } = setup();
  const { id } = await products(repo).insert({ name: "Cup", stock: 100 });
  await carts.add(visitor, id, 20);
  await expect(carts.add(visitor, id)).rejects.toThrow("A cart holds at most 20 of a product.");
  expect(await pieces(visitor)).toEqual({ Cup: 20 });
});

test("a quantity is set, a line is removed and put back, a cart is cleared", async () => {
  const { carts, repo, pieces } = setup();
  const { id } = await products(repo).insert({ name: "Cup", stock: 5 });
  await carts.add(visitor, id);
  await carts.setQuantity(visitor, id, 4);
  expect(await pieces(visitor)).toEqual({ Cup: 4 });
  const removed = await carts.remove(visitor, id);
  expect(await pieces(visitor)).toEqual({});
  await carts.setQuantity(visitor, id, 2);
  expect(await pieces(visitor)).toEqual({});
  if (removed) await carts.putBack(visitor, removed);
  expect(await pieces(visitor)).toEqual({ Cup: 4 });
  await carts.takeOut(visitor, [{ productId: id, quantity: 3 }]);
  expect(await pieces(visitor)).toEqual({ Cup: 1 });
  await carts.takeOut(visitor, [{ productId: id, quantity: 3 }]);
  expect(await pieces(visitor)).toEqual({});
  expect(await carts.remove(visitor, id)).toBeUndefined();
  expect(await carts.remove({ cartId: "none" }, id)).toBeUndefined();
});

test("a cart has a hundred products at most, and more pieces of those", async () => {
  const { carts, repo, pieces } = setup();
  const ids: number[] = [];
  for (let count = 0; count < 101; count++)
    ids.push((await products(repo).insert({ name: `Cup ${count}` })).id);
  for (const id of ids.slice(0, 100)) await carts.add(visitor, id);
  await expect(carts.add(visitor, ids[100] ?? 0)).rejects.toThrow("A cart holds at most 100 products.");
  await carts.add(visitor, ids[7] ?? 0);
  expect(await pieces(visitor)).toMatchObject({ "Cup 7": 2, "Cup 99": 1 });
});

test("a price that has changed is shown until its owner accepts it", async () => {
  const { carts, repo } = setup();
  const { id } = await products(repo).insert({ price: 1800 });
  await carts.add(visitor, id, 2);
  await repo.update("products", id, { price: 2000 });
  expect(await carts.of(visitor)).toMatchObject({ total: 4000, items: [{ formerPrice: 1800, total: 4000 }] });
  await carts.acceptPrices(visitor);
  expect(await carts.of(visitor)).toMatchObject({ total: 4000, items: [{ formerPrice: undefined }] });
});

test("a cart whose stock is gone meanwhile says so and cannot be bought", async () => {
  const { carts, repo } = setup();
  const { id } = await products(repo).insert({ stock: 3 });
  await carts.add(visitor, id, 3);
  await repo.update("products", id, { stock: 1 });
  expect(await carts.of(visitor)).toMatchObject({
    canCheckOut: false,
    items: [{ quantity: 3, available: 1 }],
  });
  await repo.update("products", id, { isListed: false });
  expect(await carts.of(visitor)).toMatchObject({ canCheckOut: false, items: [{ available: 0 }] });
});

test("all tabs of an owner hear of changes, those of others do not", async () => {
  const { carts, repo, services } = setup();
  const { id } = await products(repo).insert();
  const heard: unknown[] = [];
  services.pubsub.subscribe(cartTopic(visitor), (owner) => void heard.push(owner));
  await carts.add(visitor, id);
  await carts.setQuantity(visitor, id, 2);
  await carts.add({ cartId: "another visitor's" }, id);
  await expect(carts.add(visitor, id, 20)).rejects.toThrow();
  await expect.poll(() => heard).toEqual([visitor, visitor]);
});

test("at log-in quantities add up, capped by stock and 20; sold-out products stay as one piece", async () => {
  const { carts, repo, pieces } = setup();
  const { id: userId } = await users(repo).insert();
  const stock = async (name: string, stock: number) => (await products(repo).insert({ name, stock })).id;
  const [both, scarce, many, own, gone] = [
    await stock("Both", 100),
    await stock("Scarce", 4),
    await stock("Many", 100),
    await stock("Own", 100),
    await stock("Gone", 5),
  ];
  await carts.add({ userId }, both, 2);
  await carts.add({ userId }, scarce, 3);
  await carts.add({ userId }, many, 15);
  await carts.add({ userId }, own, 1);
  await carts.add(visitor, both, 3);
  await carts.add(visitor, scarce, 3);
  await carts.add(visitor, many, 15);
  await carts.add(visitor, gone, 5);
  await repo.update("products", gone, { stock: 0 });
  await carts.merge(visitor.cartId, userId);
  const merged = { Both: 5, Scarce: 4, Many: 20, Own: 1, Gone: 1 };
  expect(await pieces({ userId })).toEqual(merged);
  expect(await pieces(visitor)).toEqual({});
  await carts.merge(visitor.cartId, userId);
  expect(await pieces({ userId })).toEqual(merged);
  expect(await repo.count("carts")).toBe(1);
});

test("a user without a cart gets the visitor's, and an empty cart leaves none", async () => {
  const { carts, repo, pieces } = setup();
  const { id: userId } = await users(repo).insert();
  const { id } = await products(repo).insert({ name: "Cup" });
  await carts.merge("none", userId);
  expect(await repo.count("carts")).toBe(0);
  await carts.add(visitor, id, 2);
  await carts.merge(visitor.cartId, userId);
  expect(await pieces({ userId })).toEqual({ Cup: 2 });
  await carts.add(visitor, id);
  await carts.remove(visitor, id);
  await carts.merge(visitor.cartId, userId);
  expect(await pieces({ userId })).toEqual({ Cup: 2 });
});

test("the id of a user's cart opens it to no visitor", async () => {
  const { carts, repo, pieces } = setup();
  const { id: userId } = await users(repo).insert();
  const other = await users(repo).insert();
  const { id } = await products(repo).insert({ name: "Cup" });
  await carts.add({ userId }, id);
  const [{ id: cartId = "" } = {}] = await repo.all("carts");
  expect(await pieces({ cartId })).toEqual({});
  await carts.merge(cartId, other.id);
  await expect(carts.add({ cartId }, id)).rejects.toThrow("This cart belongs to a user.");
  expect(await pieces({ userId })).toEqual({ Cup: 1 });
});

test("visitors' carts are deleted 30 days after their last change, users' carts never", async () => {
  let now = Date.parse("2026-01-01");
  const { carts, repo, pieces } = setup({ clock: () => new Date(now) });
  const { id: userId } = await users(repo).insert();
  const { id } = await products(repo).insert({ name: "Cup" });
  await carts.add({ cartId: "old" }, id);
  await carts.add(visitor, id);
  await carts.add({ userId }, id);
  now += 20 * DAY;
  await carts.add(visitor, id);
  now += 11 * DAY;
  expect(await carts.deleteOld()).toBe(1);
  expect(await pieces({ cartId: "old" })).toEqual({});
  expect(await pieces(visitor)).toEqual({ Cup: 2 });
  expect(await pieces({ userId })).toEqual({ Cup: 1 });
});
