/** The check-out as customers go through it. */

import { RateLimitExceeded } from "@overwire/server/rate-limit";
import { live } from "@overwire/testing";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { GatewayUnavailable } from "../../src/payments/gateway.ts";
import { DECLINED_METHOD } from "../support/gateway-double.ts";
import { sessionOf } from "../support/login.ts";
import { address, orderWorld } from "../support/order-world.ts";
import { type TestStore, testStore } from "../support/test-store.ts";

let shop: TestStore;
let world: Awaited<ReturnType<typeof orderWorld>>;
beforeEach(async () => {
  shop = testStore();
  world = await orderWorld(shop.repo);
  shop.gateway.fallback(world.bank);
  await shop.store.carts.add({ userId: world.user.id }, world.cup.id, 2);
});

const open = async (path = "/checkout") =>
  live(shop.app, path, { session: await sessionOf(shop.store, world.user) });
const withCard = (id: string) =>
  shop.store.profiles.save(world.user.id, { address, paymentMethod: { id, brand: "Visa", last4: "4242" } });
const onlyOrder = async () => (await shop.store.orders.ofUser(world.user.id))[0];

test("a visitor logs in before checking out", async () => {
  await expect(live(shop.app, "/checkout")).rejects.toMatchObject({ redirect: { to: "/login" } });
});

test("a customer with a saved address and card orders by one button", async () => {
  await withCard("pm_1");
  const page = await open();
  expect(page.text(".summary")).toContain("2 × Cup €36.00");
  expect(page.element("#order [name='order[address][city]']").node?.getAttribute("value")).toBe("Berlin");
  await page.form("#order").submit();
  const order = await onlyOrder();
  expect(order).toMatchObject({ status: "paid", total: 3600, address });
  await page.assertRedirect(`/orders/${order?.number}`);
  expect((await shop.store.carts.of({ userId: world.user.id })).pieces).toBe(0);
  const next = await page.followRedirect();
  expect(next.text(".badge")).toBe("Paid");
});

test("a customer without a card writes the address, and pays on the gateway's page", async () => {
  const page = await open();
  await page.form("#order", { order: { address: { name: "Ada", street: "" } } }).submit();
  expect(page.text("#order")).toContain("Write street and number.");
  // Beside the button: on a phone the fields are out of sight.
  expect(page.text(".summary [role=alert]")).toContain("marked fields");
  expect(await onlyOrder()).toBeUndefined();
  await page.form("#order", { order: { address: { ...address } } }).submit();
  const order = await onlyOrder();
  expect(order).toMatchObject({ status: "pending", address });
  await page.assertRedirect("https://pay.test/pay_1");
});

test("an order that is sent twice is one, also by a page that was mounted anew", async () => {
  await withCard("pm_1");
  const page = await open();
  shop.gateway.expect("charge", async (charge) => {
    await world.bank.charge(charge);
    throw new GatewayUnavailable("The answer is late.");
  });
  await page.form("#order", { order: { address: { city: "Potsdam" } } }).submit();
  expect(page.text("[role=alert]")).toContain("does not answer just now");
  await page.disconnect({ resume: false });
  await page.reconnect();
  await page.form("#order").submit();
  await world.holdsTogether();
  expect(world.bank.payments.filter(({ status }) => status === "succeeded")).toHaveLength(1);
  expect(new Set(world.bank.payments.map((payment) => payment.order)).size).toBe(1);
  expect((await onlyOrder())?.address.city).toBe("Potsdam");
});

test("goods that are put into the cart while an order is under way stay in it", async () => {
  const owner = { userId: world.user.id };
  await withCard("pm_1");
  const page = await open();
  shop.gateway.expect("charge", async (charge) => {
    await shop.store.carts.add(owner, world.cup.id, 1);
    await shop.store.carts.add(owner, world.bowl.id, 3);
    return world.bank.charge(charge);
  });
  await page.form("#order").submit();
  expect((await onlyOrder())?.total).toBe(3600);
  const { items } = await shop.store.carts.of(owner);
  expect(items.map(({ product, quantity }) => [product.name, quantity])).toEqual([
    ["Cup", 1],
    ["Bowl", 3],
  ]);
});

test("a page that has ordered before does not take other goods for that order", async () => {
  const owner = { userId: world.user.id };
  await withCard("pm_1");
  const page = await open();
  const idempotencyKey = page.element("#order [name='order[key]']").node?.getAttribute("value") ?? "";
  await shop.store.orders.place(world.user, world.request({ method: "pm_1", idempotencyKey }));
  await page.form("#order").submit();
  expect(page.text("[role=alert]")).toBe(
    "This page has placed an order before, of other goods or to another address. Send this one again if you want both.",
  );
  expect((await shop.store.carts.of(owner)).pieces).toBe(2);
  await page.form("#order").submit();
  expect((await shop.store.carts.of(owner)).pieces).toBe(0);
  expect(await shop.store.orders.ofUser(world.user.id)).toHaveLength(2);
  await world.holdsTogether();
});

