/** The desk's first page: the store's figures, in panels that load, fail and stay up to date by themselves. */
import { type AsyncResult, asyncResult, type Child, html, LiveView } from "@overwire/server";
import { z } from "zod";
import { stockTopic } from "../../catalogue/topics.ts";
import { ordersTopic } from "../../orders/topics.ts";
import { SECOND } from "../../shared/clock.ts";
import { bestSellersTable, newestOrdersTable, salesCharts, stockTable } from "./dashboard-panels.ts";
import { deskFrame } from "./desk-frame.ts";
import { soon } from "./soon.ts";

export const DAYS = 30;
const ROWS = 8;
/** Sums over many orders are made at most so often while orders come in. */
const SUMS_EVERY = 5 * SECOND;

const panelNames = ["sales", "bestSellers", "newestOrders", "lowStock"] as const;
type PanelName = (typeof panelNames)[number];

export class Dashboard extends LiveView<"/desk"> {
  sales = this.assignAsync(() => this.reports.sales(DAYS));
  newestOrders = this.assignAsync(() => this.reports.newestOrders(ROWS));
  bestSellers = this.assignAsync(() => this.reports.bestSellers(ROWS));
  lowStock = this.assignAsync(() => this.reports.lowStock(ROWS));

  mount() {
    const ordered = soon(this, () => this.#reload("newestOrders"));
    const sold = soon(this, () => this.#reload("sales", "bestSellers"), SUMS_EVERY);
    const stocked = soon(this, () => this.#reload("lowStock"));
    this.subscribe(ordersTopic, () => {
      ordered();
      sold();
    });
    this.subscribe(stockTopic, stocked);
  }

  retry = this.event(z.object({ panel: z.enum(panelNames) }), ({ panel }) => this.#reload(panel));

  private get reports() {
    return this.context.store.reports;
  }

  #reload(...panels: readonly PanelName[]): void {
    for (const panel of panels) this[panel].reload();
  }

  render() {
    return deskFrame(
      this,
      html`<h1>Dashboard</h1>
        <div class="panels">
          ${this.#panel("sales", "Sales", this.sales, salesCharts)}
          ${this.#panel("newestOrders", "Newest orders", this.newestOrders, newestOrdersTable)}
          ${this.#panel("bestSellers", "Best sellers", this.bestSellers, bestSellersTable)}
          ${this.#panel("lowStock", "Low stock", this.lowStock, stockTable)}
        </div>`,
    );
  }

  #panel<T>(name: PanelName, title: string, result: AsyncResult<T>, show: (value: T) => Child) {
    return html`
      <section id=${name} class="card panel" aria-labelledby="${name}-title" aria-busy=${String(result.loading)}>
        <h2 id="${name}-title">${title}</h2>
        ${asyncResult(result, {
          loading: html`<p class="hint">Loading…</p>`,
          ok: (value) => show(value),
          failed: html`
            <p class="problem" role="alert">These figures cannot be loaded.</p>
            <button phx-click=${this.retry({ panel: name })} aria-label="Try again: ${title}">Try again</button>`,
        })}
      </section>`;
  }
}
