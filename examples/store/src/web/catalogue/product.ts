/** The page of a product: its picture and description, its stock as it is now, and the others who look at it. */
import { each, html, Link, LiveView, memo, NotFound } from "@overwire/server";
import { productTopic } from "../../catalogue/topics.ts";
import type { Product } from "../../database/schema.ts";
import { money } from "../../shared/money.ts";
import { AddToCart } from "../cart/add-to-cart.ts";
import { frame } from "../shared/frame.ts";
import { Lookers } from "./lookers.ts";
import { ProductCard, StockBadge } from "./parts.ts";
import { pictureOf } from "./pictures.ts";
import { shopPath, WHOLE_SHOP } from "./shop-query.ts";

export class ProductPage extends LiveView<"/products/:slug"> {
  product!: Product;
  related: Product[] = [];

  async mount() {
    const { catalogue } = this.context.store;
    const product = await this.find();
    this.subscribe(productTopic(product.id), ({ product }) => {
      this.product = product;
    });
    // Again, as it may have changed before there was a subscription.
    this.product = await this.find();
    this.pageTitle = product.name;
    this.related = await catalogue.related(product);
  }

  async find(): Promise<Product> {
    const product = await this.context.store.catalogue.bySlug(this.params.slug);
    if (!product) throw new NotFound("There is no such product.");
    return product;
  }

  render() {
    const { product, related } = this;
    // Lookers come and go more often than anything else on the page changes.
    return frame(
      this,
      memo([product, related], () => content(product, related)),
    );
  }
}

const content = (product: Product, related: readonly Product[]) => {
  const category = shopPath({ ...WHOLE_SHOP, category: [product.category] });
  return html`
    <nav class="crumbs" aria-label="Breadcrumb"><${Link} navigate="/">Shop<//> / <${Link} navigate=${category}>${product.category}<//></nav>
    <article class="product-page">
      <img class="picture" src=${pictureOf(product, "full")} alt=${product.name} width="400" height="400">
      <div class="stack">
        <h1>${product.name}</h1>
        <p class="hint">by ${product.brand}</p>
        <p>${product.description}</p>
        <p class="price" role="status"><strong>${money(product.price)}</strong>
          ${product.isListed ? html`<${StockBadge} stock=${product.stock} />` : html`<span class="badge bad">No longer sold</span>`}</p>
        ${product.isListed && html`<${AddToCart} id="add" product=${product} />`}
        <${Lookers} id="lookers" productId=${product.id} />
      </div>
    </article>
    ${
      related.length > 0 &&
      html`
      <section class="related" aria-labelledby="related">
        <h2 id="related">More from ${product.category}</h2>
        <ul class="products">${each(
          related,
          ({ id }) => id,
          (product) => html`<li class="product"><${ProductCard} product=${product} level="h3" /></li>`,
        )}</ul>
      </section>`
    }`;
};
