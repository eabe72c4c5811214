/** An order at the desk: its lines, its payment and its history, live, and what may be done to it. */
import { each, html, JS, Link, LiveView, NotFound, path } from "@overwire/server";
import { mayAdminister } from "../../accounts/roles.ts";
import { type AuditQuery, type AuditRecord, auditTopic, isInAudit } from "../../audit/audit.ts";
import type { OrderStatus, User } from "../../database/schema.ts";
import { actOn, type BulkAction, bulkActions } from "../../desk/bulk.ts";
import type { FullOrder } from "../../orders/orders.ts";
import { orderTopic } from "../../orders/topics.ts";
import { countryOf } from "../../shared/countries.ts";
import { dateTime } from "../../shared/dates.ts";
import { money } from "../../shared/money.ts";
import { admin, moderator } from "../shared/guards.ts";
import { Details } from "./audit-details.ts";
import { deskFrame } from "./desk-frame.ts";
import { OrderBadge } from "./order-badge.ts";
import { confirmation } from "./orders-parts.ts";

const ACTIONS: { readonly [status in OrderStatus]: readonly BulkAction[] } = {
  pending: ["cancel"],
  paid: ["ship", "refund"],
  shipped: ["refund"],
  declined: [],
  cancelled: [],
  refunded: [],
};

export class DeskOrder extends LiveView<"/desk/orders/:number"> {
  order!: FullOrder;
  history: readonly AuditRecord[] = [];

  async mount() {
    const { orders } = this.context.store;
    const found = await orders.byNumber(undefined, this.params.number);
    if (!found) throw new NotFound("There is no such order.");
    this.pageTitle = `Order ${found.number}`;
    this.subscribe(orderTopic(found.id), () => this.#read(found.id));
    this.subscribe(auditTopic, (entry) => {
      if (isInAudit(entry, this.#entries(found.id))) return this.#read(found.id);
    });
    await this.#read(found.id);
  }

  async #read(id: number) {
    const { orders, audit } = this.context.store;
    const order = await orders.get(id);
    if (order) this.order = order;
    this.history = await audit.list(this.#entries(id));
  }

  /** As in the audit log, moderators see what they did themselves. */
  #entries(id: number): AuditQuery {
    return {
      subject: `order:${id}`,
      actorId: mayAdminister(this.#user) ? undefined : this.#user.id,
    };
  }

  ship = this.event(() => this.#act("ship"), { guard: moderator });
  cancel = this.event(() => this.#act("cancel"), { guard: moderator });
  refund = this.event(() => this.#act("refund"), { guard: admin });

  async #act(action: BulkAction) {
    const { id } = this.order;
    const failure = await actOn(this.context.store.orders, this.#user, action, id);
    if (failure !== undefined) this.putFlash("error", failure);
    await this.#read(id);
  }

  get #user(): User {
    // The guard stands before the view.
    return this.context.user as User;
  }

  render() {
    const { number, status, createdAt, user } = this.order;
    return deskFrame(
      this,
      html`<div class="stack">
        <p><${Link} navigate="/desk/orders">All orders<//></p>
        <h1>Order <span class="order-number">${number}</span></h1>
        <p class="row"><span role="status"><${OrderBadge} status=${status} /></span> <span class="hint">placed ${dateTime(createdAt)}</span></p>
        <p>${user.name}, ${user.email} · <${Link} navigate=${path("/desk/orders", {}, { q: user.email })}>Orders of this customer<//></p>
        ${this.#actions()}
        ${this.#lines()}
        <div class="order-desk">${this.#payment()}${this.#address()}</div>
        ${this.#history()}
      </div>`,
    );
  }

  #actions() {
    const { number, status, total } = this.order;
    const may = (action: BulkAction) =>
      ACTIONS[status].includes(action) && (action !== "refund" || mayAdminister(this.#user));
    if (!bulkActions.some(may)) return;
    const goods = status === "shipped" ? "Goods that were sent stay sold." : "Goods go back on sale.";
    const refund = `${money(total)} go back to the customer. ${goods}`;
    return html`
      <div id="actions" class="row" role="group" aria-label="Actions">
        ${may("ship") && html`<button class="primary" phx-click=${this.ship}>Ship</button>`}
        ${may("cancel") && html`<button phx-click=${JS.showModal("#confirm-cancel")}>Cancel the order</button>`}
        ${may("refund") && html`<button class="danger" phx-click=${JS.showModal("#confirm-refund")}>Refund</button>`}
      </div>
      ${may("cancel") && confirmation("cancel", `Cancel order ${number}?`, "The customer is told. Goods go back on sale.", this.cancel)}
      ${may("refund") && confirmation("refund", `Refund order ${number}?`, refund, this.refund)}`;
  }

  #lines() {
    const { lines, total } = this.order;
    return html`
      <section class="card scroller" tabindex="0" aria-label="Lines">
        <table id="lines">
          <thead><tr><th scope="col">Product</th><th scope="col" class="number">Pieces</th><th scope="col" class="number">Each</th><th scope="col" class="number">Price</th></tr></thead>
          <tbody>${each(
            lines,
            ({ id }) => id,
            ({ productId, name, quantity, price }) => html`<tr>
              <td><${Link} navigate=${path("/desk/products/:id", { id: productId })}>${name}<//></td>
              <td class="number">${quantity}</td><td class="number">${money(price)}</td><td class="number">${money(quantity * price)}</td>
            </tr>`,
          )}</tbody>
          <tfoot><tr><th scope="row" colspan="3">Sum</th><td class="number"><strong>${money(total)}</strong></td></tr></tfoot>
        </table>
      </section>`;
  }

  #payment() {
    const { payment, paidAt } = this.order;
    return html`
      <section id="payment" class="card part" aria-labelledby="payment-title">
        <h2 id="payment-title">Payment</h2>
        ${
          payment
            ? html`<p>${money(payment.amount)}, ${payment.status}<br><span class="hint">${payment.reference}</span></p>`
            : html`<p class="hint">There is none.</p>`
        }
        ${paidAt && html`<p class="hint">paid ${dateTime(paidAt)}</p>`}
      </section>`;
  }

  #address() {
    const { address, shippedAt } = this.order;
    const { name, street, postcode, city, country } = address;
    return html`
      <section class="card part" aria-labelledby="address-title">
        <h2 id="address-title">Where it goes</h2>
        <address>${name}<br>${street}<br>${postcode} ${city}<br>${countryOf(country)}</address>
        ${shippedAt && html`<p class="hint">shipped ${dateTime(shippedAt)}</p>`}
      </section>`;
  }

  #history() {
    return html`
      <section class="card part" aria-labelledby="history-title">
        <h2 id="history-title">History</h2>
        ${this.history.length === 0 && html`<p class="hint">Nothing was done yet${!mayAdminister(this.#user) && " by you"}.</p>`}
        <ol id="history" class="lines">${each(
          this.history,
          ({ id }) => id,
          // The number is that of the page.
          ({ action, actor, details: { number: _, ...details }, createdAt }) => html`
            <li>
              <p><strong>${action}</strong><br><span class="hint"><${Details} details=${details} /></span></p>
              <p class="who">${actor?.name ?? "The store"}<br><time class="hint" datetime=${createdAt.toISOString()}>${dateTime(createdAt)}</time></p>
            </li>`,
        )}</ol>
      </section>`;
  }
}
