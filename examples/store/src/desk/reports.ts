/** Figures of the store, for the desk's first page. */
import type { OrderRow, Product } from "../database/schema.ts";
import type { Services } from "../services/services.ts";

export interface DayOfSales {
  /** Such as `2026-11-29`, in UTC. */
  readonly day: string;
  /** In cents. */
  readonly turnover: number;
  readonly orders: number;
}

export interface BestSeller {
  readonly productId: number;
  readonly name: string;
  readonly pieces: number;
  /** In cents. */
  readonly turnover: number;
}

/** A product with fewer pieces has to be bought in. */
export const LOW_STOCK = 5;

export class Reports {
  readonly #services: Pick<Services, "repo" | "clock">;

  constructor(services: Pick<Services, "repo" | "clock">) {
    this.#services = services;
  }

  /** Paid orders of the last days, today included, the oldest day first. */
  sales(days: number): Promise<DayOfSales[]> {
    return this.#services.repo.query("salesByDay", days, this.#services.clock());
  }

  bestSellers(limit: number): Promise<BestSeller[]> {
    return this.#services.repo.query("bestSellers", limit);
  }

  /** Products on sale that run out, the scarcest first. */
  lowStock(limit: number): Promise<Product[]> {
    return this.#services.repo.filter(
      "products",
      { isListed: true, stock: { lt: LOW_STOCK } },
      { orderBy: { stock: "asc", name: "asc" }, limit },
    );
  }

  newestOrders(limit: number): Promise<OrderRow[]> {
    return this.#services.repo.query("ordersBelow", { text: "" }, undefined, limit);
  }
}
