/** A line of the cart: its pieces as they are typed or stepped, its subtotal, and hints about price and stock. */
import { html, Link, LiveComponent, path } from "@overwire/server";
import { z } from "zod";
import { type CartItem, MAX_QUANTITY, quantity } from "../../cart/cart.ts";
import { isRefusal } from "../../cart/errors.ts";
import { money } from "../../shared/money.ts";
import { ownerOf } from "./owner.ts";

export interface CartLineProps {
  readonly item: CartItem;
  readonly onRemove: (item: CartItem) => Promise<void>;
}

export class CartLine extends LiveComponent<CartLineProps> {
  /** Pieces that are shown and not certain yet. */
  ahead: number | undefined;
  /** Text in the field, while it is no quantity. */
  typed: string | undefined;
  problem = "";

  update(previous: CartLineProps | undefined) {
    if (previous?.item !== this.props.item) this.ahead = undefined;
  }

  set = this.event(z.object({ quantity: z.coerce.number().int() }), ({ quantity }) => this.#set(quantity));

  type = this.event(z.object({ quantity: z.string().max(10) }), async ({ quantity: typed }) => {
    const checked = quantity.safeParse(typed.trim() || undefined);
    if (checked.success) return this.#set(checked.data);
    this.typed = typed;
    this.problem = checked.error.issues[0]?.message ?? "";
  });

  async #set(quantity: number): Promise<void> {
    const { item } = this.props;
    this.typed = undefined;
    this.problem = "";
    if (quantity === item.quantity) return;
    const show = () => {
      this.ahead = quantity;
    };
    try {
      await this.optimistic(show, () =>
        this.context.store.carts.setQuantity(ownerOf(this), item.product.id, quantity),
      );
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.problem = error.message;
    }
  }

  remove = this.event(() => this.props.onRemove(this.props.item));

  render() {
    const { product, available, formerPrice } = this.props.item;
    const quantity = this.ahead ?? this.props.item.quantity;
    const problem = `${this.id}-problem`;
    const hasProblem = this.problem !== "";
    // Pieces are saved at once. A page that comes back after a deploy must not send those that it showed before.
    return html`
      <li id=${this.id} class="line">
        <div class="about">
          <${Link} navigate=${path("/products/:slug", { slug: product.slug })}>${product.name}<//>
          <small class="hint">${money(product.price)} each${formerPrice !== undefined && `, was ${money(formerPrice)}`}</small>
        </div>
        <form id="${this.id}-quantity" class="stepper" phx-change=${this.type} phx-submit=${this.type}
          phx-auto-recover="ignore">
          <button type="button" phx-click=${this.set({ quantity: Math.min(quantity - 1, available) })}
            disabled=${quantity === 1 || available === 0} aria-label="One ${product.name} less">−</button>
          <input name="quantity" inputmode="numeric" aria-label="Pieces of ${product.name}" value=${this.typed ?? quantity}
            autocomplete="off" maxlength="10" phx-debounce="300" aria-invalid=${hasProblem && "true"}
            aria-describedby=${hasProblem && problem}>
          <button type="button" phx-click=${this.set({ quantity: quantity + 1 })} disabled=${quantity >= MAX_QUANTITY || quantity > available}
            aria-label="One ${product.name} more">+</button>
        </form>
        <strong class="subtotal">${money(quantity * product.price)}</strong>
        <button class="quiet" phx-click=${this.remove} aria-label="Remove ${product.name}">✕</button>
        ${this.problem && html`<p id=${problem} class="problem" role="alert">${this.problem}</p>`}
        ${this.#stockHint(quantity, available)}
      </li>`;
  }

  #stockHint(quantity: number, available: number) {
    if (quantity <= available) return undefined;
    return html`
      <p class="short" role="status">
        ${
          available === 0
            ? html`<span class="badge bad">Sold out</span> Remove it to check out.`
            : html`
          <span class="badge warn">Only ${available} left</span>
          <button phx-click=${this.set({ quantity: available })}>Take ${available}</button>`
        }
      </p>`;
  }
}
