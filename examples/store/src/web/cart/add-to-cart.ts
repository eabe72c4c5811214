/** The form that puts pieces of a product into the cart. It shows them at once, and takes them back if they are gone. */
import { FieldErrors, html, JS, LiveComponent } from "@overwire/server";
import { z } from "zod";
import { type CartContent, contentOf, MAX_QUANTITY, quantity } from "../../cart/cart.ts";
import { isRefusal } from "../../cart/errors.ts";
import type { Product } from "../../database/schema.ts";
import { BADGE } from "./badge.ts";
import { followCart, ownerOf } from "./owner.ts";

export interface AddToCartProps {
  /** With its stock as the page knows it. */
  readonly product: Product;
}

/** An empty field is no number, and not 0. */
const typed = z.string().trim().min(1, "Write a number.").max(10, "Write a number.").pipe(quantity);

/** A part of the product's page: `<${AddToCart} id="add" product=${product} />`. */
export class AddToCart extends LiveComponent<AddToCartProps> {
  cart: CartContent = contentOf([]);
  /** Pieces that are shown and not certain yet. */
  ahead = 0;

  mount() {
    followCart(this, () => this.#read());
  }

  async joined() {
    await this.#read();
  }

  chosen = this.form(z.object({ quantity: typed }), {
    values: { quantity: "1" },
    submit: async ({ quantity }): Promise<void> => {
      try {
        await this.optimistic(
          () => {
            this.ahead = quantity;
          },
          async () => {
            await this.context.store.carts.add(ownerOf(this), this.props.product.id, quantity);
            await this.#read();
          },
        );
        this.ahead = 0;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        this.chosen.setErrors({ quantity: error.message });
      }
    },
  });

  async #read() {
    this.cart = await this.context.store.carts.of(ownerOf(this));
  }

  get #inCart() {
    const { product } = this.props;
    return this.ahead + (this.cart.items.find((item) => item.product.id === product.id)?.quantity ?? 0);
  }

  /** Shows the sum before the server has answered; it is taken back if the server decides otherwise. */
  #ahead(inCart: number) {
    const { quantity } = this.chosen.output ?? {};
    if (quantity === undefined) return undefined;
    return JS.setAttribute("data-ahead", label(inCart + quantity), { to: { inner: ".label" } }).setAttribute(
      "data-ahead",
      String(this.cart.pieces + quantity),
      { to: BADGE },
    );
  }

  render() {
    const { stock } = this.props.product;
    const { fields, change, submit } = this.chosen;
    const inCart = this.#inCart;
    const most = Math.min(MAX_QUANTITY, stock) - inCart;
    const isSoldOut = stock === 0 && inCart === 0;
    const isOver = isSoldOut || inCart >= MAX_QUANTITY;
    const ahead = this.#ahead(inCart);
    // Until the server knows a number that was typed, no sum with another one is shown.
    const choose = JS.push(change, {
      optimistic: JS.setAttribute("data-unsure", "true", { to: { closest: ".add-to-cart" } }),
    });
    return html`
      <form id=${this.chosen.id} class="add-to-cart" novalidate phx-change=${choose}
        phx-submit=${ahead ? JS.push(submit, { optimistic: ahead }) : submit}>
        ${
          !isOver &&
          html`<label for=${fields.quantity.id}>Quantity</label>
          <input type="number" inputmode="numeric" min="1" max=${Math.max(1, most)} step="1" autocomplete="off" required
            ...${fields.quantity.attributes}>`
        }
        <button class="primary" disabled=${isOver}><span class="label"><span>${isSoldOut ? "Sold out" : label(inCart)}</span></span></button>
        <${FieldErrors} field=${fields.quantity} />
      </form>`;
  }
}

const label = (quantity: number) =>
  quantity === 0 ? "Add to cart" : `Add another · ${quantity} in your cart`;
