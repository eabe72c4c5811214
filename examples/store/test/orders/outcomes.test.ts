/** Orders after they were placed: events of the gateway, the desk's actions, jobs. */
import { deferred } from "@overwire/test-support/deferred";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Mail, Mailer } from "../../src/mail/mailer.ts";
import { OrderNotFound, TooManyStrays, WrongStatus } from "../../src/orders/errors.ts";
import { mayBecome, statusesBefore } from "../../src/orders/status.ts";
import { type OrderNews, orderTopic, userOrdersTopic } from "../../src/orders/topics.ts";
import { GatewayUnavailable } from "../../src/payments/gateway.ts";
import { DAY, MINUTE } from "../../src/shared/clock.ts";
import { orders, users } from "../support/factories.ts";
import { orderWorld } from "../support/order-world.ts";
import { type TestStore, testStore } from "../support/test-store.ts";

let shop: TestStore;
let world: Awaited<ReturnType<typeof orderWorld>>;
let now: Date;
beforeEach(async () => {
  now = new Date("2026-03-01T12:00:00Z");
  shop = testStore({ clock: () => now });
  world = await orderWorld(shop.repo);
  shop.gateway.fallback(world.bank);
});

const placed = async (method?: string) =>
  (await shop.store.orders.place(world.user, world.request({ method }))).order;
const statusOf = async ({ id }: { id: number }) => (await shop.store.orders.get(id))?.status;
const subjects = async () => {
  await shop.store.orders.mailed();
  return shop.mails.map(({ subject }) => subject.replace(/2026-\S+/, "#"));
};

describe("an event of the gateway", () => {
  test("of a payment makes the order paid, for its customer's pages and mail too", async () => {
    const news: OrderNews[] = [];
    const order = await placed();
    shop.app.subscribe(orderTopic(order.id), (each) => void news.push(each));
    shop.app.subscribe(userOrdersTopic(world.user.id), (each) => void news.push(each));
    await shop.store.orders.handleEvent(world.bank.decide(order.number, "succeeded"));
    expect(await shop.store.orders.get(order.id)).toMatchObject({ status: "paid", paidAt: now });
    expect(news).toEqual([
      { id: order.id, status: "paid" },
      { id: order.id, status: "paid" },
    ]);
    expect(await subjects()).toEqual(["We have your order #", "Your order # is paid"]);
    await world.holdsTogether();
  });

  test("counts once, however often it comes, at the same time too", async () => {
    const order = await placed();
    const event = world.bank.decide(order.number, "declined");
    await Promise.all([1, 2, 3].map(() => shop.store.orders.handleEvent(event)));
    await shop.store.orders.handleEvent(event);
    expect(await subjects()).toEqual(["We have your order #", "The payment of your order # was declined"]);
    expect(await shop.repo.count("webhookEvents")).toBe(1);
    expect(await world.stockOf(world.cup)).toBe(10);
    await world.holdsTogether();
  });

  test("is remembered for 30 days, and changes nothing if it comes again after them", async () => {
    const order = await placed();
    const event = world.bank.decide(order.number, "succeeded");
    await shop.store.orders.handleEvent(event);
    now = new Date(now.getTime() + 30 * DAY);
    expect(await shop.store.orders.deleteOld()).toBe(0);
    now = new Date(now.getTime() + 1);
    expect(await shop.store.orders.deleteOld()).toBe(1);
    await shop.store.orders.handleEvent(event);
    expect(await subjects()).toEqual(["We have your order #", "Your order # is paid"]);
    expect(await shop.repo.count("orders")).toBe(1);
    await world.holdsTogether();
  });

  test("that comes too late changes nothing", async () => {
    const order = await placed();
    const paid = world.bank.decide(order.number, "succeeded");
    await world.bank.refund(paid.payment.id);
    await shop.store.orders.handleEvent(world.bank.eventOfPayment(world.bank.payments[0]!));
    expect(await statusOf(order)).toBe("refunded");
    await shop.store.orders.handleEvent(paid);
    expect(await statusOf(order)).toBe("refunded");
    await world.holdsTogether();
  });

  test("of an order that is not there gives the money back", async () => {
    await world.bank.charge({ order: "2026-NOONE-KNOWS", amount: 500, idempotencyKey: "k", method: "pm_1" });
    await shop.store.orders.handleEvent(world.bank.eventOfPayment(world.bank.payments[0]!));
    expect(world.bank.payments[0]?.status).toBe("refunded");
  });

  test("of a second payment for an order, or of another amount, gives the money back", async () => {
    const order = await placed("pm_1");
    await world.bank.charge({ order: order.number, amount: 6600, idempotencyKey: "other", method: "pm_1" });
    await shop.store.orders.handleEvent(world.bank.eventOfPayment(world.bank.payments[1]!));
    expect(world.bank.payments.map(({ status }) => status)).toEqual(["succeeded", "refunded"]);
    const wrong = { ...world.bank.payments[0]!, amount: 1 };
    await shop.store.orders.handleEvent({ id: "ev_wrong", type: "payment.succeeded", payment: wrong });
    expect(world.bank.payments[0]?.status).toBe("refunded");
  });

  test.each([undefined, "cancelled"] as const)(
    "of a payment that succeeds after it was declined gives the money back (order %s)",
    async (before) => {
      const order = await placed();
      const declined = world.bank.decide(order.number, "declined");
      if (before === "cancelled") await shop.store.orders.cancel(world.user, order.id).catch(() => {});
      else await shop.store.orders.handleEvent(declined);
      // As with gateways on whose page a customer may try another card.
      world.bank.payments[0] = { ...world.bank.payments[0]!, status: "succeeded" };
      await shop.store.orders.handleEvent(world.bank.eventOfPayment(world.bank.payments[0]!));
      expect(world.bank.payments[0]?.status).toBe("refunded");
      await world.holdsTogether();
    },
  );

  test("that cannot be handled is not remembered, so that it is handled when it comes again", async () => {
    await world.bank.charge({ order: "2026-NOONE-KNOWS", amount: 500, idempotencyKey: "k", method: "pm_1" });
    const event = world.bank.eventOfPayment(world.bank.payments[0]!);
    shop.gateway.expect("refund", () => Promise.reject(new GatewayUnavailable("It does not answer.")));
    await expect(shop.store.orders.handleEvent(event)).rejects.toThrow("It does not answer.");
    await shop.store.orders.handleEvent(event);
    expect(world.bank.charged()).toBe(0);
  });

  test("of a payment for an order that was cancelled meanwhile gives the money back", async () => {
    const order = await placed();
    await shop.repo.update("orders", order.id, { status: "cancelled" });
    await shop.store.orders.handleEvent(world.bank.decide(order.number, "succeeded"));
    expect(world.bank.charged()).toBe(0);
    expect(await statusOf(order)).toBe("cancelled");
  });
});

