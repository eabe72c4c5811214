/** The check-out: address, means of payment, and the order. */
import { html, Link, LiveView } from "@overwire/server";
import { RateLimitExceeded } from "@overwire/server/rate-limit";
import { z } from "zod";
import { type CartContent, contentOf } from "../../cart/cart.ts";
import type { PaymentMethod } from "../../database/tables.ts";
import { addressAnswer } from "../../onboarding/answers.ts";
import { isOrderRefusal, KeyReused } from "../../orders/errors.ts";
import { GatewayUnavailable, PaymentDeclined } from "../../payments/gateway.ts";
import { money } from "../../shared/money.ts";
import { randomToken } from "../../shared/random.ts";
import { followCart, ownerOf } from "../cart/owner.ts";
import { AddressFields } from "../shared/address-fields.ts";
import { frame } from "../shared/frame.ts";
import { member } from "../shared/guards.ts";
import { tooMany } from "../shared/limited.ts";

const answers = z.object({
  /** Of the order: a form that is sent twice, by a page that was mounted anew too, is one order. */
  key: z.string().regex(/^[\w-]{16,64}$/),
  address: addressAnswer,
  pay: z.enum(["saved", "page"]),
});

export class Checkout extends LiveView<"/checkout", typeof member> {
  static guard = member;

  cart: CartContent = contentOf([]);
  method: PaymentMethod | null = null;
  problem = "";

  async mount() {
    followCart(this, () => this.#read());
    await this.#read();
    const { user, store } = this.context;
    const profile = await store.profiles.of(this.session.userId);
    this.method = profile?.paymentMethod ?? null;
    this.orderForm.assign({
      key: randomToken(),
      address: profile?.address ?? {
        name: user?.name ?? "",
        street: "",
        postcode: "",
        city: "",
        country: "",
      },
      pay: this.method ? "saved" : "page",
    });
  }

  async #read() {
    this.cart = await this.context.store.carts.of(ownerOf(this));
  }

  orderForm = this.form(answers, {
    name: "order",
    change: () => {
      this.problem = "";
    },
    invalid: () => {
      this.problem = "Please look at the marked fields.";
    },
    submit: async ({ key, address, pay }): Promise<void> => {
      const { carts, orders } = this.context.store;
      const { items, total } = this.cart;
      const { userId } = this.session;
      const lines = items.map(({ product, quantity }) => ({ productId: product.id, quantity }));
      this.problem = "";
      try {
        const { order, url } = await orders.place(
          { id: userId },
          {
            lines,
            address,
            idempotencyKey: key,
            method: pay === "saved" ? this.method?.id : undefined,
            total,
          },
        );
        await carts.takeOut({ userId }, lines);
        if (url) this.redirect({ external: url });
        else this.pushNavigate(`/orders/${order.number}`);
      } catch (error) {
        await this.#refused(error);
      }
    },
  });

  async #refused(error: unknown) {
    await this.#read();
    if (error instanceof PaymentDeclined) {
      this.problem = "The bank has declined the payment. Nothing was ordered. Try again, or pay another way.";
      this.orderForm.assign({ key: randomToken() });
    } else if (error instanceof KeyReused) {
      this.problem =
        "This page has placed an order before, of other goods or to another address. Send this one again if you want both.";
      this.orderForm.assign({ key: randomToken() });
    } else if (error instanceof GatewayUnavailable) {
      this.problem = "The payment gateway does not answer just now. Nothing was ordered. Please try again.";
    } else if (error instanceof RateLimitExceeded) this.problem = tooMany(error, "orders");
    else if (isOrderRefusal(error)) this.problem = error.message;
    else throw error;
  }

  render() {
    return frame(
      this,
      html`
        <div class="checkout stack">
          <h1>Check out</h1>
          ${this.cart.items.length === 0 ? this.#nothing() : this.#order()}
        </div>`,
    );
  }

  #nothing() {
    return html`
      <p class="empty">
        There is nothing to check out. <${Link} navigate="/">Look around<//> or see
        <${Link} navigate="/orders">your orders<//>.
      </p>`;
  }

  #order() {
    const { fields, change, submit } = this.orderForm;
    const { total, canCheckOut } = this.cart;
    const isSaved = fields.pay.value === "saved" && this.method;
    return html`
      <form id="order" class="columns" phx-change=${change} phx-submit=${submit}>
        <input type="hidden" ...${fields.key.attributes}>
        <div class="stack">
          <fieldset class="card stack">
            <legend><h2>Where it goes</h2></legend>
            <${AddressFields} fields=${fields.address} />
          </fieldset>
          <fieldset class="card">
            <legend><h2>How you pay</h2></legend>
            ${
              this.method &&
              html`<label class="check"><input ...${fields.pay.radio("saved")}> ${this.method.brand} that ends with ${this.method.last4}</label>`
            }
            <label class="check"><input ...${fields.pay.radio("page")}> By card, on the page of our payment gateway</label>
          </fieldset>
        </div>
        <section class="card stack summary" aria-labelledby="summary">
          <h2 id="summary">Your order</h2>
          <ul>${this.cart.items.map(
            ({ product, quantity, total, available }) => html`
              <li>
                <span>${quantity} × ${product.name}</span> <span>${money(total)}</span>
                ${quantity > available && html`<small class="problem">${available === 0 ? "Sold out" : `Only ${available} left`}</small>`}
              </li>`,
          )}</ul>
          <p class="sum"><span>Sum</span> <strong>${money(total)}</strong></p>
          ${this.problem && html`<p class="problem" role="alert">${this.problem}</p>`}
          ${
            canCheckOut
              ? html`<button class="primary" phx-disable-with="One moment…">${isSaved ? `Pay ${money(total)}` : "Order and pay"}</button>`
              : html`<p class="problem">Some pieces are not in stock any more.</p>`
          }
          <${Link} navigate="/cart">Change the cart<//>
        </section>
      </form>`;
  }
}
