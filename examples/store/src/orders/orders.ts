/** Orders: placed in one transaction with their payment, and led through their statuses. */
import { mayAdminister, mayModerate } from "../accounts/roles.ts";
import { Audit } from "../audit/audit.ts";
import type { Order, OrderLine, OrderStatus, Payment, User } from "../database/schema.ts";
import type { Address } from "../database/tables.ts";
import { Outbox } from "../outbox/outbox.ts";
import { type GatewayEvent, type GatewayPayment, PaymentDeclined } from "../payments/gateway.ts";
import { DAY, HOUR, MINUTE } from "../shared/clock.ts";
import {
  EmptyOrder,
  KeyReused,
  NotAllowed,
  OrderNotFound,
  PriceChanged,
  TooManyStrays,
  TooMuch,
  WrongStatus,
} from "./errors.ts";
import { checkedQuantities, isSameOrder } from "./goods.ts";
import {
  type Actor,
  OrderBook,
  type OrderChange,
  type OrderOptions,
  type OrderServices,
} from "./order-book.ts";
import { OrderLimits } from "./order-limits.ts";
import { orderNumber } from "./order-number.ts";
import { OrderPayments } from "./order-payments.ts";
import { newsOf, settle } from "./settlement.ts";

/** Time that a customer has to pay. */
export const TIME_TO_PAY = 15 * MINUTE;

/** In cents: more than this is no number of the gateway or of the database. */
const MOST = 2_000_000_000;

/** Time that the ids of events are kept. Gateways send an event again for days. */
const EVENTS_KEPT = 30 * DAY;

/** Late orders that are read at a time. */
const BATCH = 200;

/**
 * Payments without an order that a comparison gives back unasked: a node that is killed leaves as many as it changes orders at a time, five.
 * More may be those of a database that is older than the gateway, such as a restored backup.
 */
const MOST_STRAYS = 10;

export interface OrderRequest {
  /** Without any it asks for the order that the key has already. */
  readonly lines: readonly { readonly productId: number; readonly quantity: number }[];
  readonly address: Address;
  /** Of the client: the same key is the same order, however often it is sent, and is refused for other goods or another address. */
  readonly idempotencyKey: string;
  /** A method that the gateway keeps, charged at once. Without one the customer pays on the gateway's page. */
  readonly method?: string | undefined;
  /** The sum that the customer has seen, in cents. */
  readonly total?: number | undefined;
}

export interface PlacedOrder {
  readonly order: Order;
  /** The gateway's page, if the order is to be paid there. */
  readonly url?: string;
}

export type OrderWithLines = Order & { lines: OrderLine[] };
/** An order as the desk sees it. */
export type FullOrder = OrderWithLines & { user: User; payment: Payment | null };
type OrderWithPayment = Order & { readonly payment: Payment | null };

export class Orders {
  readonly #services: OrderServices;
  readonly #outbox: Outbox;
  readonly #book: OrderBook;
  readonly #limits: OrderLimits;
  readonly #payments: OrderPayments;

  constructor(services: OrderServices, options: OrderOptions = {}) {
    const { audit = new Audit(services), outbox = new Outbox(services, audit, options.report) } = options;
    this.#services = services;
    this.#outbox = outbox;
    this.#book = new OrderBook(services, { ...options, audit, outbox });
    this.#limits = new OrderLimits(services);
    this.#payments = new OrderPayments(services);
  }