test("each status has its mail, also if the next one comes before the mail is sent", async () => {
  const isUp = deferred<void>();
  const mails: Mail[] = [];
  const mailer: Mailer = {
    async send(mail) {
      await isUp.promise;
      mails.push(mail);
    },
  };
  const own = testStore({ repo: shop.repo, mailer });
  own.gateway.fallback(world.bank);
  const { orders } = own.store;
  const { order } = await orders.place(world.user, world.request());
  await orders.handleEvent(world.bank.decide(order.number, "succeeded"));
  isUp.resolve();
  await orders.mailed();
  expect(mails.map(({ subject }) => subject)).toEqual([
    `We have your order ${order.number}`,
    `Your order ${order.number} is paid`,
  ]);
});

describe("a status", () => {
  test("follows from others by a table", () => {
    expect(statusesBefore("paid")).toEqual(["pending"]);
    expect(statusesBefore("refunded")).toEqual(["pending", "paid", "shipped"]);
    expect(mayBecome("shipped", "cancelled")).toBe(false);
  });

  test("is led by the desk, and recorded", async () => {
    const moderator = await users(shop.repo).moderator().insert();
    const order = await placed("pm_1");
    await expect(shop.store.orders.cancel(moderator, order.id)).rejects.toThrow(WrongStatus);
    expect(await shop.store.orders.ship(moderator, order.id)).toMatchObject({
      status: "shipped",
      shippedAt: now,
    });
    await expect(shop.store.orders.ship(moderator, order.id)).rejects.toThrow(
      "An order that is shipped cannot become shipped.",
    );
    const admin = await users(shop.repo).admin().insert();
    await expect(shop.store.orders.refund(moderator, order.id)).rejects.toThrow(
      "Only admins give money back.",
    );
    expect(await shop.store.orders.refund(admin, order.id)).toMatchObject({ status: "refunded" });
    expect(await world.stockOf(world.cup), "goods that have left").toBe(9);
    expect(world.bank.charged()).toBe(0);
    expect((await shop.store.audit.list()).map(({ action, actor }) => [action, actor?.id])).toEqual([
      ["order.refunded", admin.id],
      ["order.shipped", moderator.id],
      ["order.paid", undefined],
    ]);
    expect(await subjects()).toEqual([
      "Your order # is paid",
      "Your order # is on its way",
      "Your order # is refunded",
    ]);
  });

  test("brings the goods back if an order is refunded that was not shipped", async () => {
    const admin = await users(shop.repo).admin().insert();
    await shop.store.orders.refund(admin, (await placed("pm_1")).id);
    expect(await world.stockOf(world.cup)).toBe(10);
    await world.holdsTogether();
  });

  test("stays if the gateway does not answer", async () => {
    const admin = await users(shop.repo).admin().insert();
    const order = await placed("pm_1");
    shop.gateway.expect("refund", () => Promise.reject(new GatewayUnavailable("It does not answer.")));
    await expect(shop.store.orders.refund(admin, order.id)).rejects.toThrow("It does not answer.");
    expect(await statusOf(order)).toBe("paid");
    await world.holdsTogether();
  });

  test("is no customer's to change, but for their own orders that are not paid", async () => {
    const other = await users(shop.repo).insert();
    const order = await placed();
    for (const act of ["ship", "refund"] as const)
      await expect(shop.store.orders[act](world.user, order.id)).rejects.toThrow(OrderNotFound);
    await expect(shop.store.orders.cancel(other, order.id)).rejects.toThrow(OrderNotFound);
    await expect(shop.store.orders.cancel(world.user, 999)).rejects.toThrow("There is no such order.");
    expect(await shop.store.orders.cancel(world.user, order.id)).toMatchObject({ status: "cancelled" });
    await world.holdsTogether();
    expect(world.bank.payments[0]?.status).toBe("declined");
  });

  test("is not cancelled if the money has come, and the event has not", async () => {
    const order = await placed();
    world.bank.decide(order.number, "succeeded");
    await expect(shop.store.orders.cancel(world.user, order.id)).rejects.toThrow(WrongStatus);
    expect(await statusOf(order)).toBe("paid");
  });
});

