/** Work on orders that ends at any of its calls, of the database or of the gateway, by an error or because the process is killed. */
import { createPubSub } from "@overwire/server";
import { describe, expect, test } from "vitest";
import { Audit } from "../../src/audit/audit.ts";
import type { Order, OrderStatus, StoreRepo } from "../../src/database/schema.ts";
import type { Mail } from "../../src/mail/mailer.ts";
import type { OrderServices } from "../../src/orders/order-book.ts";
import { Orders } from "../../src/orders/orders.ts";
import { Outbox } from "../../src/outbox/outbox.ts";
import { HOUR } from "../../src/shared/clock.ts";
import { FAILURES, FailAt, type Failure } from "../support/failing.ts";
import { memory } from "../support/memory.ts";
import { orderWorld } from "../support/order-world.ts";

type World = Awaited<ReturnType<typeof orderWorld>>;

interface Work {
  readonly name: string;
  /** Made before anything fails. @returns the id of an order, if one is there */
  prepare(orders: Orders, world: World): Promise<number | undefined>;
  run(orders: Orders, world: World, orderId: number): Promise<unknown>;
  readonly ends: readonly OrderStatus[];
}

const admin = { id: 99, name: "Grace", email: "grace@example.com", role: "admin" } as const;
const SUBJECTS: { readonly [status in OrderStatus]: (number: string) => string } = {
  pending: (number) => `We have your order ${number}`,
  paid: (number) => `Your order ${number} is paid`,
  shipped: (number) => `Your order ${number} is on its way`,
  declined: (number) => `The payment of your order ${number} was declined`,
  cancelled: (number) => `Your order ${number} is cancelled`,
  refunded: (number) => `Your order ${number} is refunded`,
};
const placedWith =
  (method?: string) =>
  async (orders: Orders, { user, request }: World) =>
    (await orders.place(user, request({ method, idempotencyKey: "the key" }))).order.id;
const none = async () => undefined;

const WORK: readonly Work[] = [
  { name: "an order with a saved card", prepare: none, run: placedWith("pm_1"), ends: ["paid"] },
  { name: "an order for the gateway's page", prepare: none, run: placedWith(), ends: ["pending"] },
  {
    name: "the event of a payment",
    prepare: placedWith(),
    async run(orders, { bank }) {
      const payment = bank.payments[0]!;
      const paid = payment.status === "pending" ? bank.decide(payment.order, "succeeded").payment : payment;
      await orders.handleEvent({ id: "ev_paid", type: "payment.succeeded", payment: paid });
    },
    ends: ["paid"],
  },
  {
    name: "the event of a decline",
    prepare: placedWith(),
    async run(orders, { bank }) {
      const payment = bank.payments[0]!;
      const declined =
        payment.status === "pending" ? bank.decide(payment.order, "declined").payment : payment;
      await orders.handleEvent({ id: "ev_declined", type: "payment.declined", payment: declined });
    },
    ends: ["declined"],
  },
  {
    name: "a refund",
    prepare: placedWith("pm_1"),
    run: async (orders, _, id) => void (await orders.refund(admin, id)),
    ends: ["refunded"],
  },
  {
    name: "a cancellation",
    prepare: placedWith(),
    run: async (orders, { user }, id) => void (await orders.cancel({ ...admin, id: user.id }, id)),
    // The gateway may have ended the payment for a cancellation that was not kept.
    ends: ["cancelled", "declined"],
  },
];

interface Node extends Partial<OrderServices> {
  readonly failing?: FailAt;
  readonly mails?: Mail[];
}

const services = (
  repo: StoreRepo,
  { bank }: World,
  { failing = new FailAt(), mails = [], ...replaced }: Node = {},
): OrderServices => ({
  repo: failing.wrap(repo),
  gateway: failing.wrap(bank),
  pubsub: createPubSub(),
  mailer: failing.wrap({ send: async (mail: Mail) => void mails.push(mail) }),
  clock: () => new Date(),
  url: "http://store.test",
  ...replaced,
});

