/** The catalogue's first page. */
import { html, LiveView } from "@overwire/server";
import type { Product } from "../../database/schema.ts";
import { money } from "../../shared/money.ts";
import { frame } from "../shared/frame.ts";

export class Shop extends LiveView<"/"> {
  products: Product[] = [];

  async mount() {
    this.products = await this.context.store.services.repo.all("products", {
      orderBy: { name: "asc" },
      limit: 24,
    });
  }

  render() {
    return frame(
      this,
      html`<h1>Everything for the table</h1>
        <ul class="products">${this.products.map(({ name, price }) => html`<li>${name}, ${money(price)}</li>`)}</ul>`,
    );
  }
}