describe("a gateway that is slow to tell of payments", () => {
  const slow = () => {
    const answer = deferred<void>();
    shop.gateway.stub("paymentsOf", async (number) => {
      const told = await world.bank.paymentsOf(number);
      await answer.promise;
      return told;
    });
    return answer;
  };

  const isAsked = () => vi.waitFor(() => expect(shop.gateway.calls("paymentsOf")).toHaveLength(1));

  test("holds neither the order nor a transaction while a page asks, and its answer may be old by then", async () => {
    const order = await placed();
    const answer = slow();
    const refreshed = shop.store.orders.refresh(order.number);
    await isAsked();
    await shop.store.orders.handleEvent(world.bank.decide(order.number, "succeeded"));
    expect(await statusOf(order)).toBe("paid");
    answer.resolve();
    await refreshed;
    expect(await statusOf(order)).toBe("paid");
    await world.holdsTogether();
  });

  test("holds neither while orders end", async () => {
    const order = await placed();
    now = new Date(now.getTime() + 20 * MINUTE);
    const answer = slow();
    const ended = shop.store.orders.expire();
    await isAsked();
    await shop.store.orders.handleEvent(world.bank.decide(order.number, "succeeded"));
    answer.resolve();
    expect(await ended).toBe(0);
    expect(await statusOf(order)).toBe("paid");
    await world.holdsTogether();
  });
});

describe("an order that is not paid in time", () => {
  test("is cancelled after fifteen minutes, by one node of several", async () => {
    const order = await placed();
    now = new Date(now.getTime() + 15 * MINUTE - 1);
    expect(await shop.store.orders.expire()).toBe(0);
    now = new Date(now.getTime() + 1);
    const counts = await Promise.all([1, 2, 3].map(() => shop.store.orders.expire()));
    expect(counts.sort()).toEqual([0, 0, 1]);
    expect(await statusOf(order)).toBe("cancelled");
    expect(await subjects()).toEqual(["We have your order #", "Your order # is cancelled"]);
    await world.holdsTogether();
  });

  test("is paid if the money has come, and the event has not", async () => {
    const order = await placed();
    world.bank.decide(order.number, "succeeded");
    now = new Date(now.getTime() + 20 * MINUTE);
    expect(await shop.store.orders.expire()).toBe(0);
    expect(await statusOf(order)).toBe("paid");
  });

  test("holds no other back if its payment cannot be ended", async () => {
    const [first, second] = [await placed(), await placed()];
    now = new Date(now.getTime() + 20 * MINUTE);
    shop.gateway.expect("refund", () => Promise.reject(new GatewayUnavailable("It does not answer.")));
    const reported: unknown[] = [];
    const { Orders } = await import("../../src/orders/orders.ts");
    const orders = new Orders(shop.store.services, { report: (error) => void reported.push(error) });
    expect(await orders.expire()).toBe(1);
    expect(reported).toEqual([expect.any(GatewayUnavailable)]);
    expect([await statusOf(first), await statusOf(second)]).toEqual(["pending", "cancelled"]);
  });
});

