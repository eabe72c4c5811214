/** Contents of the dashboard's panels. */
import { each, html, Link } from "@overwire/server";
import type { OrderRow, Product } from "../../database/schema.ts";
import type { BestSeller, DayOfSales } from "../../desk/reports.ts";
import { money } from "../../shared/money.ts";
import { BarChart } from "./bar-chart.ts";
import { OrderBadge } from "./order-badge.ts";

const days = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

const sum = (sales: readonly DayOfSales[], of: "turnover" | "orders") =>
  sales.reduce((total, day) => total + day[of], 0);

export function salesCharts(sales: readonly DayOfSales[]) {
  const today = sales.slice(-1);
  const bars = (of: "turnover" | "orders") =>
    sales.map(({ day, [of]: value }) => ({ label: days.format(new Date(day)), value }));
  return html`
    <dl class="figures">
      <div><dt>Today</dt><dd>${money(sum(today, "turnover"))}</dd></div>
      <div><dt>Orders today</dt><dd>${sum(today, "orders")}</dd></div>
      <div><dt>${sales.length} days</dt><dd>${money(sum(sales, "turnover"))}</dd></div>
      <div><dt>Orders in ${sales.length} days</dt><dd>${sum(sales, "orders")}</dd></div>
    </dl>
    <div class="charts">
      <${BarChart} id="turnover" title="Turnover" per="Day" bars=${bars("turnover")} format=${money} />
      <${BarChart} id="orders" title="Paid orders" per="Day" bars=${bars("orders")} format=${String} />
    </div>`;
}

export const newestOrdersTable = (orders: readonly OrderRow[]) =>
  orders.length === 0
    ? html`<p class="hint">There are no orders yet.</p>`
    : html`
      <table>
        <thead><tr><th scope="col">Order</th><th scope="col">Status</th><th scope="col" class="number">Total</th></tr></thead>
        <tbody>${each(
          orders,
          ({ id }) => id,
          ({ number, customer, status, total }) => html`<tr>
            <td><${Link} navigate="/desk/orders?q=${number}">${number}<//><br><span class="hint">${customer}</span></td>
            <td><${OrderBadge} status=${status} /></td>
            <td class="number">${money(total)}</td>
          </tr>`,
        )}</tbody>
      </table>`;

export const bestSellersTable = (products: readonly BestSeller[]) =>
  products.length === 0
    ? html`<p class="hint">Nothing is sold yet.</p>`
    : html`
      <table>
        <thead><tr><th scope="col">Product</th><th scope="col" class="number">Pieces</th><th scope="col" class="number">Turnover</th></tr></thead>
        <tbody>${each(
          products,
          ({ productId }) => productId,
          ({ name, pieces, turnover }) =>
            html`<tr><td>${name}</td><td class="number">${pieces}</td><td class="number">${money(turnover)}</td></tr>`,
        )}</tbody>
      </table>`;

export const stockTable = (products: readonly Product[]) =>
  products.length === 0
    ? html`<p class="hint">There is enough of everything.</p>`
    : html`
      <table>
        <thead><tr><th scope="col">Product</th><th scope="col" class="number">Pieces left</th></tr></thead>
        <tbody>${each(
          products,
          ({ id }) => id,
          ({ name, stock }) => html`<tr>
            <td>${name}</td>
            <td class="number"><span class="badge ${stock === 0 ? "bad" : "warn"}">${stock}</span></td>
          </tr>`,
        )}</tbody>
      </table>`;
