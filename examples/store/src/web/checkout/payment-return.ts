/** The page to which the gateway leads back. It waits for the outcome, which an event tells. */
import { html, LiveView, NotFound } from "@overwire/server";
import type { Order } from "../../database/schema.ts";
import { WrongStatus } from "../../orders/errors.ts";
import { orderTopic } from "../../orders/topics.ts";
import { GatewayUnavailable } from "../../payments/gateway.ts";
import { money } from "../../shared/money.ts";
import { frame } from "../shared/frame.ts";
import { member } from "../shared/guards.ts";

export class PaymentReturn extends LiveView<"/checkout/:number", typeof member> {
  static guard = member;

  order!: Order;
  problem = "";

  async mount() {
    await this.#read();
    this.subscribe(orderTopic(this.order.id), () => this.#follow());
  }

  /** The event may be late, or have come before the page was there. */
  override async joined() {
    try {
      await this.context.store.orders.refresh(this.order.number);
    } catch (error) {
      if (!(error instanceof GatewayUnavailable)) throw error;
    }
    await this.#follow();
  }

  pay = this.event(() =>
    this.#try(async () => this.redirect({ external: await this.context.store.orders.payAt(this.order) })),
  );

  cancel = this.event(() =>
    this.#try(async () => {
      const { user, store } = this.context;
      if (user) await store.orders.cancel(user, this.order.id);
    }),
  );

  async #try(run: () => Promise<void>) {
    this.problem = "";
    try {
      await run();
    } catch (error) {
      if (error instanceof GatewayUnavailable)
        this.problem = "The payment gateway does not answer just now. Please try again.";
      else if (!(error instanceof WrongStatus)) throw error;
      await this.#follow();
    }
  }

  async #read() {
    const order = await this.context.store.orders.byNumber(this.session.userId, this.params.number);
    if (!order) throw new NotFound("There is no such order.");
    this.order = order;
  }

  async #follow() {
    await this.#read();
    if (this.order.status !== "pending") this.pushNavigate(`/orders/${this.order.number}`, { replace: true });
  }

  render() {
    return frame(
      this,
      html`
        <section class="waiting card stack">
          <h1>Waiting for your payment</h1>
          <p role="status"><span class="pulse" aria-hidden="true"></span> Order ${this.order.number}, ${money(this.order.total)}. This page goes on by itself.</p>
          ${this.problem && html`<p class="problem" role="alert">${this.problem}</p>`}
          <div class="row">
            <button class="primary" phx-click=${this.pay}>Back to the payment</button>
            <button phx-click=${this.cancel}>Cancel the order</button>
          </div>
        </section>`,
    );
  }
}