test("an order ends in time although two hundred older ones cannot be ended", async () => {
  const stuck = await orders(shop.repo, world.user).insertList(200, { expiresAt: now });
  const numbers = new Set(stuck.map(({ number }) => number));
  const last = await orders(shop.repo, world.user).insert({ expiresAt: now });
  shop.gateway.stub("paymentsOf", async (number) => {
    if (numbers.has(number)) throw new GatewayUnavailable("It answers with 500.");
    return [];
  });
  const reported: unknown[] = [];
  const { Orders } = await import("../../src/orders/orders.ts");
  const own = new Orders(shop.store.services, { report: (error) => void reported.push(error) });
  expect(await own.expire()).toBe(1);
  expect(await statusOf(last)).toBe("cancelled");
  expect(reported).toHaveLength(200);
});

describe("the comparison with the gateway", () => {
  const strayPayments = async (count: number) => {
    for (let at = 0; at < count; at++)
      await world.bank.charge({
        order: `2026-STRAY-${at}`,
        amount: 500,
        idempotencyKey: `stray ${at}`,
        method: "pm_1",
      });
  };
  const reporting = async () => {
    const reported: unknown[] = [];
    const { Orders } = await import("../../src/orders/orders.ts");
    const orders = new Orders(shop.store.services, { report: (error) => void reported.push(error) });
    return { orders, reported };
  };

  test("asks the database once for all payments that are as it knows them", async () => {
    for (let count = 0; count < 5; count++) await placed("pm_1");
    await shop.store.orders.mailed();
    const asked = [vi.spyOn(shop.repo, "getBy"), vi.spyOn(shop.repo, "filter")];
    expect(await shop.store.orders.reconcile()).toBe(0);
    const tables = asked.flatMap(({ mock }) => mock.calls.map(([table]) => table));
    expect(tables).toEqual(["payments"]);
  });

  test("gives back the money of ten payments without an order, as failures leave them", async () => {
    const { orders, reported } = await reporting();
    await strayPayments(10);
    expect(await orders.reconcile()).toBe(10);
    expect(world.bank.charged()).toBe(0);
    expect(reported).toEqual([]);
  });

  test("gives back none of more, as of a restored backup, and reports it; all else goes on", async () => {
    const { orders, reported } = await reporting();
    const paid = await placed();
    world.bank.decide(paid.number, "succeeded");
    await strayPayments(11);
    expect(await orders.reconcile()).toBe(12);
    expect(world.bank.charged()).toBe(paid.total + 11 * 500);
    expect(await statusOf(paid)).toBe("paid");
    expect(reported).toEqual([expect.any(TooManyStrays)]);
    expect(String(reported[0])).toContain("11 payments");
  });

  test("finds payments that were decided, and money without an order", async () => {
    const [paid, declined] = [await placed(), await placed()];
    world.bank.decide(paid.number, "succeeded");
    world.bank.decide(declined.number, "declined");
    await world.bank.charge({ order: "2026-NOONE-KNOWS", amount: 500, idempotencyKey: "k", method: "pm_1" });
    expect(await shop.store.orders.reconcile()).toBe(3);
    expect([await statusOf(paid), await statusOf(declined)]).toEqual(["paid", "declined"]);
    await world.holdsTogether();
    expect(await shop.store.orders.reconcile()).toBe(0);
  });
});

describe("a customer", () => {
  test("sees orders of their own, page by page, and no others", async () => {
    const [first, second, third] = [await placed(), await placed(), await placed()];
    const other = await users(shop.repo).insert();
    const ids = async (...args: Parameters<typeof shop.store.orders.ofUser>) =>
      (await shop.store.orders.ofUser(...args)).map(({ id }) => id);
    expect(await ids(world.user.id, { limit: 2 })).toEqual([third.id, second.id]);
    expect(await ids(world.user.id, { before: second.id })).toEqual([first.id]);
    expect(await ids(other.id)).toEqual([]);
    expect(await shop.store.orders.byNumber(world.user.id, first.number)).toMatchObject({ lines: [{}, {}] });
    expect(await shop.store.orders.byNumber(other.id, first.number)).toBeUndefined();
  });
});
