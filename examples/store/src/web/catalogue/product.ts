/** The page of a product: its picture and description, its stock as it is now, and the others who look at it. */
import { each, html, Link, LiveView, NotFound, presence } from "@overwire/server";
import { productTopic } from "../../catalogue/topics.ts";
import type { Product } from "../../database/schema.ts";
import { money } from "../../shared/money.ts";
import { AddToCart } from "../cart/add-to-cart.ts";
import { frame } from "../shared/frame.ts";
import { ProductCard, StockBadge } from "./parts.ts";
import { pictureOf } from "./pictures.ts";
import { shopPath, shopQuery } from "./shop-query.ts";

/** Everyone who looks at a product. Nothing is told of them: they are counted. */
const looking = (productId: number) => presence(`product:${productId}`);

/** A user is one looker on all devices; a visitor is one in all tabs, by the id of the browser's cart. */
const lookerOf = ({ context: { user }, session: { cartId } }: LiveView): string =>
  user ? `user:${user.id}` : `visitor:${cartId}`;

export class ProductPage extends LiveView<"/products/:slug"> {
  product!: Product;
  related: Product[] = [];
  others = 0;

  async mount() {
    const { catalogue } = this.context.store;
    const product = await this.find();
    this.subscribe(productTopic(product.id), ({ product }) => {
      this.product = product;
    });
    this.followLookers(product.id);
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

  followLookers(productId: number) {
    const all = looking(productId);
    const own = lookerOf(this);
    const present = this.present(all);
    this.track(all, own, {});
    this.subscribe(all, () => {
      this.others = present.size - (present.get(own) ? 1 : 0);
    });
  }

  render() {
    const { product, others } = this;
    const category = shopPath({ ...shopQuery.parse({}), category: [product.category] });
    return frame(
      this,
      html`
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
            <p class="hint lookers" role="status">${others > 0 && `${others} ${others === 1 ? "other is" : "others are"} looking at this`}</p>
          </div>
        </article>
        ${
          this.related.length > 0 &&
          html`
          <section class="related" aria-labelledby="related">
            <h2 id="related">More from ${product.category}</h2>
            <ul class="products">${each(
              this.related,
              ({ id }) => id,
              (product) => html`<li class="product"><${ProductCard} product=${product} level="h3" /></li>`,
            )}</ul>
          </section>`
        }`,
    );
  }
}
