/** Orders at the same time, on two nodes with one database: on PostgreSQL as in production, and on PGlite. */
import { AsyncResource } from "node:async_hooks";
import { createPubSub } from "@overwire/server";
import { describePostgres } from "@overwire/test-support/postgres-server";
import { afterEach, describe, expect, test } from "vitest";
import { OutOfStock } from "../../src/cart/errors.ts";
import type { Order, StoreRepo } from "../../src/database/schema.ts";
import { TooManyUnpaid } from "../../src/orders/errors.ts";
import { Orders } from "../../src/orders/orders.ts";
import type { GatewayEvent } from "../../src/payments/gateway.ts";
import { MINUTE } from "../../src/shared/clock.ts";
import { products, users } from "../support/factories.ts";
import { type GatewayInMemory, gatewayInMemory } from "../support/gateway-double.ts";
import { address } from "../support/order-world.ts";
import { onPglite } from "../support/pglite.ts";
import { twoNodesOnPostgres } from "../support/postgres.ts";

const ROUNDS = 200;

describePostgres("on PostgreSQL", () => {
  const databases = twoNodesOnPostgres();
  races(() => databases().map(({ repo }) => repo));
});

describe("on PGlite", () => {
  const { repo } = onPglite();
  races(() => [repo, repo]);
});

function races(repos: () => readonly StoreRepo[]) {
  const running: Orders[] = [];
  // Mails are sent after the orders they tell of, and need the database.
  afterEach(async () => {
    for (const orders of running.splice(0)) await orders.mailed();
  });
  const nodesWith = (bank: GatewayInMemory, now = () => new Date()) => {
    const nodes = repos().map(
      (repo) =>
        new Orders({
          repo,
          gateway: bank,
          pubsub: createPubSub(),
          mailer: { send: async () => {} },
          clock: now,
          url: "http://store.test",
        }),
    );
    running.push(...nodes);
    return nodes;
  };
  const repo = () => repos()[0]!;
  let banks = 0;
  const newBank = () => gatewayInMemory(`${++banks}_`);
  let keys = 0;
  const request = (...lines: readonly (readonly [product: { id: number }, quantity: number])[]) => ({
    lines: lines.map(([{ id: productId }, quantity]) => ({ productId, quantity })),
    address,
    idempotencyKey: `race ${keys++}`,
    method: "pm_1",
  });
  const stockOf = async ({ id }: { id: number }) => (await repo().get("products", id))?.stock;

  test(`of two buyers of the last piece one gets it, ${ROUNDS} times out of ${ROUNDS}`, {
    timeout: 180_000,
  }, async () => {
    const bank = newBank();
    const nodes = nodesWith(bank);
    for (let round = 1; round <= ROUNDS; round++) {
      // Others each time, as orders of one user are limited.
      const buyers = [await users(repo()).insert(), await users(repo()).insert()];
      const last = await products(repo()).insert({ stock: 1, price: 100 });
      const outcomes = await Promise.allSettled(
        buyers.map((buyer, index) => nodes[index]?.place(buyer, request([last, 1]))),
      );
      const refusals = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
      expect(refusals).toEqual([expect.any(OutOfStock)]);
      expect(await stockOf(last)).toBe(0);
      expect(bank.charged()).toBe(round * 100);
      expect(await repo().count("orders", { userId: { in: buyers.map(({ id }) => id) } })).toBe(1);
    }
  });

  test("a key that is sent to two nodes at once is one order, and one charge", async () => {
    const bank = newBank();
    const nodes = nodesWith(bank);
    const product = await products(repo()).insert({ stock: 100 });
    for (let round = 1; round <= 50; round++) {
      const buyer = await users(repo()).insert();
      const same = request([product, 1]);
      const placed = await Promise.all(nodes.map((node) => node.place(buyer, same)));
      expect(new Set(placed.map(({ order }) => order.id)).size).toBe(1);
      expect(bank.payments).toHaveLength(round);
    }
    expect(await stockOf(product)).toBe(50);
  });

  test("orders of the same products in any order do not wait for each other in a circle", async () => {
    const nodes = nodesWith(newBank());
    const [cup, bowl] = [
      await products(repo()).insert({ stock: 100 }),
      await products(repo()).insert({ stock: 100 }),
    ];
    for (let round = 0; round < 25; round++) {
      const [ada, bob] = [await users(repo()).insert(), await users(repo()).insert()];
      await Promise.all([
        nodes[0]?.place(ada, request([cup, 1], [bowl, 1])),
        nodes[1]?.place(bob, request([bowl, 1], [cup, 1])),
      ]);
    }
    expect([await stockOf(cup), await stockOf(bowl)]).toEqual([50, 50]);
  });

  test("orders of one user at the same time leave no more than three unpaid", async () => {
    const nodes = nodesWith(newBank());
    const product = await products(repo()).insert({ stock: 100 });
    const { method: _, ...byPage } = request([product, 1]);
    for (let round = 0; round < 10; round++) {
      const buyer = await users(repo()).insert();
      const outcomes = await Promise.allSettled(
        Array.from({ length: 6 }, (_, count) =>
          nodes[count % 2]?.place(buyer, { ...byPage, idempotencyKey: `unpaid ${keys++}` }),
        ),
      );
      const refusals = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
      expect(refusals).toEqual(Array(3).fill(expect.any(TooManyUnpaid)));
      expect(await repo().count("orders", { userId: buyer.id, status: "pending" })).toBe(3);
    }
    expect(await stockOf(product)).toBe(70);
  });

  test("an event that comes before its order is kept waits for it, and gives nothing back", async () => {
    const bank = newBank();
    const buyer = await users(repo()).insert();
    const product = await products(repo()).insert({ stock: 20 });
    const events: Promise<void>[] = [];
    // As the gateway does: outside of the transaction in which it is called.
    const tell = AsyncResource.bind((event: GatewayEvent) => void events.push(other!.handleEvent(event)));
    const [orders, other] = nodesWith({
      ...bank,
      async charge(charge) {
        const payment = await bank.charge(charge);
        tell(bank.eventOfPayment(payment));
        return payment;
      },
    });
    for (let round = 0; round < 20; round++) {
      const { order } = await orders!.place(buyer, request([product, 1]));
      expect(order.status).toBe("paid");
    }
    await Promise.all(events);
    expect(bank.payments.map(({ status }) => status)).toEqual(Array(20).fill("succeeded"));
  });

  test("nodes that end orders, compare them and hear events at the same time agree", async () => {
    const bank = newBank();
    let now = new Date("2026-03-01T12:00:00Z");
    const nodes = nodesWith(bank, () => now);
    const product = await products(repo()).insert({ stock: 30 });
    const { method: _, ...byPage } = request([product, 1]);
    const placed: Order[] = [];
    for (let count = 0; count < 30; count++) {
      const buyer = await users(repo()).insert();
      placed.push((await nodes[0]!.place(buyer, byPage)).order);
    }
    now = new Date(now.getTime() + 20 * MINUTE);
    const events = bank.payments.slice(0, 15).map(({ order }) => bank.decide(order, "succeeded"));
    const counts = await Promise.all([
      ...nodes.map((node) => node.expire()),
      ...nodes.map((node) => node.reconcile().then(() => 0)),
      ...events.flatMap((event) => nodes.map((node) => node.handleEvent(event).then(() => 0))),
    ]);
    expect(counts.reduce((sum, count) => sum + count)).toBe(15);
    expect(await repo().count("orders", { id: { in: placed.map(({ id }) => id) }, status: "paid" })).toBe(15);
    expect(await stockOf(product)).toBe(15);
    expect(bank.charged()).toBe(15 * product.price);
  });
}
