/** The number of pieces in the cart, in the header of all pages: a view of its own, which goes along from page to page. */
import { html, LiveView } from "@overwire/server";
import { followCart, ownerOf } from "./owner.ts";

/** The badge of a page, for commands that show a change ahead of the server. */
export const BADGE = "#cart-badge .count";

export class CartBadge extends LiveView {
  pieces = 0;

  async mount() {
    followCart(this, () => this.#read());
    await this.#read();
  }

  async #read() {
    this.pieces = (await this.context.store.carts.of(ownerOf(this))).pieces;
  }

  render() {
    return html`<div class="count" data-empty=${this.pieces === 0}><span>${this.pieces}</span></div>`;
  }
}
