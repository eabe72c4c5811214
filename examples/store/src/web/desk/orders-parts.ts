/** Parts of the desk's page of orders. */
import { type EventHandle, each, html, JS, Link } from "@overwire/server";
import type { OrderQuery, OrderRow } from "../../database/schema.ts";
import { ORDER_STATUSES } from "../../database/tables.ts";
import { MOST_SELECTED } from "../../desk/bulk.ts";
import { dateTime } from "../../shared/dates.ts";
import { money } from "../../shared/money.ts";
import { OrderBadge } from "./order-badge.ts";
import { deskOrderPath, exportPath, ordersPath, PAGE_SIZE } from "./order-params.ts";
import type { OrdersState } from "./orders-state.ts";

export const filterForm = ({ shown, search }: OrdersState) => html`
  <form id="filter" class="row" role="search" phx-change=${search} phx-submit=${search}>
    <input type="search" name="q" value=${shown.q} aria-label="Number, name or address" placeholder="Number, name or address"
      maxlength="100" phx-debounce="200" autocomplete="off">
    <select name="status" aria-label="Status">
      <option value="">All statuses</option>
      ${ORDER_STATUSES.map((status) => html`<option value=${status} selected=${status === shown.status}>${status}</option>`)}
    </select>
    <a class="button" href=${exportPath(shown)} download>Export as CSV</a>
  </form>`;

/** Says what is selected, and offers what can be done to it. */
export function selectionBar(view: OrdersState) {
  const { selected, page, bulk } = view;
  if (selected.size === 0) return;
  const all = Math.min(page.total, MOST_SELECTED);
  const isBusy = bulk?.isRunning === true;
  return html`
    <div id="selection" class="card row" role="group" aria-label="Selection">
      <p role="status">${selected.size} selected</p>
      ${selected.size < all && html`<button class="quiet" phx-click=${view.selectAll}>Select all ${all}</button>`}
      <button class="quiet" phx-click=${view.selectNone}>Select none</button>
      <button class="primary" phx-click=${view.ship} disabled=${isBusy}>Ship</button>
      <button phx-click=${JS.showModal("#confirm-cancel")} disabled=${isBusy}>Cancel orders</button>
      ${view.mayRefund && html`<button class="danger" phx-click=${JS.showModal("#confirm-refund")} disabled=${isBusy}>Refund</button>`}
    </div>
    ${confirmation("cancel", `Cancel ${selected.size} orders?`, "Customers are told. Goods go back on sale.", view.cancel)}
    ${
      view.mayRefund &&
      confirmation(
        "refund",
        `Refund ${selected.size} orders?`,
        "The money goes back to the customers.",
        view.refund,
      )
    }`;
}

/** A question before an action that cannot be taken back. `JS.showModal("#confirm-NAME")` asks it. */
export const confirmation = (name: string, question: string, hint: string, event: EventHandle) => html`
  <dialog id="confirm-${name}" class="card" aria-labelledby="${name}-question" phx-click-away=${JS.close()}>
    <div class="stack">
      <h2 id="${name}-question">${question}</h2>
      <p>${hint}</p>
      <div class="row">
        <button class="danger" phx-click=${JS.push(event).close(`#confirm-${name}`)}>Yes, ${name}</button>
        <button class="quiet" phx-click=${JS.close(`#confirm-${name}`)}>No</button>
      </div>
    </div>
  </dialog>`;

export function table(view: OrdersState) {
  const { rows } = view.page;
  const isWhole = rows.length > 0 && rows.every(({ id }) => view.selected.has(id));
  return html`
    <div class="card scroller" tabindex="0" role="region" aria-label="Table of orders">
      <table id="orders">
        <thead>
          <tr>
            <th scope="col"><input type="checkbox" checked=${isWhole} phx-click=${view.selectPage} aria-label="Select this page"></th>
            <th scope="col">Number</th>
            ${column(view, "customer", "Customer")}
            <th scope="col">Status</th>
            ${column(view, "created", "Placed")}
            ${column(view, "total", "Total", "number")}
          </tr>
        </thead>
        <tbody>${each(
          rows,
          ({ id }) => id,
          (row) => line(view, row),
        )}</tbody>
      </table>
      ${rows.length === 0 && html`<p class="hint nothing">No order is like this.</p>`}
    </div>`;
}

function column({ shown }: OrdersState, sort: OrderQuery["sort"], text: string, kind?: string) {
  const isCurrent = shown.sort === sort;
  const direction = isCurrent && shown.direction === "desc" ? "asc" : "desc";
  const order = isCurrent && (shown.direction === "desc" ? "descending" : "ascending");
  return html`
    <th scope="col" class=${kind} aria-sort=${order}>
      <${Link} patch=${ordersPath({ ...shown, sort, direction, page: 1 })}>${text}<//>
    </th>`;
}

const line = (view: OrdersState, { id, number, customer, email, status, createdAt, total }: OrderRow) => html`
  <tr id="order-${id}">
    <td><input type="checkbox" checked=${view.selected.has(id)} phx-click=${view.select({ id })} aria-label="Select ${number}"></td>
    <th scope="row"><${Link} navigate=${deskOrderPath(number)}>${number}<//></th>
    <td>${customer}<br><span class="hint">${email}</span></td>
    <td><${OrderBadge} status=${status} /></td>
    <td><time datetime=${createdAt.toISOString()}>${dateTime(createdAt)}</time></td>
    <td class="number">${money(total)}</td>
  </tr>`;

export function pageLinks({ shown, page: { rows, total } }: OrdersState) {
  if (rows.length === 0) return;
  const first = (shown.page - 1) * PAGE_SIZE + 1;
  const last = first + rows.length - 1;
  return html`
    <nav class="row pages" aria-label="Pages">
      ${shown.page > 1 && html`<${Link} class="button" patch=${ordersPath({ ...shown, page: shown.page - 1 })}>Previous<//>`}
      <p>${first} to ${last} of ${total}</p>
      ${last < total && html`<${Link} class="button" patch=${ordersPath({ ...shown, page: shown.page + 1 })}>Next<//>`}
    </nav>`;
}
