/** Two customers, the desk and the gateway do as they like, in any order: pieces and money add up all the same. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StoreRepo } from "../../src/database/schema.ts";
import { isOrderRefusal } from "../../src/orders/errors.ts";
import type { OrderRequest } from "../../src/orders/orders.ts";
import { PaymentDeclined } from "../../src/payments/gateway.ts";
import { MINUTE } from "../../src/shared/clock.ts";
import { users } from "../support/factories.ts";
import { DECLINED_METHOD, gatewayInMemory } from "../support/gateway-double.ts";
import { memory } from "../support/memory.ts";
import { orderWorld } from "../support/order-world.ts";
import { onPglite } from "../support/pglite.ts";
import { testStore } from "../support/test-store.ts";

const STOCK = 12;
const buyer = fc.nat(1);
const nth = fc.nat(20);
const kind = <K extends string>(kind: K) => fc.constant(kind);
const method = fc.constantFrom("pm_1", undefined, DECLINED_METHOD);

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: kind("put"),
      buyer,
      product: fc.nat(1),
      pieces: fc.integer({ min: 1, max: 8 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: kind("order"), buyer, method }) },
  fc.record({ kind: kind("again"), buyer }),
  fc.record({
    kind: kind("decide"),
    nth,
    status: fc.constantFrom("succeeded" as const, "declined" as const),
    heard: fc.nat(2),
  }),
  fc.record({ kind: fc.constantFrom("ship" as const, "cancel" as const, "refund" as const), nth }),
  fc.record({ kind: kind("price"), price: fc.integer({ min: 1, max: 5000 }) }),
  fc.record({ kind: kind("wait"), minutes: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ kind: fc.constantFrom("expire" as const, "reconcile" as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

async function open(repo: StoreRepo, bank = gatewayInMemory(`${Math.random()}_`)) {
  let now = new Date("2026-03-01T12:00:00Z");
  const { store, gateway } = testStore({ repo, clock: () => now });
  const world = await orderWorld(repo, { stock: STOCK, bank });
  gateway.fallback(bank);
  const { orders, carts } = store;
  const admin = await users(repo).admin().insert();
  const buyers = [world.user, await users(repo).insert()];
  const sent: (OrderRequest | undefined)[] = [];

  async function place(index: number, request: OrderRequest) {
    const user = buyers[index]!;
    await orders.place(user, request);
    await carts.takeOut({ userId: user.id }, request.lines);
  }
  async function take(step: Step): Promise<unknown> {
    switch (step.kind) {
      case "put": {
        const product = [world.cup, world.bowl][step.product]!;
        return carts.add({ userId: buyers[step.buyer]!.id }, product.id, step.pieces);
      }
      case "order": {
        const { items } = await carts.of({ userId: buyers[step.buyer]!.id });
        const lines = items.map(({ product, quantity }) => ({ productId: product.id, quantity }));
        sent[step.buyer] = world.request({ lines, method: step.method });
        return place(step.buyer, sent[step.buyer]!);
      }
      case "again":
        return sent[step.buyer] && place(step.buyer, sent[step.buyer]!);
      case "decide": {
        const pending = bank.payments.filter(({ status }) => status === "pending");
        const payment = pending[step.nth % pending.length];
        if (!payment) return;
        const event = bank.decide(payment.order, step.status);
        return Promise.all(Array.from({ length: step.heard }, () => orders.handleEvent(event)));
      }
      case "price":
        return repo.update("products", world.cup.id, { price: step.price });
      case "wait":
        now = new Date(now.getTime() + step.minutes * MINUTE);
        return;
      case "expire":
      case "reconcile":
        return orders[step.kind]();
      default: {
        const all = await repo.all("orders", { orderBy: { id: "asc" } });
        const order = all[step.nth % all.length];
        return order && orders[step.kind](admin, order.id);
      }
    }
  }
  return { ...world, store, take };
}

const isRefusal = (error: unknown) =>
  isOrderRefusal(error) ||
  error instanceof PaymentDeclined ||
  ["QuantityLimit", "WrongStatus"].includes((error as Error).name);

/** @param atOnce steps are taken in pairs, both at the same time */
async function run(repo: StoreRepo, steps: readonly Step[], atOnce: number) {
  const { take, store, holdsTogether } = await open(repo);
  for (let at = 0; at < steps.length; at += atOnce) {
    const outcomes = await Promise.allSettled(steps.slice(at, at + atOnce).map(take));
    for (const outcome of outcomes)
      if (outcome.status === "rejected" && !isRefusal(outcome.reason)) throw outcome.reason;
  }
  // Events that were not heard are found by comparison.
  await store.orders.reconcile();
  await holdsTogether();
  expect(await store.orders.reconcile(), "payments that differ in the end").toBe(0);
  await store.orders.mailed();
}

const steps = fc.array(step, { minLength: 5, maxLength: 40 });

describe("pieces and money add up, whatever is done,", () => {
  test.each([1, 2])("in memory, %i at a time", async (atOnce) => {
    await fc.assert(
      fc.asyncProperty(steps, (steps) => run(memory(), steps, atOnce)),
      { numRuns: 100 },
    );
  });

  describe("on PGlite", () => {
    const { repo } = onPglite();
    test.each([1, 2])("%i at a time", async (atOnce) => {
      const property = fc.asyncProperty(steps, (steps) => repo.rolledBack(() => run(repo, steps, atOnce)));
      await fc.assert(property, { numRuns: 15 });
    });
  });
});
