/** A customer's orders, the newest first, as an endless list whose items follow their orders. */
import { html, Link, LiveView } from "@overwire/server";
import { z } from "zod";
import type { OrderWithLines } from "../../orders/orders.ts";
import { userOrdersTopic } from "../../orders/topics.ts";
import { dateTime } from "../../shared/dates.ts";
import { money } from "../../shared/money.ts";
import { frame } from "../shared/frame.ts";
import { member } from "../shared/guards.ts";
import { StatusBadge } from "./order-status.ts";

const PAGE = 20;

/** The id of the order whose item came into sight at the end. */
const last = z
  .object({ id: z.string() })
  .transform(({ id }) => Number(id.replace("orders-", "")))
  .pipe(z.int32().min(1));

export class OrdersPage extends LiveView<"/orders", typeof member> {
  static guard = member;

  orders = this.stream<OrderWithLines>();
  #newest = 0;

  async mount() {
    const { userId } = this.session;
    this.subscribe(userOrdersTopic(userId), ({ id }) => this.#follow(id));
    const orders = await this.context.store.orders.ofUser(userId, { limit: PAGE });
    this.#newest = orders[0]?.id ?? 0;
    this.orders.insertMany(orders);
  }

  async #follow(id: number) {
    const order = await this.context.store.orders.get(id);
    if (!order) return;
    this.orders.insert(order, { at: 0, updateOnly: id <= this.#newest });
    this.#newest = Math.max(this.#newest, id);
  }

  more = this.event(last, async (before) => {
    this.orders.insertMany(
      await this.context.store.orders.ofUser(this.session.userId, { before, limit: PAGE }),
    );
  });

  render() {
    return frame(
      this,
      html`
        <div class="orders stack">
          <h1>Your orders</h1>
          <ul id="orders" class="stack" phx-update="stream" phx-viewport-bottom=${this.more}>
            ${this.orders.each((id, order) => this.#item(id, order))}
            <li id="no-orders" class="empty">You have not ordered anything yet. <${Link} navigate="/">Look around<//></li>
          </ul>
        </div>`,
    );
  }

  #item(id: string, { number, status, createdAt, total, lines }: OrderWithLines) {
    const pieces = lines.reduce((sum, { quantity }) => sum + quantity, 0);
    return html`
      <li id=${id} class="card">
        <div>
          <h2><${Link} navigate="/orders/${number}">Order ${number}<//></h2>
          <p class="hint">${dateTime(createdAt)} · ${pieces === 1 ? "1 piece" : `${pieces} pieces`}: ${lines.map(({ name }) => name).join(", ")}</p>
        </div>
        <p class="row"><${StatusBadge} status=${status} /> <strong>${money(total)}</strong></p>
      </li>`;
  }
}
