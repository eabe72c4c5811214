/** Parts that pages of the catalogue share: a product as a card, and its stock in words. */
import { html, Link, path } from "@overwire/server";
import type { Product } from "../../database/schema.ts";
import { money } from "../../shared/money.ts";
import { pictureOf } from "./pictures.ts";

const FEW = 5;

export const stockText = (stock: number): string => {
  if (stock === 0) return "Sold out";
  return stock <= FEW ? `${stock} left` : "In stock";
};

export const StockBadge = ({ stock }: { readonly stock: number }) => html`
  <span class=${["badge", stock === 0 ? "bad" : stock <= FEW ? "warn" : "good"]}>${stockText(stock)}</span>`;

export const productPath = ({ slug }: Pick<Product, "slug">) => path("/products/:slug", { slug });

/** All that a card shows of a product, as a text. */
export const cardOf = ({ slug, name, brand, price, picture, stock }: Product): string =>
  JSON.stringify([slug, name, brand, price, picture, stockText(stock)]);

/** @param props.level of the heading: h2 under the page's own, h3 in a section */
export const ProductCard = ({ product, level = "h2" }: { product: Product; level?: "h2" | "h3" }) => {
  const name = html`<${Link} navigate=${productPath(product)}>${product.name}<//>`;
  return html`
    <img class="picture" src=${pictureOf(product)} alt="" loading="lazy" decoding="async" width="200" height="200">
    ${level === "h2" ? html`<h2>${name}</h2>` : html`<h3>${name}</h3>`}
    <p class="hint">${product.brand}</p>
    <p class="price"><strong>${money(product.price)}</strong> <${StockBadge} stock=${product.stock} /></p>`;
};