describe("a customer is told, and keeps the cart,", () => {
  const refused = async (text: string) => {
    expect((await shop.store.carts.of({ userId: world.user.id })).pieces).toBe(2);
    const page = await open();
    await page.form("#order", { order: { pay: "saved" } }).submit();
    expect(page.text("[role=alert]")).toContain(text);
    expect(await world.holdsTogether()).toEqual([]);
    return page;
  };

  test("if the bank declines, and may try another way", async () => {
    await withCard(DECLINED_METHOD);
    const page = await refused("The bank has declined the payment.");
    await page.form("#order", { order: { pay: "page" } }).submit();
    await page.assertRedirect("https://pay.test/pay_1");
  });

  test("if three orders are not paid yet", async () => {
    for (let count = 0; count < 3; count++) await shop.store.orders.place(world.user, world.request());
    const page = await open();
    await page.form("#order", { order: { address: { ...address } } }).submit();
    expect(page.text("[role=alert]")).toContain("You have 3 orders that are not paid yet.");
    expect(await world.holdsTogether()).toHaveLength(3);
  });

  test("if too many orders are sent", async () => {
    vi.spyOn(shop.store.orders, "place").mockRejectedValue(new RateLimitExceeded(90));
    const page = await open();
    await page.form("#order", { order: { address: { ...address } } }).submit();
    expect(page.text("[role=alert]")).toBe("Too many orders. Try again in 2 minutes.");
  });

  test("if the last piece is gone in the same moment", async () => {
    await withCard("pm_1");
    shop.gateway.stub("charge", async () => {
      throw new Error("Nothing is charged.");
    });
    const page = await open();
    await shop.repo.update("products", world.cup.id, { stock: 1 });
    await page.form("#order").submit();
    expect(page.text("[role=alert]")).toBe("Only 1 of Cup left.");
    expect(page.text(".summary")).toContain("Some pieces are not in stock any more.");
  });

  test("if a price has changed since the page was opened", async () => {
    await withCard("pm_1");
    const page = await open();
    await shop.repo.update("products", world.cup.id, { price: 2000 });
    await page.form("#order").submit();
    expect(page.text("[role=alert]")).toBe("A price has changed. Please look at the sum again.");
    expect(page.text(".sum")).toContain("€40.00");
    await page.form("#order").submit();
    expect((await onlyOrder())?.total).toBe(4000);
  });
});

test("an empty cart cannot be checked out", async () => {
  await shop.store.carts.remove({ userId: world.user.id }, world.cup.id);
  expect((await open()).text(".empty")).toContain("There is nothing to check out.");
});

describe("the page after the payment", () => {
  const placed = async () => (await shop.store.orders.place(world.user, world.request())).order;

  test("waits for the event, and goes on to the order", async () => {
    const order = await placed();
    const page = await open(`/checkout/${order.number}`);
    expect(page.text("h1")).toBe("Waiting for your payment");
    await shop.store.orders.handleEvent(world.bank.decide(order.number, "succeeded"));
    await page.assertRedirect(`/orders/${order.number}`);
  });

  test("asks the gateway itself, for an event that is late", async () => {
    const order = await placed();
    world.bank.decide(order.number, "declined");
    const page = await open(`/checkout/${order.number}`);
    await page.settled();
    await page.assertRedirect(`/orders/${order.number}`);
    expect((await onlyOrder())?.status).toBe("declined");
  });

  test("leads back to the payment, or cancels the order", async () => {
    const order = await placed();
    const page = await open(`/checkout/${order.number}`);
    await page.element("button", "Back to the payment").click();
    await page.assertRedirect("https://pay.test/pay_1");
    const other = await open(`/checkout/${order.number}`);
    await other.element("button", "Cancel the order").click();
    await other.assertRedirect(`/orders/${order.number}`);
    expect((await onlyOrder())?.status).toBe("cancelled");
    await world.holdsTogether();
  });

  test("waits on if the gateway does not answer", async () => {
    const order = await placed();
    const silent = () => Promise.reject(new GatewayUnavailable("It does not answer."));
    shop.gateway.stub("paymentsOf", silent).stub("begin", silent);
    const page = await open(`/checkout/${order.number}`);
    await page.element("button", "Back to the payment").click();
    expect(page.text("[role=alert]")).toContain("does not answer just now");
    await page.element("button", "Cancel the order").click();
    expect((await onlyOrder())?.status).toBe("pending");
  });

  test("goes on if the order was paid while its customer wanted to cancel it", async () => {
    const order = await placed();
    const page = await open(`/checkout/${order.number}`);
    world.bank.decide(order.number, "succeeded");
    await page.element("button", "Cancel the order").click();
    await page.assertRedirect(`/orders/${order.number}`);
    expect((await onlyOrder())?.status).toBe("paid");
  });
});
