/** Orders as they are placed: stock, order and payment together, or nothing. */

import { RateLimitExceeded } from "@overwire/server/rate-limit";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { OutOfStock } from "../../src/cart/errors.ts";
import { EmptyOrder, KeyReused, PriceChanged, TooManyUnpaid, WrongStatus } from "../../src/orders/errors.ts";
import type { OrderNews } from "../../src/orders/topics.ts";
import { ordersTopic } from "../../src/orders/topics.ts";
import { type GatewayPayment, GatewayUnavailable, PaymentDeclined } from "../../src/payments/gateway.ts";
import { users } from "../support/factories.ts";
import { DECLINED_METHOD } from "../support/gateway-double.ts";
import { orderWorld } from "../support/order-world.ts";
import { type TestStore, testStore } from "../support/test-store.ts";

let shop: TestStore;
let world: Awaited<ReturnType<typeof orderWorld>>;
beforeEach(async () => {
  shop = testStore();
  world = await orderWorld(shop.repo);
  shop.gateway.fallback(world.bank);
});

test("an order that is paid by a saved card is paid at once, and mailed", async () => {
  const { order, url } = await shop.store.orders.place(world.user, world.request({ method: "pm_1" }));
  expect(order).toMatchObject({ status: "paid", total: 6600 });
  expect(order.number).toMatch(/^\d{4}-[0-9A-Z]{5}-[0-9A-Z]{5}$/);
  expect(url).toBeUndefined();
  expect(await world.stockOf(world.bowl)).toBe(8);
  await world.holdsTogether();
  await shop.store.orders.mailed();
  expect(shop.mails).toMatchObject([
    {
      to: world.user.email,
      subject: `Your order ${order.number} is paid`,
      text: expect.stringContaining("€66.00"),
    },
  ]);
  expect(shop.mails[0]?.text).toMatch(/^\d+ Berlin\nGermany$/m);
});

test("an order that is paid on the gateway's page waits for it, with its goods", async () => {
  const news: OrderNews[] = [];
  shop.app.subscribe(ordersTopic, (each) => void news.push(each));
  const { order, url } = await shop.store.orders.place(world.user, world.request());
  expect(order.status).toBe("pending");
  expect(url).toContain("https://pay.test/");
  expect(await world.stockOf(world.cup)).toBe(9);
  await world.holdsTogether();
  expect(news).toEqual([{ id: order.id, status: "pending" }]);
  await shop.store.orders.mailed();
  expect(shop.mails[0]?.subject).toBe(`We have your order ${order.number}`);
});

test("the same key is the same order, one after the other and at the same time", async () => {
  const request = world.request();
  const first = await shop.store.orders.place(world.user, request);
  const again = await Promise.all([1, 2, 3].map(() => shop.store.orders.place(world.user, request)));
  for (const each of again) expect(each).toMatchObject({ order: { id: first.order.id }, url: first.url });
  const same = world.request({ method: "pm_1" });
  const both = await Promise.all([1, 2].map(() => shop.store.orders.place(world.user, same)));
  expect(both[0]?.order.id).toBe(both[1]?.order.id);
  expect(await world.holdsTogether()).toHaveLength(2);
});

test("a key that has an order is refused for other goods, and nothing happens", async () => {
  const request = world.request({ method: "pm_1" });
  const { order } = await shop.store.orders.place(world.user, request);
  const lines = [{ productId: world.cup.id, quantity: 3 }];
  await expect(shop.store.orders.place(world.user, { ...request, lines })).rejects.toThrow(KeyReused);
  expect(await world.holdsTogether()).toHaveLength(1);
  // The same pieces in other lines are the same goods, and a request without any asks for the order of its key.
  const one = (productId: number) => ({ productId, quantity: 1 });
  for (const lines of [[one(world.bowl.id), one(world.cup.id), one(world.bowl.id)], []])
    expect((await shop.store.orders.place(world.user, { ...request, lines })).order.id).toBe(order.id);
});

test("a key that has an order is refused for another address, however that is written", async () => {
  const request = world.request();
  const { order } = await shop.store.orders.place(world.user, request);
  const corrected = { ...request.address, street: "Hauptstr. 2" };
  const placing = shop.store.orders.place(world.user, { ...request, address: corrected });
  await expect(placing).rejects.toThrow(KeyReused);
  expect(await world.holdsTogether()).toHaveLength(1);
  const { country, city, ...rest } = request.address;
  const same = await shop.store.orders.place(world.user, { ...request, address: { country, city, ...rest } });
  expect(same.order.id).toBe(order.id);
});