  /**
   * Places an order: stock, order and payment in one transaction, which is undone whole if anything in it fails.
   *
   * The gateway is called within it, last and with a short timeout. So there is no state between "ordered" and "paid" that something
   * would have to clean up; the price is that rows of the products are locked for one call. While the gateway is slow, orders wait for
   * each other, and pages do not notice. The gateway's side cannot be undone with it: if the transaction fails after the call, the
   * payment is given back, and {@link reconcile} does it if this process has ended meanwhile.
   * @throws OutOfStock, PaymentDeclined, GatewayUnavailable, PriceChanged, EmptyOrder, TooMuch, TooManyUnpaid, KeyReused,
   * RateLimitExceeded
   */
  async place(user: Pick<User, "id">, request: OrderRequest): Promise<PlacedOrder> {
    await this.#limits.count(user.id);
    const number = orderNumber(user.id, request.idempotencyKey, this.#services.clock());
    let isAsked = false;
    const placing = this.#book.change(number, async (change): Promise<PlacedOrder> => {
      const known = await this.#knownOrder(user.id, request);
      if (known) return { order: known };
      await this.#limits.checkUnpaid(user.id);
      const order = await this.#insert(change, user.id, number, request);
      isAsked = true;
      return request.method === undefined
        ? this.#begin(change, order)
        : this.#charge(change, order, request.method);
    });
    let placed: PlacedOrder;
    try {
      placed = await placing;
    } catch (error) {
      if (isAsked && !(error instanceof PaymentDeclined)) await this.#giveBack(number);
      throw error;
    }
    // A key that was first sent in another year has the number of that year.
    return placed.order.status !== "pending" || placed.url ? placed : this.#resume(placed.order.number);
  }

  /** The gateway's page for an order that is to be paid. @throws WrongStatus if it has been paid or has ended meanwhile */
  async payAt({ number }: Pick<Order, "number">): Promise<string> {
    const { order, url } = await this.#resume(number);
    if (!url) throw new WrongStatus(order.status, "paid");
    return url;
  }

  /** Handles an event of the gateway, each once. @throws if the gateway has to send it again */
  async handleEvent({ id, type, payment }: GatewayEvent): Promise<void> {
    const { repo } = this.#services;
    await this.#book.change(payment.order, async (change) => {
      if (await repo.get("webhookEvents", id)) return;
      await repo.insert("webhookEvents", { id, type, receivedAt: change.now });
      await settle(this.#services, change, payment);
    });
  }

  /** @throws OrderNotFound, WrongStatus */
  ship(actor: Actor, orderId: number): Promise<Order> {
    return this.#lead(actor, orderId, "shipped", async () => {});
  }

  /** Ends an order that is not paid yet, by its customer or at the desk. @throws OrderNotFound, WrongStatus */
  cancel(actor: Actor, orderId: number): Promise<Order> {
    return this.#lead(actor, orderId, "cancelled", (order, change) => this.#end(order, change));
  }

  /** Gives the money back, and the goods to the stock unless they are shipped. @throws OrderNotFound, NotAllowed, WrongStatus */
  refund(actor: Actor, orderId: number): Promise<Order> {
    return this.#lead(actor, orderId, "refunded", (order, change) => this.#end(order, change));
  }

  /**
   * Cancels orders whose time to pay is over, the oldest first. One that cannot be ended is reported, and holds no other back. Several nodes
   * may do so at once.
   * @returns their number
   */
  async expire(): Promise<number> {
    const { repo, clock } = this.#services;
    const late = { status: "pending", expiresAt: { lte: clock() } } as const;
    let cancelled = 0;
    for (let after = 0; ; ) {
      const orders = await repo.filter(
        "orders",
        { ...late, id: { gt: after } },
        { orderBy: { id: "asc" }, limit: BATCH },
      );
      for (const { id, number } of orders) {
        try {
          if (await this.#cancelUnpaid(id, number)) cancelled++;
        } catch (error) {
          this.#book.report(error);
        }
        after = id;
      }
      if (orders.length < BATCH) return cancelled;
    }
  }

  /**
   * Compares the payments of the last days with the orders: gives back money of orders that were not kept, and brings orders to
   * what the gateway says, for events that were lost. If more payments have no order than failures leave, it gives none of them back and
   * reports {@link TooManyStrays}. @returns the number of payments that differed
   */
  async reconcile(since = new Date(this.#services.clock().getTime() - 48 * HOUR)): Promise<number> {
    const { repo, gateway } = this.#services;
    const news = await newsOf(repo, await gateway.paymentsSince(since));
    const strays = news.filter(({ isStray }) => isStray).length;
    const keepsStrays = strays > MOST_STRAYS;
    if (keepsStrays) this.#book.report(new TooManyStrays(strays, MOST_STRAYS));
    for (const { payment, isStray } of news) {
      if (isStray && keepsStrays) continue;
      try {
        await this.#book.change(payment.order, (change) => settle(this.#services, change, payment));
      } catch (error) {
        this.#book.report(error);
      }
    }
    return news.length;
  }

  /** Deletes the ids of events that were handled long ago: the gateway sends none of them again. @returns their number */
  async deleteOld(): Promise<number> {
    const { repo, clock } = this.#services;
    const before = new Date(clock().getTime() - EVENTS_KEPT);
    return (await repo.deleteAll("webhookEvents", { receivedAt: { lt: before } })).length;
  }

  /** Asks the gateway for an order's payment, when a customer waits for it and the event takes its time. */
  async refresh(number: string): Promise<void> {
    const { repo, gateway } = this.#services;
    // Before the transaction, which would hold a connection as long as the gateway takes. News that are old by then change nothing.
    const news = await newsOf(repo, await gateway.paymentsOf(number));
    if (news.length === 0) return;
    await this.#book.change(number, async (change) => {
      for (const { payment } of news) await settle(this.#services, change, payment);
    });
  }

  /** An order of a customer, or of any. */
  byNumber(userId: number | undefined, number: string): Promise<OrderWithLines | undefined> {
    const where = { number, ...(userId !== undefined && { userId }) };
    return this.#services.repo.getBy("orders", where, { preload: { lines: true } });
  }

  /** A page of orders, the newest first, of a customer or of all, and the number of orders on all pages. */
  async page(
    { userId, status }: { readonly userId?: number | undefined; readonly status?: OrderStatus | undefined },
    range: { readonly limit: number; readonly offset: number },
  ): Promise<{ rows: OrderWithLines[]; total: number }> {
    const { repo } = this.#services;
    const where = { ...(userId !== undefined && { userId }), ...(status !== undefined && { status }) };
    const query = { orderBy: { id: "desc" }, preload: { lines: true }, ...range } as const;
    const [rows, total] = await Promise.all([
      repo.filter("orders", where, query),
      repo.count("orders", where),
    ]);
    return { rows, total };
  }

  /** A customer's orders, the newest first. @param before id of the last order of the page before this one */
  ofUser(
    userId: number,
    { before, limit = 20 }: { readonly before?: number | undefined; readonly limit?: number } = {},
  ): Promise<OrderWithLines[]> {
    return this.#services.repo.filter(
      "orders",
      { userId, ...(before !== undefined && { id: { lt: before } }) },
      { orderBy: { id: "desc" }, limit, preload: { lines: true } },
    );
  }

  get(orderId: number): Promise<FullOrder | undefined> {
    return this.#services.repo.get("orders", orderId, {
      preload: { lines: true, user: true, payment: true },
    });
  }

  /** Resolves when the mails of earlier changes are handed over. */
  mailed(): Promise<void> {
    return this.#outbox.settled();
  }

  async #knownOrder(
    userId: number,
    { lines, address, idempotencyKey }: OrderRequest,
  ): Promise<OrderWithLines | undefined> {
    const where = { userId, idempotencyKey };
    const known = await this.#services.repo.getBy("orders", where, { preload: { lines: true } });
    if (!known || lines.length === 0) return known;
    if (!isSameOrder(known, { lines, address })) throw new KeyReused();
    return known;
  }

  /** An order that was placed before, as it is by now, and its page if it is still to be paid. */
  async #resume(number: string): Promise<PlacedOrder> {
    // An event may be on its way: an order that has ended is not paid for.
    await this.refresh(number);
    const order = await this.#services.repo.getBy("orders", { number });
    if (!order) throw new OrderNotFound();
    return order.status === "pending" ? { order, url: (await this.#payments.begin(order)).url } : { order };
  }

  async #insert(change: OrderChange, userId: number, number: string, request: OrderRequest): Promise<Order> {
    const { lines, address, idempotencyKey } = request;
    const quantities = checkedQuantities(lines);
    const sold = (await change.takeStock(quantities)).map(({ id: productId, name, price }) => ({
      productId,
      name,
      price,
      quantity: quantities.get(productId) ?? 0,
    }));
    const total = sold.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
    if (request.total !== undefined && request.total !== total) throw new PriceChanged();
    if (total > MOST) throw new TooMuch(MOST);
    if (total === 0) throw new EmptyOrder("There is nothing to pay in this order.");
    const { repo } = this.#services;
    const order = await repo.insert("orders", {
      number,
      userId,
      total,
      address,
      idempotencyKey,
      createdAt: change.now,
      expiresAt: new Date(change.now.getTime() + TIME_TO_PAY),
    });
    await repo.insertAll(
      "orderLines",
      sold.map((line) => ({ ...line, orderId: order.id })),
    );
    return order;
  }

  async #begin(change: OrderChange, order: Order): Promise<PlacedOrder> {
    const { url, ...payment } = await this.#payments.begin(order);
    return { order: await this.#keep(change, order, payment), url };
  }

  async #charge(change: OrderChange, order: Order, method: string): Promise<PlacedOrder> {
    return { order: await this.#keep(change, order, await this.#payments.charge(order, method)) };
  }

  async #keep(change: OrderChange, order: Order, payment: GatewayPayment): Promise<Order> {
    const { id: reference, amount } = payment;
    await this.#services.repo.insert("payments", {
      orderId: order.id,
      reference,
      amount,
      createdAt: change.now,
    });
    if (payment.status === "pending") change.orders.push(order);
    await settle(this.#services, change, payment);
    return change.orders.at(-1) ?? order;
  }

  /** A payment may have been made for an order that was not kept. */
  async #giveBack(number: string): Promise<void> {
    try {
      await this.refresh(number);
    } catch (error) {
      this.#book.report(error);
    }
  }

  /** Leads an order to a status by a user's wish. A customer may cancel orders of their own, and only that. */
  async #lead(
    actor: Actor,
    orderId: number,
    to: "shipped" | "cancelled" | "refunded",
    run: (order: OrderWithPayment, change: OrderChange) => Promise<void>,
  ): Promise<Order> {
    const { repo } = this.#services;
    const known = await repo.get("orders", orderId);
    const isOwn = known?.userId === actor.id && to === "cancelled";
    if (!known || (!mayModerate(actor) && !isOwn)) throw new OrderNotFound();
    if (to === "refunded" && !mayAdminister(actor)) throw new NotAllowed("Only admins give money back.");
    // The money may have come already, and its event be on its way.
    if (to === "cancelled") await this.refresh(known.number);
    return this.#book.change(known.number, async (change) => {
      const before = await this.#withPayment(orderId);
      const order = await change.move(before, to, actor);
      if (!order) throw new WrongStatus(before.status, to);
      await run(before, change);
      return order;
    });
  }

  async #cancelUnpaid(orderId: number, number: string): Promise<boolean> {
    // The money may have come already, and its event be on its way.
    await this.refresh(number);
    return this.#book.change(number, async (change) => {
      const order = await this.#withPayment(orderId);
      if (!(await change.move(order, "cancelled"))) return false;
      await this.#end(order, change);
      return true;
    });
  }

  async #withPayment(orderId: number): Promise<OrderWithPayment> {
    const order = await this.#services.repo.get("orders", orderId, { preload: { payment: true } });
    if (!order) throw new OrderNotFound();
    return order;
  }

  /** Ends the payment of an order, and takes back what has not left the house. */
  async #end({ id, status, payment }: OrderWithPayment, change: OrderChange): Promise<void> {
    if (status !== "shipped") await change.returnStock(id);
    if (!payment) return;
    await change.setPayment(payment, status === "pending" ? "declined" : "refunded");
    await this.#services.gateway.refund(payment.reference);
  }
}
