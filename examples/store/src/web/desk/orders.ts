/** The desk's orders: a live table whose filter, order and page stand in the URL, and actions on a selection across its pages. */
import { type AsyncOutcome, html, LiveView } from "@overwire/server";
import { z } from "zod";
import { mayAdminister } from "../../accounts/roles.ts";
import type { User } from "../../database/schema.ts";
import { ORDER_STATUSES } from "../../database/tables.ts";
import { type BulkAction, type BulkStep, inBulk, MOST_SELECTED } from "../../desk/bulk.ts";
import type { OrderPage } from "../../desk/order-list.ts";
import { ordersTopic } from "../../orders/topics.ts";
import { searched } from "../../shared/texts.ts";
import { admin, moderator } from "../shared/guards.ts";
import { bulkProgress } from "./bulk-progress.ts";
import { deskFrame } from "./desk-frame.ts";
import {
  filterOf,
  type OrderParams,
  ordersPath,
  PAGE_SIZE,
  queryOf,
  readOrderParams,
} from "./order-params.ts";
import { filterForm, pageLinks, selectionBar, table } from "./orders-parts.ts";
import type { BulkRun, OrdersState } from "./orders-state.ts";
import { soon } from "./soon.ts";

const search = z.object({
  q: searched(100),
  status: z.union([z.literal("").transform(() => undefined), z.enum(ORDER_STATUSES)]),
});
const one = z.object({ id: z.int32() });
const BULK = "bulk";

export class DeskOrders extends LiveView<"/desk/orders"> implements OrdersState {
  shown: OrderParams = readOrderParams({});
  page: OrderPage = { rows: [], total: 0 };
  selected = new Set<number>();
  bulk: BulkRun | undefined;

  mount() {
    this.subscribe(
      ordersTopic,
      soon(this, () => this.#load()),
    );
  }

  async handleParams() {
    const before = this.shown;
    this.shown = readOrderParams(this.params);
    // An order that the filter hides must not be acted on.
    if (before.q !== this.shown.q || before.status !== this.shown.status) this.selected.clear();
    await this.#load();
  }

  search = this.event(search, ({ q, status }) => {
    this.pushPatch(ordersPath({ ...this.shown, q, status, page: 1 }), { replace: true });
  });

  select = this.event(one, ({ id }) => {
    if (!this.selected.delete(id)) this.selected.add(id);
  });

  selectPage = this.event(() => {
    const isWhole = this.page.rows.every(({ id }) => this.selected.has(id));
    for (const { id } of this.page.rows) isWhole ? this.selected.delete(id) : this.selected.add(id);
  });

  /** Those that are there now: an order that comes later is not acted on unseen. */
  selectAll = this.event(async () => {
    this.selected = new Set(await this.context.store.orderList.ids(filterOf(this.shown), MOST_SELECTED));
  });

  selectNone = this.event(() => this.selected.clear());

  ship = this.event(() => this.#begin("ship"), { guard: moderator });
  cancel = this.event(() => this.#begin("cancel"), { guard: moderator });
  refund = this.event(() => this.#begin("refund"), { guard: admin });
  stop = this.event(() => this.cancelAsync(BULK));
  dismiss = this.event(() => {
    if (!this.bulk?.isRunning) this.bulk = undefined;
  });

  /** Runs beside the view, so the table can be paged meanwhile. It ends with the page. */
  #begin(action: BulkAction): void {
    const ids = [...this.selected];
    if (this.bulk?.isRunning || ids.length === 0) return;
    this.bulk = { action, total: ids.length, done: 0, failures: [], isRunning: true };
    const { store } = this.context;
    this.startAsync(BULK, async (signal) => {
      for await (const step of inBulk(store.orders, this.user, action, ids, signal)) this.send(step);
    });
  }

  async handleInfo(step: BulkStep) {
    if (!this.bulk) return;
    const { id, failure } = step;
    this.bulk.done++;
    if (failure === undefined) return void this.selected.delete(id);
    const order = await this.context.store.orders.get(id);
    this.bulk.failures.push({ id, number: order?.number ?? String(id), reason: failure });
  }

  handleAsync(_key: string, _result: AsyncOutcome<unknown>) {
    if (this.bulk) this.bulk.isRunning = false;
  }

  async #load(): Promise<void> {
    const { orderList } = this.context.store;
    this.page = await orderList.find(queryOf(this.shown));
    const last = Math.max(1, Math.ceil(this.page.total / PAGE_SIZE));
    if (this.shown.page <= last) return;
    // The rows of the last page are gone.
    this.shown = { ...this.shown, page: last };
    this.page = await orderList.find(queryOf(this.shown));
  }

  get user(): User {
    // The guard stands before the view.
    return this.context.user as User;
  }

  /** A moderator sees no refund, and the event is guarded too. */
  get mayRefund(): boolean {
    return mayAdminister(this.user);
  }

  render() {
    return deskFrame(
      this,
      html`<div class="stack">
        <h1>Orders</h1>
        ${filterForm(this)}
        ${this.bulk && bulkProgress(this, this.bulk)}
        ${selectionBar(this)}
        ${table(this)}
        ${pageLinks(this)}
      </div>`,
    );
  }
}
