/** Changes of orders: each in one transaction, and told to customers, desk and catalogue when it is kept. */
import { OutOfStock } from "../cart/errors.ts";
import type { Order, OrderStatus, Payment, Product, StoreRepo } from "../database/schema.ts";
import type { Services } from "../services/services.ts";
import { orderMail } from "./order-mails.ts";
import { statusesBefore } from "./status.ts";
import { ordersTopic, orderTopic, userOrdersTopic } from "./topics.ts";

export type OrderServices = Pick<Services, "repo" | "pubsub" | "mailer" | "gateway" | "clock" | "url">;

export interface OrderOptions {
  /** Hears of each product whose stock has changed, after the transaction. */
  readonly stockChanged?: (product: Product) => unknown;
  /** Gets errors of work that goes on beside an answer, such as a mail. */
  readonly report?: (error: unknown) => void;
}

export class OrderBook {
  readonly #services: OrderServices;
  readonly #options: OrderOptions;
  readonly #mails = new Set<Promise<void>>();

  constructor(services: OrderServices, options: OrderOptions) {
    this.#services = services;
    this.#options = options;
  }

  /**
   * Changes an order in one transaction. All changes of an order, on all nodes, wait for each other by its number, also while it is
   * placed: a second request with its key finds the order, and an event that comes before the order is kept waits for it.
   */
  async change<T>(number: string, run: (change: OrderChange) => Promise<T>): Promise<T> {
    const { repo, clock } = this.#services;
    const change = new OrderChange(repo, clock());
    const result = await repo.transaction(async () => {
      await repo.query("lockOrder", number);
      return run(change);
    });
    await this.#tell(change);
    return result;
  }

  report(error: unknown): void {
    const { report = console.error } = this.#options;
    report(error);
  }

  /** Resolves when the mails of earlier changes are handed over. */
  async mailed(): Promise<void> {
    await Promise.all(this.#mails);
  }

  async #tell({ products, orders }: OrderChange): Promise<void> {
    const { pubsub } = this.#services;
    for (const { id, userId, status } of orders) {
      const news = { id, status };
      for (const topic of [orderTopic(id), userOrdersTopic(userId), ordersTopic]) pubsub.publish(topic, news);
    }
    // A server of mail that is slow keeps no customer waiting.
    for (const order of orders) {
      const sending = this.#mail(order).finally(() => this.#mails.delete(sending));
      this.#mails.add(sending);
    }
    for (const product of products.values()) await this.#quietly(() => this.#options.stockChanged?.(product));
  }

  /** Of the status that the order has come to, as it may have another by the time that the mail is written. */
  #mail({ id, status }: Order): Promise<void> {
    const { repo, mailer, url } = this.#services;
    return this.#quietly(async () => {
      const order = await repo.get("orders", id, { preload: { user: true, lines: true } });
      if (order) await mailer.send(orderMail({ ...order, status }, order.user, url));
    });
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
  /** Products as they are after the change. */
  readonly products = new Map<number, Product>();
  readonly now: Date;
  readonly #repo: StoreRepo;

  constructor(repo: StoreRepo, now: Date) {
    this.#repo = repo;
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

  /** @returns the order in its new status, or undefined if there is no way from the one that it has */
  async move(orderId: number, to: OrderStatus): Promise<Order | undefined> {
    const [order] = await this.#repo.updateAll(
      "orders",
      { id: orderId, status: { in: statusesBefore(to) } },
      {
        status: to,
        ...(to === "paid" && { paidAt: this.now }),
        ...(to === "shipped" && { shippedAt: this.now }),
      },
    );
    if (order) this.orders.push(order);
    return order;
  }

  async setPayment(payment: Payment, status: Payment["status"]): Promise<void> {
    await this.#repo.update("payments", payment.id, { status });
  }
}

const byId = (quantities: Iterable<readonly [id: number, quantity: number]>) =>
  [...quantities].sort(([a], [b]) => a - b);
