/** Pages of a customer's orders, and their statuses as they change. */
import { assertErrorSent, live, request } from "@overwire/testing";
import { beforeEach, expect, test, vi } from "vitest";
import { users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { orderWorld } from "../support/order-world.ts";
import { type TestStore, testStore } from "../support/test-store.ts";

let shop: TestStore;
let world: Awaited<ReturnType<typeof orderWorld>>;
beforeEach(async () => {
  shop = testStore();
  world = await orderWorld(shop.repo, { stock: 500 });
  shop.gateway.fallback(world.bank);
});

const open = async (path: string) =>
  live(shop.app, path, { session: await sessionOf(shop.store, world.user) });
const placed = async (method?: string) =>
  (await shop.store.orders.place(world.user, world.request({ method }))).order;
const stations = (page: Awaited<ReturnType<typeof open>>) =>
  [...page.container.querySelectorAll(".timeline .reached strong")].map(({ textContent }) => textContent);

test("the status of an order follows in all tabs of its customer, from the payment to the refund", async () => {
  const admin = await users(shop.repo).admin().insert();
  const order = await placed();
  const page = await open(`/orders/${order.number}`);
  const list = await open("/orders");
  expect(stations(page)).toEqual(["Ordered"]);
  expect(page.element("main a", "Pay now").node?.getAttribute("href")).toBe(`/checkout/${order.number}`);
  const steps = [
    [() => shop.store.orders.handleEvent(world.bank.decide(order.number, "succeeded")), "Paid"],
    [() => shop.store.orders.ship(admin, order.id), "On its way"],
    [() => shop.store.orders.refund(admin, order.id), "Refunded"],
  ] as const;
  for (const [step, status] of steps) {
    await step();
    await page.settled();
    await list.settled();
    expect(page.text(".badge")).toBe(status);
    expect(list.text("#orders .badge")).toBe(status);
  }
  expect(stations(page)).toEqual(["Ordered", "Paid", "On its way", "Refunded"]);
});

test("a change that comes while an order is read shows", async () => {
  const admin = await users(shop.repo).admin().insert();
  const { id, number } = await placed("pm_1");
  const { orders } = shop.store;
  const read = orders.byNumber.bind(orders);
  vi.spyOn(orders, "byNumber").mockImplementationOnce(async (...where) => {
    const found = await read(...where);
    await orders.ship(admin, id);
    return found;
  });
  const page = await open(`/orders/${number}`);
  await page.settled();
  expect(page.text(".badge")).toBe("On its way");
});

test("an order shows its lines, its sum and its address", async () => {
  const order = await placed("pm_1");
  const page = await open(`/orders/${order.number}`);
  expect(page.text("table")).toContain("Bowl2€48.00");
  expect(page.text("tfoot")).toContain("€66.00");
  expect(page.text("address")).toContain("10115 BerlinGermany");
});

test("orders of others are not there", async () => {
  const { number } = await placed();
  const other = await users(shop.repo).insert();
  const visitor = request(shop.app, { session: await sessionOf(shop.store, other) });
  for (const path of [`/orders/${number}`, `/checkout/${number}`, "/orders/2026-NOONE-KNOWS"])
    await assertErrorSent(404, () => visitor.get(path));
  const list = await live(visitor, "/orders");
  expect(list.text("#orders")).toContain("You have not ordered anything yet.");
});

test("an order that was declined can be ordered again, as far as its pieces are there", async () => {
  const order = await placed();
  await shop.store.orders.handleEvent(world.bank.decide(order.number, "declined"));
  await shop.repo.update("products", world.bowl.id, { stock: 1 });
  const page = await open(`/orders/${order.number}`);
  expect(stations(page)).toEqual(["Ordered", "Payment declined"]);
  await page.element("button", "Order again").click();
  expect((await page.assertRedirect("/cart")).flash).toEqual({ error: "Not in stock as before: Bowl." });
  const { items } = await shop.store.carts.of({ userId: world.user.id });
  expect(items.map(({ product, quantity }) => [product.name, quantity])).toEqual([["Cup", 1]]);
});

test("an order that is ordered again says what a cart cannot hold, apart from what is not in stock", async () => {
  const order = await placed();
  await shop.store.orders.handleEvent(world.bank.decide(order.number, "declined"));
  const owner = { userId: world.user.id };
  await shop.store.carts.add(owner, world.cup.id, 20);
  const page = await open(`/orders/${order.number}`);
  await page.element("button", "Order again").click();
  expect((await page.assertRedirect("/cart")).flash).toEqual({ error: "More than a cart holds: Cup." });
});

test("the list is endless, begins with the newest, and gets new orders on top", async () => {
  const first = await placed("pm_1");
  for (let count = 0; count < 21; count++) await placed("pm_1");
  const list = await open("/orders");
  const items = () => list.container.querySelectorAll("#orders > .card").length;
  expect(items()).toBe(20);
  const oldest = [...list.container.querySelectorAll("#orders > .card")].at(-1)?.id;
  // An order that is not on the page yet does not come onto it by its news.
  await shop.store.orders.refund(await users(shop.repo).admin().insert(), first.id);
  await list.settled();
  expect(items()).toBe(20);
  await list.element("#orders").hook("more", { id: oldest });
  expect(items()).toBe(22);
  const newest = await placed("pm_1");
  await list.settled();
  expect(list.text("#orders > li:first-child")).toContain(newest.number);
});
