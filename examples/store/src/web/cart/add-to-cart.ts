/** The button that puts a product into the cart. It shows the piece at once, and takes it back if the last one is gone. */
import { html, JS, LiveComponent } from "@overwire/server";
import { type CartContent, contentOf, MAX_QUANTITY } from "../../cart/cart.ts";
import { isRefusal } from "../../cart/errors.ts";
import type { Product } from "../../database/schema.ts";
import { BADGE } from "./badge.ts";
import { followCart, ownerOf } from "./owner.ts";

export interface AddToCartProps {
  /** With its stock as the page knows it. */
  readonly product: Product;
}

/** A part of the product's page: `<${AddToCart} id="add" product=${product} />`. */
export class AddToCart extends LiveComponent<AddToCartProps> {
  cart: CartContent = contentOf([]);
  /** Pieces that are shown and not certain yet. */
  ahead = 0;
  problem = "";

  mount() {
    followCart(this, () => this.#read());
  }

  async joined() {
    await this.#read();
  }

  add = this.event(async () => {
    this.problem = "";
    try {
      await this.optimistic(
        () => {
          this.ahead = 1;
        },
        async () => {
          await this.context.store.carts.add(ownerOf(this), this.props.product.id);
          await this.#read();
        },
      );
      this.ahead = 0;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.problem = error.message;
    }
  });

  async #read() {
    this.cart = await this.context.store.carts.of(ownerOf(this));
  }

  get #quantity() {
    const { product } = this.props;
    return this.ahead + (this.cart.items.find((item) => item.product.id === product.id)?.quantity ?? 0);
  }

  render() {
    const { product } = this.props;
    const quantity = this.#quantity;
    const isSoldOut = product.stock === 0 && quantity === 0;
    // The page does not wait for the server to show the piece; it does take it back if the server says so.
    const add = JS.push(this.add, {
      optimistic: JS.setAttribute("data-ahead", label(quantity + 1), {
        to: { inner: ".label" },
      }).setAttribute("data-ahead", String(this.cart.pieces + 1), { to: BADGE }),
    });
    return html`
      <div class="add-to-cart">
        <button class="primary" phx-click=${add} disabled=${isSoldOut || quantity >= MAX_QUANTITY}
          aria-describedby=${this.problem !== "" && `${this.id}-problem`}>
          <span class="label"><span>${isSoldOut ? "Sold out" : label(quantity)}</span></span>
        </button>
        ${this.problem && html`<p id="${this.id}-problem" class="problem" role="alert">${this.problem}</p>`}
      </div>`;
  }
}

const label = (quantity: number) =>
  quantity === 0 ? "Add to cart" : `Add another · ${quantity} in your cart`;