async function prepared(work: Work) {
  const repo = memory();
  await repo.insert("users", { id: admin.id, email: admin.email, name: admin.name });
  const world = await orderWorld(repo);
  const mails: Mail[] = [];
  const healthy = new Orders(services(repo, world, { mails }), { report: () => {} });
  const orderId = (await work.prepare(healthy, world)) ?? 0;
  await healthy.mailed();
  return { repo, world, healthy, orderId, mails };
}

/** Number of calls that a piece of work makes if all goes well. */
async function callsOf(work: Work): Promise<number> {
  const { repo, world, orderId } = await prepared(work);
  const failing = new FailAt();
  const orders = new Orders(services(repo, world, { failing }));
  await work.run(orders, world, orderId);
  await orders.mailed();
  return failing.calls;
}

async function failingAt(work: Work, call: number, failure: Failure) {
  const { repo, world, healthy, orderId, mails } = await prepared(work);
  const failing = new FailAt(call, failure);
  const orders = new Orders(services(repo, world, { failing, mails }), { report: () => {} });
  const outcome = await work.run(orders, world, orderId).then(
    () => "done",
    () => "failed",
  );
  await orders.mailed();
  return { repo, world, healthy, orderId, outcome, mails };
}

/** Sends what is left, by another node, when the claims of the one that failed are over. */
async function sendLeft(repo: StoreRepo, world: World, mails: Mail[]): Promise<void> {
  const clock = () => new Date(Date.now() + HOUR);
  const later = services(repo, world, { mails, clock });
  await new Outbox(later, new Audit(later)).deliver();
}

/** The audit log has what became of each order, and nothing that did not. */
async function expectRecorded(repo: StoreRepo, message: string): Promise<void> {
  const orders = await repo.all("orders");
  const reached = orders.flatMap(({ status, paidAt }) => [
    ...(paidAt ? ["order.paid"] : []),
    ...(status === "pending" || status === "paid" ? [] : [`order.${status}`]),
  ]);
  expect((await repo.all("auditEntries")).map(({ action }) => action).sort(), message).toEqual(
    reached.sort(),
  );
}

/** Mails about the status that an order has now. One whose answer was lost comes twice. */
const times = (mails: readonly Mail[], order: Order) =>
  mails.filter(({ subject }) => subject === SUBJECTS[order.status](order.number)).length;

describe.each(WORK)("$name", (work) => {
  test.each(FAILURES)("leaves nothing in between if a call is %s", async (failure) => {
    const calls = await callsOf(work);
    expect(calls).toBeGreaterThan(5);
    for (let call = 1; call <= calls; call++) {
      const { repo, world, healthy, orderId, mails } = await failingAt(work, call, failure);
      await healthy.reconcile();
      await world.holdsTogether();
      await expectRecorded(repo, `entries after ${failure} at ${call}`);
      // A second try comes to what was meant at first, once.
      await work.run(healthy, world, orderId).catch((error: Error) => {
        expect(["WrongStatus"], `${failure} at ${call}: ${error}`).toContain(error.name);
      });
      const orders = await world.holdsTogether();
      expect(orders).toHaveLength(1);
      expect(work.ends).toContain(orders[0]?.status);
      expect(await repo.count("payments")).toBe(1);
      await expectRecorded(repo, `entries after ${failure} at ${call} and a second try`);
      await healthy.mailed();
      await sendLeft(repo, world, mails);
      expect(await repo.count("outbox")).toBe(0);
      const [order] = orders;
      if (order) expect(times(mails, order), `mails after ${failure} at ${call}`).toBeOneOf([1, 2]);
    }
  });
});

test("money is given back at once if the order cannot be kept, without waiting for a job", async () => {
  const work = WORK[0]!;
  const calls = await callsOf(work);
  for (let call = 1; call <= calls; call++)
    for (const failure of ["refused", "unanswered"] as const) {
      const { world } = await failingAt(work, call, failure);
      await world.holdsTogether();
    }
});
