/** The shop: search as you type, facets in the URL, and an endless list of products whose stock is live. */
import { type AsyncOutcome, html, JS, Link, LiveView, memo } from "@overwire/server";
import { z } from "zod";
import type { Facets } from "../../catalogue/catalogue.ts";
import { stockTopic } from "../../catalogue/topics.ts";
import type { Product } from "../../database/schema.ts";
import { frame } from "../shared/frame.ts";
import { SearchForm } from "./facets.ts";
import { cardOf, ProductCard } from "./parts.ts";
import { type ShopQuery, shopPath, shopQuery, toProductQuery, WHOLE_SHOP } from "./shop-query.ts";

const PAGE = 24;
/** The page never holds more products: those that are far away are taken off the other end. */
const WINDOW = 4 * PAGE;

interface Results {
  readonly products: Product[];
  readonly facets: Facets;
}

export class Shop extends LiveView<"/"> {
  products = this.stream<Product>();
  query = WHOLE_SHOP;
  facets: Facets = { categories: [], brands: [], total: 0 };
  /** The part of the results that the page holds. */
  window = { from: 0, to: 0 };
  /** Cards of the products that the page may hold, by their ids: most changes of a stock show nothing else. */
  shown = new Map<number, string>();
  isShown = false;
  isLoading = false;
  /** Products that have changed while results are loaded, which may have been read before. */
  changed = new Map<number, Product>();
  /** The URL that the form has asked for, in place of a link or the browser's buttons. */
  typed = "";

  mount() {
    this.subscribe(stockTopic, (changes) => {
      for (const { product } of changes) {
        if (this.isLoading) this.changed.set(product.id, product);
        const card = cardOf(product);
        const before = this.shown.get(product.id);
        if (before === undefined || before === card) continue;
        this.shown.set(product.id, card);
        this.products.insert(product, { updateOnly: true });
      }
    });
  }

  async handleParams() {
    this.query = shopQuery.parse(this.params);
    this.pageTitle = this.query.q ? `“${this.query.q}”` : "Shop";
    // The first page comes with its products. Later ones are loaded beside the view, and only the newest is shown.
    if (!this.isShown) return this.show(await this.load(this.query));
    this.isLoading = true;
    this.changed.clear();
    const { query } = this;
    this.startAsync("results", () => this.load(query));
  }

  handleAsync(_key: string, outcome: AsyncOutcome<Results>) {
    this.isLoading = false;
    if (outcome.ok) {
      const { products, facets } = outcome.value;
      this.show({ products: products.map((product) => this.changed.get(product.id) ?? product), facets });
      this.changed.clear();
    } else this.putFlash("error", "The products cannot be loaded now. Please try again.");
  }

  async load(query: ShopQuery): Promise<Results> {
    const { catalogue } = this.context.store;
    const [products, facets] = await Promise.all([
      catalogue.find(toProductQuery(query, 0, PAGE)),
      catalogue.facets(toProductQuery(query, 0, PAGE)),
    ]);
    return { products, facets };
  }

  show({ products, facets }: Results) {
    this.isShown = true;
    this.facets = facets;
    this.shown = new Map(products.map((product) => [product.id, cardOf(product)]));
    this.window = { from: 0, to: products.length };
    this.products.reset(products);
  }

  filter = this.event(shopQuery, (query) => {
    // Typing on in the field is one step of the history, so that Back leads to the page before the search.
    const replace = query.q !== this.query.q && this.query.q !== "";
    this.typed = shopPath(query);
    this.pushPatch(this.typed, { replace });
  });

  below = this.event(z.object({}), async () => {
    if (this.isLoading || this.window.to >= this.facets.total) return;
    const products = await this.page(this.window.to, PAGE);
    this.products.insertMany(products, { limit: -WINDOW });
    const to = this.window.to + products.length;
    this.window = { from: Math.max(this.window.from, to - WINDOW), to };
  });

  above = this.event(z.object({}), async () => {
    if (this.isLoading || this.window.from === 0) return;
    const from = Math.max(0, this.window.from - PAGE);
    const products = await this.page(from, this.window.from - from);
    this.products.insertMany(products, { at: 0, limit: WINDOW });
    this.window = { from, to: Math.min(this.window.to, from + WINDOW) };
  });

  async page(offset: number, limit: number): Promise<Product[]> {
    const products = await this.context.store.catalogue.find(toProductQuery(this.query, offset, limit));
    for (const product of products) this.shown.set(product.id, cardOf(product));
    return products;
  }

  render() {
    const { query, facets } = this;
    const isTyped = shopPath(query) === this.typed;
    const toggle = JS.toggleAttribute("aria-expanded", "true", "false").toggleClass("open", {
      to: "#facets",
    });
    return frame(
      this,
      html`
        <h1>Everything for the table</h1>
        <div class="shop">
          <button class="show-facets" aria-expanded="false" aria-controls="facets" phx-click=${toggle}>Search and filter</button>
          <aside id="facets" aria-label="Search and filter">
            ${memo(
              [query, facets, isTyped],
              () =>
                html`<${SearchForm} query=${query} values=${facets} filter=${this.filter} isTyped=${isTyped} />`,
            )}
          </aside>
          <section aria-label="Products" aria-busy=${this.isLoading && "true"}>
            <p class="hint" role="status">${countOf(facets.total, query.q)}</p>
            <ul id="products" class="products" phx-update="stream" phx-viewport-top=${this.above} phx-viewport-bottom=${this.below}>
              ${this.products.each((id, product) => html`<li id=${id} class="product"><${ProductCard} product=${product} /></li>`)}
            </ul>
            ${facets.total === 0 && html`<p class="empty">Nothing fits. Try fewer words, or <${Link} patch="/">see everything<//>.</p>`}
          </section>
        </div>`,
    );
  }
}

const countOf = (total: number, text: string) =>
  `${total === 1 ? "1 product" : `${total} products`}${text && ` for “${text}”`}`;
