/** The catalogue: products are found, shown and changed here, and every change is told to the pages that show them. */
import { randomUUID } from "node:crypto";
import { RepoError } from "@overwire/testing/drizzle";
import type { FacetValue, Product, ProductQuery } from "../database/schema.ts";
import { thumbOf } from "../pictures/pictures.ts";
import { preparePicture } from "../pictures/resize.ts";
import type { Services } from "../services/services.ts";
import { MINUTE, SECOND } from "../shared/clock.ts";
import { freeSlug, slugOf } from "../shared/slug.ts";
import type { ProductDraft } from "./drafts.ts";
import { StockChanged } from "./errors.ts";
import { productTopic, stockTopic } from "./topics.ts";

export interface Facets {
  readonly categories: readonly FacetValue[];
  readonly brands: readonly FacetValue[];
  /** Products of the query, all of its facets applied. */
  readonly total: number;
}

type CatalogueServices = Pick<Services, "repo" | "cache" | "pubsub" | "pictures">;

const RELATED = 4;

/**
 * A page's product is read again after each change. This bounds the age of one whose change was not heard of, as a node was killed after its
 * transaction.
 */
const PAGE_TTL = 15 * SECOND;

const pageKey = (slug: string) => `product:${slug}`;

export class Catalogue {
  readonly #services: CatalogueServices;

  constructor(services: CatalogueServices) {
    this.#services = services;
  }

  /** Listed products of a page of results. */
  find(query: ProductQuery): Promise<Product[]> {
    return this.#services.repo.query("findProducts", query);
  }

  /** Values of the facets, with the number of products that each would show. */
  facets(query: ProductQuery): Promise<Facets> {
    return this.#services.repo.query("countFacets", query);
  }

  /** A listed product by the name in its URL, from the cache: as it is, or 15 seconds old if a node was killed while it changed it. */
  bySlug(slug: string): Promise<Product | undefined> {
    const { cache, repo } = this.#services;
    const load = () => repo.getBy("products", { slug, isListed: true });
    return cache.get(pageKey(slug), load, { ttl: PAGE_TTL });
  }

  /** A product by the name in its URL, listed or not, as the database has it now. */
  anyBySlug(slug: string): Promise<Product | undefined> {
    return this.#services.repo.getBy("products", { slug });
  }

  /** A product, listed or not, as the database has it now. */
  get(productId: number): Promise<Product | undefined> {
    return this.#services.repo.get("products", productId);
  }

  /** Others of its category. They may be a minute old. */
  related({ id, category }: Product): Promise<Product[]> {
    const { cache, repo } = this.#services;
    const load = () =>
      repo.filter(
        "products",
        { category, isListed: true, id: { not: id } },
        { orderBy: { createdAt: "desc", id: "asc" }, limit: RELATED },
      );
    return cache.get(`related:${id}`, load, { ttl: MINUTE });
  }

  /** Products of the desk, listed or not, by their names. */
  all({ text, limit, offset }: { text: string; limit: number; offset: number }): Promise<Product[]> {
    const like = `%${text.replace(/[\\%_]/g, "\\$&")}%`;
    return this.#services.repo.filter(
      "products",
      [{ name: { ilike: like } }, { brand: { ilike: like } }, { category: { ilike: like } }],
      { orderBy: { name: "asc", id: "asc" }, limit, offset },
    );
  }

  /** Adds a product without stock, or changes that of the id. The address of its page stays as it is. */
  async save(draft: ProductDraft, productId?: number): Promise<Product> {
    if (productId !== undefined) return this.change(productId, draft);
    return this.#changed(await this.#insert(draft));
  }

  async #insert(draft: ProductDraft): Promise<Product> {
    const { repo } = this.#services;
    const slug = slugOf(draft.name);
    for (;;) {
      const alike = await repo.filter("products", { slug: { like: `${slug}%` } });
      const free = freeSlug(slug, new Set(alike.map(({ slug }) => slug)));
      try {
        return await repo.transaction(() => repo.insert("products", { ...draft, slug: free, stock: 0 }));
      } catch (error) {
        // Another product of the name was faster, and this one gets the next address.
        if (!(error instanceof RepoError && error.code === "not_unique")) throw error;
      }
    }
  }

  /** Changes some fields of a product. */
  async change(productId: number, fields: Partial<ProductDraft>): Promise<Product> {
    return this.#changed(await this.#services.repo.update("products", productId, fields));
  }

  /**
   * Counts pieces in, or out if it is below 0, in one statement: none is lost when others do so at the same time.
   * @returns undefined if there are not so many pieces
   */
  async changeStock(productId: number, change: number): Promise<Product | undefined> {
    const { repo } = this.#services;
    const product =
      change < 0
        ? await repo.query("takeStock", productId, -change)
        : await repo.query("returnStock", productId, change);
    return product && this.#changed(product);
  }

  /**
   * Sets the pieces that are there, as they were counted.
   * @param seen the stock that was shown when the count began
   * @throws StockChanged if there is another one by now: the count would undo what was sold meanwhile
   */
  async setStock(productId: number, stock: number, seen: number): Promise<Product> {
    const { repo } = this.#services;
    const [product] = await repo.updateAll("products", { id: productId, stock: seen }, { stock });
    if (!product) throw new StockChanged(seen, (await this.get(productId))?.stock ?? 0);
    return this.#changed(product);
  }

  /**
   * Gives a product a picture of its own, in two sizes.
   * @throws UnreadablePicture
   */
  async setPicture(productId: number, bytes: Uint8Array): Promise<Product> {
    const { repo, pictures } = this.#services;
    const { type, full, thumb } = await preparePicture(bytes);
    // Another name each time, as browsers keep pictures for good.
    const picture = `${randomUUID()}.${type}`;
    const before = await this.get(productId);
    await pictures.save(picture, full);
    await pictures.save(thumbOf(picture), thumb);
    const product = await repo.update("products", productId, { picture });
    await this.#forgetPicture(before);
    return this.#changed(product);
  }

  /** The product is shown by its drawing again. */
  async removePicture(productId: number): Promise<Product> {
    const before = await this.get(productId);
    const product = await this.#services.repo.update("products", productId, { picture: null });
    await this.#forgetPicture(before);
    return this.#changed(product);
  }

  /** Has to be called when pieces were taken or returned, after the transaction has ended. */
  async stockChanged(products: readonly Pick<Product, "id" | "slug">[]): Promise<void> {
    await this.#tell(products);
  }

  async #changed(product: Product): Promise<Product> {
    await this.#tell([product]);
    return product;
  }

  /** Tells pages of products as they are now: of two changes, the first one may get here last, and its news would stay on pages. */
  async #tell(changed: readonly Pick<Product, "id" | "slug">[]): Promise<void> {
    const { cache, pubsub, repo } = this.#services;
    await Promise.all(changed.map(({ slug }) => cache.invalidate(pageKey(slug))));
    const ids = changed.map(({ id }) => id);
    const products = await repo.filter("products", { id: { in: ids } }, { orderBy: { id: "asc" } });
    if (products.length === 0) return;
    const changes = products.map((product) => ({ productId: product.id, stock: product.stock, product }));
    pubsub.publish(stockTopic, changes);
    for (const change of changes) pubsub.publish(productTopic(change.productId), change);
  }

  async #forgetPicture(before: Product | undefined): Promise<void> {
    if (!before?.picture) return;
    await this.#services.pictures.delete(before.picture);
    await this.#services.pictures.delete(thumbOf(before.picture));
  }
}
