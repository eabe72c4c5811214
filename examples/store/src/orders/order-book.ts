/** Changes of orders: each in one transaction with its mails and its entry in the audit log, and told to customers, desk and catalogue when it is kept. */
import pLimit from "p-limit";
import type { Audit, AuditRecord } from "../audit/audit.ts";
import { OutOfStock } from "../cart/errors.ts";
import type { Order, OrderStatus, Payment, Product, StoreRepo, User } from "../database/schema.ts";
import type { Outbox } from "../outbox/outbox.ts";
import type { Services } from "../services/services.ts";
import { orderMail } from "./order-mails.ts";
import { statusesBefore } from "./status.ts";
import { ordersTopic, orderTopic, userOrdersTopic } from "./topics.ts";

export type OrderServices = Pick<
  Services,
  "repo" | "pubsub" | "mailer" | "gateway" | "clock" | "counts" | "url"
>;

/** A user who leads an order to a status. */
export type Actor = Pick<User, "id" | "name" | "email" | "role">;

export interface OrderOptions {
  /** By default one over the same services. */
  readonly audit?: Audit;
  /** By default one over the same services. */
  readonly outbox?: Outbox;
  /** Hears of the products whose stock has changed, after the transaction. */
  readonly stockChanged?: (products: readonly Product[]) => unknown;
  /** Gets errors of work that goes on after a change or beside it. */
  readonly report?: (error: unknown) => void;
}

export interface OrderBookOptions extends OrderOptions {
  readonly audit: Audit;
  readonly outbox: Outbox;
}

/**
 * Changes of orders that run at a time on a node. They wait for the gateway and for each other's products, each with a connection to the
 * database, and pages need some of the ten, too.
 */
const MOST_CHANGES = 5;

export class OrderBook {
  readonly #services: OrderServices;
  readonly #options: OrderBookOptions;
  readonly #limit = pLimit(MOST_CHANGES);

  constructor(services: OrderServices, options: OrderBookOptions) {
    this.#services = services;
    this.#options = options;
  }

  /**
   * Changes an order in one transaction. All changes of an order, on all nodes, wait for each other by its number, also while it is
   * placed: a second request with its key finds the order, and an event that comes before the order is kept waits for it.
   */
  async change<T>(number: string, run: (change: OrderChange) => Promise<T>): Promise<T> {
    const { repo, clock } = this.#services;
    const change = new OrderChange(repo, this.#options.audit, clock());
    const result = await this.#limit(() =>
      repo.transaction(async () => {
        await repo.query("lockOrder", number);
        const result = await run(change);
        for (const order of change.orders) await this.#writeMail(order);
        return result;
      }),
    );
    await this.#tell(change);
    return result;
  }

  report(error: unknown): void {
    const { report = console.error } = this.#options;
    report(error);
  }

  async #tell({ products, orders, entries }: OrderChange): Promise<void> {
    const { pubsub } = this.#services;
    const { audit, outbox } = this.#options;
    for (const { id, userId, status } of orders) {
      const news = { id, status };
      for (const topic of [orderTopic(id), userOrdersTopic(userId), ordersTopic]) pubsub.publish(topic, news);
    }
    for (const entry of entries) audit.announce(entry);
    // A server of mail that is slow keeps no customer waiting.
    if (orders.length > 0) void outbox.deliver();
    if (products.size > 0) await this.#quietly(() => this.#options.stockChanged?.([...products.values()]));
  }

  /** Of the status that the order has come to: in one change it may come to another one after it. */
  async #writeMail({ id, status }: Order): Promise<void> {
    const { repo, url } = this.#services;
    const order = await repo.get("orders", id, { preload: { user: true, lines: true } });
    if (order)
      await this.#options.outbox.put(orderMail({ ...order, status }, order.user, url), `order:${id}`);
  }

  /** The change is kept: nothing that follows it may look like its failure. */
  async #quietly(run: () => unknown): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.report(error);
    }
  }
}

/** One change, within its transaction. */
export class OrderChange {
  /** Orders that came to a status. */
  readonly orders: Order[] = [];
  /** Entries of the audit log about the change. */
  readonly entries: AuditRecord[] = [];
  /** Products as they are after the change. */
  readonly products = new Map<number, Product>();
  readonly now: Date;
  readonly #repo: StoreRepo;
  readonly #audit: Audit;

  constructor(repo: StoreRepo, audit: Audit, now: Date) {
    this.#repo = repo;
    this.#audit = audit;
    this.now = now;
  }

  /** Takes stock in the order of ids, so that two orders never wait for each other in a circle. @throws OutOfStock */
  async takeStock(quantities: ReadonlyMap<number, number>): Promise<Product[]> {
    const products: Product[] = [];
    for (const [productId, quantity] of byId(quantities)) {
      const product = await this.#repo.query("takeStock", productId, quantity);
      if (!product?.isListed) {
        const known = product ?? (await this.#repo.get("products", productId));
        const { name = "This product", stock = 0, isListed = false } = known ?? {};
        throw new OutOfStock({ id: productId, name, stock: isListed ? stock : 0 });
      }
      this.products.set(productId, product);
      products.push(product);
    }
    return products;
  }

  async returnStock(orderId: number): Promise<void> {
    const lines = await this.#repo.filter("orderLines", { orderId });
    for (const [productId, quantity] of byId(lines.map(({ productId, quantity }) => [productId, quantity])))
      this.products.set(productId, await this.#repo.query("returnStock", productId, quantity));
  }

  /**
   * Brings an order to a status, and records it.
   * @param actor undefined if the gateway or the time has decided it
   * @returns the order in its new status, or undefined if there is no way from the one that it has
   */
  async move(before: Order, to: OrderStatus, actor?: Actor): Promise<Order | undefined> {
    const { id, number, status: from } = before;
    const [order] = await this.#repo.updateAll(
      "orders",
      { id, status: { in: statusesBefore(to) } },
      {
        status: to,
        ...(to === "paid" && { paidAt: this.now }),
        ...(to === "shipped" && { shippedAt: this.now }),
      },
    );
    if (!order) return undefined;
    this.orders.push(order);
    this.entries.push(await this.#audit.write(actor, `order.${to}`, `order:${id}`, { from, number }));
    return order;
  }

  async setPayment(payment: Payment, status: Payment["status"]): Promise<void> {
    await this.#repo.update("payments", payment.id, { status });
  }
}

const byId = (quantities: Iterable<readonly [id: number, quantity: number]>) =>
  [...quantities].sort(([a], [b]) => a - b);
