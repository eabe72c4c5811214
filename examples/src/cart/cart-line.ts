/** A line of the cart: a part of the view with a state of its own, for the user's unfinished input. */
import { html, LiveComponent } from "@overwire/server";
import { z } from "zod";
import type { Product } from "./products.ts";

export const money = new Intl.NumberFormat("en-IE", { style: "currency", currency: "EUR" });

export const Picture = ({ of: { picture } }: { readonly of: Product }) =>
  html`<svg class="picture" viewBox="0 0 24 24" aria-hidden="true"><path d=${picture}></path></svg>`;

export interface CartLineProps {
  readonly product: Product;
  readonly quantity: number;
  /** @returns the problem of a quantity, if there is one */
  readonly onQuantity: (quantity: number) => string | undefined;
  readonly onRemove: () => void;
  readonly onSameNote: (note: string) => void;
  /** From the view, by `sendUpdate`. An object, so that the same text can be sent twice. */
  readonly sent?: { readonly note: string };
}

const count = z.coerce.number("Must be a number.").int("Must be a whole number.").min(1, "At least one.");

export class CartLine extends LiveComponent<CartLineProps> {
  /** Text in the field, while it is not the quantity. */
  typed: string | undefined;
  error: string | undefined;
  noteOpen = false;
  note = "";

  update(previous: CartLineProps | undefined) {
    const { sent } = this.props;
    if (!sent || sent === previous?.sent) return;
    this.note = sent.note;
    this.noteOpen = sent.note !== "";
  }

  step = this.event(z.object({ by: z.literal([-1, 1]) }), ({ by }) => {
    this.set(this.props.quantity + by);
  });

  type = this.event(z.object({ quantity: z.string().max(10) }), ({ quantity }) => {
    const checked = count.safeParse(quantity.trim() || undefined);
    if (checked.success) this.set(checked.data);
    else this.error = checked.error.issues[0]?.message;
    this.typed = this.error && quantity;
  });

  private set(quantity: number) {
    this.error = this.props.onQuantity(quantity);
    this.typed = undefined;
  }

  remove = this.event(() => this.props.onRemove());

  toggleNote = this.event(() => {
    this.noteOpen = !this.noteOpen;
  });

  writeNote = this.event(z.object({ note: z.string().max(120) }), ({ note }) => {
    this.note = note;
  });

  sameNote = this.event(() => this.props.onSameNote(this.note));

  render() {
    const { product, quantity } = this.props;
    const { name, price } = product;
    const problem = `${this.id}-problem`;
    return html`
      <li class="line">
        <${Picture} of=${product} />
        <div><strong>${name}</strong> <small>${money.format(price / 100)} each</small></div>
        <form id="${this.id}-quantity" class="quantity" phx-change=${this.type} phx-submit=${this.type}>
          <button type="button" phx-click=${this.step({ by: -1 })} disabled=${quantity === 1} aria-label="One ${name} less">−</button>
          <input name="quantity" inputmode="numeric" aria-label="Quantity of ${name}" value=${this.typed ?? quantity} autocomplete="off"
            maxlength="10" aria-invalid=${this.error && "true"} aria-describedby=${this.error && problem} phx-debounce="200">
          <button type="button" phx-click=${this.step({ by: 1 })} aria-label="One ${name} more">+</button>
        </form>
        <span class="price">${money.format((price * quantity) / 100)}</span>
        <button class="quiet" phx-click=${this.remove} aria-label="Remove ${name}">✕</button>
        ${this.error && html`<p id=${problem} class="problem" role="alert">${this.error}</p>`}
        <div class="note">
          <button class="quiet" phx-click=${this.toggleNote} aria-expanded=${String(this.noteOpen)}>${this.note ? "Gift note ✓" : "Gift note"}</button>
          ${
            this.noteOpen &&
            html`
              <form id="${this.id}-note" phx-change=${this.writeNote} phx-submit=${this.sameNote}>
                <input name="note" aria-label="Note with ${name}" placeholder="What should it say?" value=${this.note} maxlength="120"
                  autocomplete="off" phx-debounce="200">
                <button>The same for all</button>
              </form>`
          }
        </div>
      </li>`;
  }
}
