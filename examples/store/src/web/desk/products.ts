/** The desk's products, listed or not: searched and paged in the URL. */
import { each, html, Link, LiveView, path } from "@overwire/server";
import { z } from "zod";
import { stockTopic } from "../../catalogue/topics.ts";
import type { Product } from "../../database/schema.ts";
import { money } from "../../shared/money.ts";
import { searched } from "../../shared/texts.ts";
import { StockBadge } from "../catalogue/parts.ts";
import { pictureOf } from "../catalogue/pictures.ts";
import { deskFrame } from "./desk-frame.ts";

const PAGE_SIZE = 25;

const params = z.object({
  q: searched(100).catch(""),
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});
type Shown = z.infer<typeof params>;

export class DeskProducts extends LiveView<"/desk/products"> {
  shown: Shown = params.parse({});
  products: Product[] = [];
  hasMore = false;

  mount() {
    this.subscribe(stockTopic, (changes) => {
      const changed = new Map(changes.map(({ product }) => [product.id, product]));
      this.products = this.products.map((each) => changed.get(each.id) ?? each);
    });
  }

  async handleParams() {
    this.shown = params.parse(this.params);
    const { q: text, page } = this.shown;
    const found = await this.context.store.catalogue.all({
      text,
      limit: PAGE_SIZE + 1,
      offset: (page - 1) * PAGE_SIZE,
    });
    this.products = found.slice(0, PAGE_SIZE);
    this.hasMore = found.length > PAGE_SIZE;
  }

  search = this.event(z.object({ q: searched(100) }), ({ q }) => {
    this.pushPatch(pathOf({ q, page: 1 }), { replace: true });
  });

  render() {
    const { q, page } = this.shown;
    return deskFrame(
      this,
      html`<div class="stack">
        <h1>Products</h1>
        <form id="filter" class="row" role="search" phx-change=${this.search} phx-submit=${this.search}>
          <input type="search" name="q" value=${q} aria-label="Name, brand or category" placeholder="Name, brand or category"
            maxlength="100" phx-debounce="200" autocomplete="off">
          <${Link} class="button" navigate="/desk/products/new">New product<//>
        </form>
        ${this.#table()}
        <nav class="row pages" aria-label="Pages">
          ${page > 1 && html`<${Link} class="button" patch=${pathOf({ q, page: page - 1 })}>Previous<//>`}
          ${this.hasMore && html`<${Link} class="button" patch=${pathOf({ q, page: page + 1 })}>Next<//>`}
        </nav>
      </div>`,
    );
  }

  #table() {
    return html`
      <div class="card scroller" tabindex="0" role="region" aria-label="Table of products">
        <table id="products">
          <thead><tr><th scope="col">Product</th><th scope="col">Category</th><th scope="col">Brand</th><th scope="col" class="number">Price</th><th scope="col">Stock</th></tr></thead>
          <tbody>${each(
            this.products,
            ({ id }) => id,
            (product) => html`<tr>
              <th scope="row"><span class="row">
                <img class="thumb" src=${pictureOf(product)} alt="" loading="lazy" width="40" height="40">
                <${Link} navigate=${path("/desk/products/:id", { id: product.id })}>${product.name}<//>
                ${!product.isListed && html`<span class="badge">not listed</span>`}</span></th>
              <td>${product.category}</td>
              <td>${product.brand}</td>
              <td class="number">${money(product.price)}</td>
              <td>${product.stock} <${StockBadge} stock=${product.stock} /></td>
            </tr>`,
          )}</tbody>
        </table>
        ${this.products.length === 0 && html`<p class="hint nothing">No product is like this.</p>`}
      </div>`;
  }
}

const pathOf = ({ q, page }: Shown) =>
  path("/desk/products", {}, { ...(q !== "" && { q }), ...(page > 1 && { page }) });
