/** Orders as the desk sees them: searched, page by page, and all of them for an export. */
import type { OrderFilter, OrderQuery, OrderRow } from "../database/schema.ts";
import type { Services } from "../services/services.ts";

/** Rows that an export has in memory at a time. */
const STEP = 500;

export interface OrderPage {
  readonly rows: readonly OrderRow[];
  /** Orders on all pages. */
  readonly total: number;
}

export class OrderList {
  readonly #services: Pick<Services, "repo">;

  constructor(services: Pick<Services, "repo">) {
    this.#services = services;
  }

  async find(query: OrderQuery): Promise<OrderPage> {
    const { repo } = this.#services;
    const [rows, total] = await Promise.all([
      repo.query("findOrders", query),
      repo.query("countOrders", query),
    ]);
    return { rows, total };
  }

  /** Ids of the newest orders of a filter, for what is done to all of them. */
  ids(filter: OrderFilter, limit: number): Promise<number[]> {
    return this.#services.repo.query("orderIds", filter, limit);
  }

  /**
   * All orders of a filter, the newest first, in pages that are read as they are asked for. An order that is placed meanwhile
   * is not among them, and none comes twice.
   */
  async *pages(filter: OrderFilter): AsyncGenerator<OrderRow[], void, void> {
    let rows: OrderRow[] = [];
    do {
      rows = await this.#services.repo.query("ordersBelow", filter, rows.at(-1)?.id, STEP);
      yield rows;
    } while (rows.length === STEP);
  }
}