describe("a user with three unpaid orders", () => {
  const placeThree = async () => {
    const requests = [world.request(), world.request(), world.request()];
    for (const request of requests) await shop.store.orders.place(world.user, request);
    return requests;
  };

  test.each([undefined, "pm_1"])("orders no more (method %s), and is told what to do", async (method) => {
    await placeThree();
    const placing = shop.store.orders.place(world.user, world.request({ method }));
    await expect(placing).rejects.toThrow(TooManyUnpaid);
    await expect(placing).rejects.toThrow(
      "You have 3 orders that are not paid yet. Pay or cancel one of them, and order then.",
    );
    expect(await world.holdsTogether()).toHaveLength(3);
    expect(world.bank.payments).toHaveLength(3);
  });

  test("may send one of them again, and orders anew when one has ended", async () => {
    const [first] = await placeThree();
    const { order } = await shop.store.orders.place(world.user, first!);
    expect(await world.holdsTogether()).toHaveLength(3);
    await shop.store.orders.cancel(world.user, order.id);
    await shop.store.orders.place(world.user, world.request());
    expect(await world.holdsTogether()).toHaveLength(4);
  });

  test("keeps no other from ordering", async () => {
    await placeThree();
    const other = await users(shop.repo).insert();
    expect(
      (
        await shop.store.orders.place(
          other,
          world.request({ lines: [{ productId: world.cup.id, quantity: 1 }] }),
        )
      ).order.status,
    ).toBe("pending");
  });
});

test("a user orders at most thirty times in a quarter of an hour, whatever becomes of the orders", async () => {
  const lines = [{ productId: world.cup.id, quantity: 1 }];
  for (let count = 0; count < 30; count++) {
    const { order } = await shop.store.orders.place(world.user, world.request({ lines }));
    await shop.store.orders.cancel(world.user, order.id);
  }
  await expect(shop.store.orders.place(world.user, world.request({ lines }))).rejects.toThrow(
    RateLimitExceeded,
  );
  const other = await users(shop.repo).insert();
  await shop.store.orders.place(other, world.request({ lines }));
  expect(await world.holdsTogether()).toHaveLength(31);
});

test("an order that is sent again when it has ended leads to no page to pay on", async () => {
  const request = world.request();
  const { order } = await shop.store.orders.place(world.user, request);
  world.bank.decide(order.number, "declined");
  const again = await shop.store.orders.place(world.user, request);
  expect(again.url).toBeUndefined();
  expect(again.order.status).toBe("declined");
  await expect(shop.store.orders.payAt(order)).rejects.toThrow(WrongStatus);
  expect(world.bank.payments).toHaveLength(1);
});

describe.each(["pm_1", undefined])("an answer of the gateway (method %s)", (method) => {
  test.each([{ amount: 1 }, { order: "2026-OTHER-ORDER" }])(
    "of %j is no payment of the order",
    async (other) => {
      const change = <P extends GatewayPayment>(payment: P) => ({ ...payment, ...other });
      shop.gateway
        .stub("charge", async (asked) => change(await world.bank.charge(asked)))
        .stub("begin", async (asked) => change(await world.bank.begin(asked)));
      await expect(shop.store.orders.place(world.user, world.request({ method }))).rejects.toThrow(
        GatewayUnavailable,
      );
      expect(await world.holdsTogether()).toEqual([]);
      expect(world.bank.payments.map(({ status }) => status)).not.toContain("pending");
    },
  );
});

test("the same key is the same order in the next year, too", async () => {
  const clock = vi.fn(() => new Date("2026-12-31T23:59:59Z"));
  const { orders } = testStore({ repo: shop.repo, gateway: shop.gateway, clock }).store;
  const request = world.request();
  const first = await orders.place(world.user, request);
  clock.mockReturnValue(new Date("2027-01-01T00:00:01Z"));
  const again = await orders.place(world.user, request);
  expect(again).toMatchObject({ order: { number: first.order.number }, url: first.url });
});

test("two customers may have the same key", async () => {
  const request = world.request();
  const other = { id: (await shop.repo.insert("users", { email: "b@example.com", name: "Bob" })).id };
  const [first, second] = [
    await shop.store.orders.place(world.user, request),
    await shop.store.orders.place(other, request),
  ];
  expect(second.order.number).not.toBe(first.order.number);
});

