/** A shop with a cart: its contents are the view's, the user's input in a line is that line's. */
import { each, html, LiveView } from "@overwire/server";
import { z } from "zod";
import { CartLine, money, Picture } from "./cart-line.ts";
import { left, type Product, products, stocked, take } from "./products.ts";

interface Item {
  readonly product: Product;
  readonly quantity: number;
}

export class Cart extends LiveView {
  items: readonly Item[] = [];

  mount() {
    // Renders again: what is left is asked for there.
    this.subscribe(stocked, () => {});
  }

  /** Unsold products go back. */
  terminate() {
    for (const { product, quantity } of this.items) {
      take(product.id, -quantity);
      this.publish(stocked, product.id);
    }
  }

  add = this.event(z.object({ id: z.string() }), ({ id }) => {
    const product = products.find((product) => product.id === id);
    if (!product || this.items.some((item) => item.product === product) || !this.take(product, 1)) return;
    this.items = [...this.items, { product, quantity: 1 }];
  });

  private take(product: Product, count: number): boolean {
    const taken = take(product.id, count);
    if (taken) this.publish(stocked, product.id);
    return taken;
  }

  private change({ product, quantity }: Item, to: number): string | undefined {
    if (!this.take(product, to - quantity)) return `Only ${quantity + left(product.id)} there.`;
    this.items = this.items.map((item) => (item.product === product ? { product, quantity: to } : item));
    return undefined;
  }

  private remove({ product, quantity }: Item) {
    this.take(product, -quantity);
    this.items = this.items.filter((item) => item.product !== product);
  }

  private sameNote(note: string) {
    for (const { product } of this.items) this.sendUpdate(CartLine, { id: product.id, sent: { note } });
  }

  render() {
    const count = this.items.reduce((sum, { quantity }) => sum + quantity, 0);
    const total = this.items.reduce((sum, { product, quantity }) => sum + product.price * quantity, 0);
    return html`
      <ul class="products" aria-label="Products">${products.map((product) => this.product(product))}</ul>
      <section class="card cart" aria-labelledby="cart">
        <h2 id="cart">Your cart</h2>
        <ul>
          ${each(
            this.items,
            ({ product }) => product.id,
            (item) => html`
              <${CartLine} id=${item.product.id} product=${item.product} quantity=${item.quantity}
                onQuantity=${(quantity: number) => this.change(item, quantity)}
                onRemove=${() => this.remove(item)}
                onSameNote=${(note: string) => this.sameNote(note)} />`,
          )}
        </ul>
        ${!count && html`<p>Nothing yet.</p>`}
        <p class="sum"><span>${count} ${count === 1 ? "thing" : "things"}</span> <output>${money.format(total / 100)}</output></p>
      </section>
      <p class="hint">All carts take from the same shelves, as long as one server has them: with several nodes each has shelves of its own.</p>`;
  }

  private product(product: Product) {
    const { id, name, price } = product;
    const there = left(id);
    const taken = this.items.some((item) => item.product === product);
    return html`
      <li class="card">
        <${Picture} of=${product} />
        <strong>${name}</strong>
        <span>${money.format(price / 100)} · <small class="stock">${there} left</small></span>
        <button phx-click=${this.add({ id })} disabled=${taken || !there} aria-label="Add ${name}">${taken ? "In the cart" : "Add"}</button>
      </li>`;
  }
}
