/** The cart: its lines, what was removed and can be put back, and the way to the check-out. */
import { each, html, JS, Link, LiveView } from "@overwire/server";
import { z } from "zod";
import { type CartContent, type CartItem, contentOf } from "../../cart/cart.ts";
import type { Pieces } from "../../cart/carts.ts";
import { productTopic } from "../../catalogue/topics.ts";
import { money } from "../../shared/money.ts";
import { frame } from "../shared/frame.ts";
import { CartLine } from "./cart-line.ts";
import { followCart, ownerOf } from "./owner.ts";

interface Removed extends Pieces {
  readonly name: string;
}

export class CartPage extends LiveView<"/cart"> {
  cart: CartContent = contentOf([]);
  removed: readonly Removed[] = [];
  /** Ends of subscriptions, by the product whose stock and price are followed. */
  #followed = new Map<number, () => void>();

  async mount() {
    followCart(this, () => this.#read());
    await this.#read();
  }

  async #read() {
    this.cart = await this.context.store.carts.of(ownerOf(this));
    const products = new Set(this.cart.items.map(({ product }) => product.id));
    for (const id of products)
      if (!this.#followed.has(id))
        this.#followed.set(
          id,
          this.subscribe(productTopic(id), () => this.#read()),
        );
    for (const [id, stop] of this.#followed) {
      if (products.has(id)) continue;
      stop();
      this.#followed.delete(id);
    }
    this.removed = this.removed.filter(({ productId }) => !products.has(productId));
  }

  #remove = async ({ product }: CartItem): Promise<void> => {
    const pieces = await this.context.store.carts.remove(ownerOf(this), product.id);
    if (pieces) this.removed = [...this.removed, { ...pieces, name: product.name }];
    await this.#read();
  };

  putBack = this.event(z.object({ productId: z.number() }), async ({ productId }) => {
    const pieces = this.removed.find((each) => each.productId === productId);
    if (pieces) await this.context.store.carts.putBack(ownerOf(this), pieces);
    await this.#read();
  });

  acceptPrices = this.event(async () => {
    await this.context.store.carts.acceptPrices(ownerOf(this));
    await this.#read();
  });

  render() {
    const { items } = this.cart;
    return frame(
      this,
      html`
        <div class="cart stack">
          <h1>Your cart</h1>
          ${items.some(({ formerPrice }) => formerPrice !== undefined) && this.#prices()}
          <ul class="removed">${each(this.removed, ({ productId }) => productId, this.#undo)}</ul>
          ${
            items.length > 0
              ? html`<ul class="lines card">${each(
                  items,
                  ({ product }) => product.id,
                  (item) =>
                    html`<${CartLine} id="line-${item.product.id}" item=${item} onRemove=${this.#remove} />`,
                )}</ul>${this.#sum()}`
              : html`<p class="empty">There is nothing in it yet. <${Link} navigate="/">Look around<//></p>`
          }
        </div>`,
    );
  }

  #prices() {
    return html`
      <p class="notice" role="status">
        <span>Prices have changed since you put these things in.</span>
        <button phx-click=${this.acceptPrices}>All right</button>
      </p>`;
  }

  #undo = ({ productId, name }: Removed) => html`
    <li class="notice">
      <span role="status">${name} was removed.</span>
      <button phx-click=${this.putBack({ productId })} phx-mounted=${JS.focus()} aria-label="Undo: put ${name} back">Undo</button>
    </li>`;

  #sum() {
    const { pieces, total, canCheckOut } = this.cart;
    return html`
      <div class="sum">
        <p><span class="hint">${pieces === 1 ? "1 piece" : `${pieces} pieces`}</span> <strong>${money(total)}</strong></p>
        ${
          canCheckOut
            ? html`<${Link} class="button primary" navigate="/checkout">Check out<//>`
            : html`<p class="problem">Some pieces are not in stock any more. Change them to check out.</p>`
        }
      </div>`;
  }
}