describe("nothing is kept", () => {
  const nothing = async () => {
    expect(await world.holdsTogether()).toEqual([]);
    expect(world.bank.charged()).toBe(0);
    expect(shop.mails).toEqual([]);
  };

  test("if a product has too few pieces", async () => {
    const lines = [
      { productId: world.cup.id, quantity: 1 },
      { productId: world.bowl.id, quantity: 11 },
    ];
    const placing = shop.store.orders.place(world.user, world.request({ lines }));
    await expect(placing).rejects.toThrow("Only 10 of Bowl left.");
    await nothing();
    expect(world.bank.payments).toEqual([]);
  });

  test("if a product is not sold any more, or never was", async () => {
    await shop.repo.update("products", world.cup.id, { isListed: false });
    await expect(shop.store.orders.place(world.user, world.request())).rejects.toThrow(OutOfStock);
    const lines = [{ productId: 99, quantity: 1 }];
    await expect(shop.store.orders.place(world.user, world.request({ lines }))).rejects.toThrow(
      "This product is sold out.",
    );
    await nothing();
  });

  test("if the bank declines", async () => {
    const placing = shop.store.orders.place(world.user, world.request({ method: DECLINED_METHOD }));
    await expect(placing).rejects.toThrow(PaymentDeclined);
    await nothing();
  });

  test("if the sum is not the one that the customer has seen", async () => {
    await expect(shop.store.orders.place(world.user, world.request({ total: 6500 }))).rejects.toThrow(
      PriceChanged,
    );
    await nothing();
    expect(await shop.store.orders.place(world.user, world.request({ total: 6600 }))).toBeDefined();
  });

  test("if nothing is ordered", async () => {
    await expect(shop.store.orders.place(world.user, world.request({ lines: [] }))).rejects.toThrow(
      EmptyOrder,
    );
    await nothing();
  });

  test("if the sum is more than a payment can be", async () => {
    await shop.repo.update("products", world.bowl.id, { price: 10_000_000, stock: 1000 });
    const lines = [{ productId: world.bowl.id, quantity: 201 }];
    await expect(shop.store.orders.place(world.user, world.request({ lines }))).rejects.toThrow(
      "An order can be at most €20,000,000.00.",
    );
    await shop.repo.update("products", world.bowl.id, { stock: 10 });
    await nothing();
  });

  test("if the sum is nothing, which no gateway charges", async () => {
    await shop.repo.update("products", world.cup.id, { price: 0 });
    const lines = [{ productId: world.cup.id, quantity: 1 }];
    await expect(shop.store.orders.place(world.user, world.request({ lines }))).rejects.toThrow(EmptyOrder);
    await nothing();
  });

  test.each([0, -1, 1.5, 3_000_000_000, Number.NaN])("if %s pieces are ordered", async (quantity) => {
    const lines = [{ productId: world.cup.id, quantity }];
    await expect(shop.store.orders.place(world.user, world.request({ lines }))).rejects.toThrow(RangeError);
    await nothing();
  });
});

test("an order may be tried again after a failure, by the same key, and is charged once", async () => {
  const request = world.request({ method: "pm_1" });
  shop.gateway.expect("charge", async (charge) => {
    await world.bank.charge(charge);
    throw new Error("The answer was lost.");
  });
  await expect(shop.store.orders.place(world.user, request)).rejects.toThrow("The answer was lost.");
  expect(await world.holdsTogether()).toEqual([]);
  const { order } = await shop.store.orders.place(world.user, request);
  expect(order.status).toBe("paid");
  expect(await world.holdsTogether()).toHaveLength(1);
});

test("a mail that cannot be sent is reported, and the order stays", async () => {
  const reported: unknown[] = [];
  const own = testStore({ mailer: { send: () => Promise.reject(new Error("no route to host")) } });
  const { Orders } = await import("../../src/orders/orders.ts");
  const orders = new Orders(own.store.services, { report: (error) => void reported.push(error) });
  const { user, bank, request } = await orderWorld(own.repo);
  own.gateway.fallback(bank);
  expect((await orders.place(user, request({ method: "pm_1" }))).order.status).toBe("paid");
  await orders.mailed();
  expect(reported).toEqual([new Error("no route to host")]);
});

test("the catalogue hears of the stock that is left", async () => {
  const { Orders } = await import("../../src/orders/orders.ts");
  const heard: [string, number][] = [];
  const orders = new Orders(shop.store.services, {
    stockChanged: (products) =>
      void heard.push(...products.map(({ name, stock }): [string, number] => [name, stock])),
  });
  const { order } = await orders.place(world.user, world.request());
  await orders.cancel(world.user, order.id);
  expect(heard).toEqual([
    ["Cup", 9],
    ["Bowl", 8],
    ["Cup", 10],
    ["Bowl", 10],
  ]);
});
