/** An order: its status as it changes, and its content. Orders of others are not there. */
import { html, Link, LiveView, NotFound } from "@overwire/server";
import { isRefusal, OutOfStock } from "../../cart/errors.ts";
import type { OrderWithLines } from "../../orders/orders.ts";
import { userOrdersTopic } from "../../orders/topics.ts";
import { countryOf } from "../../shared/countries.ts";
import { dateTime } from "../../shared/dates.ts";
import { money } from "../../shared/money.ts";
import { frame } from "../shared/frame.ts";
import { member } from "../shared/guards.ts";
import { StatusBadge, Timeline } from "./order-status.ts";

export class OrderPage extends LiveView<"/orders/:number", typeof member> {
  static guard = member;

  order!: OrderWithLines;

  async mount() {
    // Before it is read, so that no change is missed meanwhile.
    this.subscribe(userOrdersTopic(this.session.userId), ({ id }) => {
      if (id === this.order.id) return this.#read();
    });
    await this.#read();
    this.pageTitle = `Order ${this.order.number}`;
  }

  async #read() {
    const order = await this.context.store.orders.byNumber(this.session.userId, this.params.number);
    if (!order) throw new NotFound("There is no such order.");
    this.order = order;
  }

  /** Puts the pieces that are still to be had into the cart. */
  again = this.event(async () => {
    const missing: string[] = [];
    const beyond: string[] = [];
    for (const { productId, name, quantity } of this.order.lines) {
      try {
        await this.context.store.carts.add({ userId: this.session.userId }, productId, quantity);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        (error instanceof OutOfStock ? missing : beyond).push(name);
      }
    }
    const sentences = [
      missing.length > 0 && `Not in stock as before: ${missing.join(", ")}.`,
      beyond.length > 0 && `More than a cart holds: ${beyond.join(", ")}.`,
    ].filter(Boolean);
    if (sentences.length > 0) this.putFlash("error", sentences.join(" "));
    this.pushNavigate("/cart");
  });

  render() {
    const { number, status, total, lines, address, createdAt } = this.order;
    const isOver = status === "declined" || status === "cancelled";
    return frame(
      this,
      html`
        <div class="order stack">
          <header class="stack">
            <p><${Link} navigate="/orders">All orders<//></p>
            <h1>Order <span class="order-number">${number}</span></h1>
            <p class="row"><span role="status"><${StatusBadge} status=${status} /></span> <span class="hint">${dateTime(createdAt)}</span></p>
          </header>
          <section class="card"><${Timeline} order=${this.order} /></section>
          ${status === "pending" && html`<p class="row"><${Link} class="button primary" navigate="/checkout/${number}">Pay now<//></p>`}
          ${isOver && html`<p class="row"><button class="primary" phx-click=${this.again}>Order again</button></p>`}
          <section class="card scroller">
            <table>
              <caption class="hint">Content of the order</caption>
              <thead><tr><th scope="col">Product</th><th scope="col" class="number">Pieces</th><th scope="col" class="number">Price</th></tr></thead>
              <tbody>${lines.map(
                ({ name, price, quantity }) =>
                  html`<tr><td>${name}</td><td class="number">${quantity}</td><td class="number">${money(price * quantity)}</td></tr>`,
              )}</tbody>
              <tfoot><tr><th scope="row" colspan="2">Sum</th><td class="number"><strong>${money(total)}</strong></td></tr></tfoot>
            </table>
          </section>
          <section class="card stack">
            <h2>Where it goes</h2>
            <address>${address.name}<br>${address.street}<br>${address.postcode} ${address.city}<br>${countryOf(address.country)}</address>
          </section>
        </div>`,
    );
  }
}
