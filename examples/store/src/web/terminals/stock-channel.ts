/** The stock of a product, for programs: a display in the shop's window hears of it, a till counts pieces out. */
import { Channel, type GuardContext, guard, Refused } from "@overwire/server";
import { z } from "zod";
import type { VerifiedToken } from "../../accounts/api-tokens.ts";
import { mayModerate } from "../../accounts/roles.ts";
import { productTopic } from "../../catalogue/topics.ts";
import type { Product, User } from "../../database/schema.ts";
import type { Store } from "../../store/store.ts";

/** A program that is connected by a token of its user. */
export interface Terminal {
  readonly store: Store;
  readonly user: User;
  /** The token's user as the database has it now; undefined once the token is revoked. */
  verify(): Promise<VerifiedToken | undefined>;
}

/** A product as a display shows it. The price is in cents. */
export interface StockShown {
  readonly name: string;
  readonly price: number;
  readonly stock: number;
}

interface StockMessages {
  stock: StockShown;
  /** The product is not sold any more, and its channel ends. */
  gone: object;
}

/** Lets in programs whose token counts, and whose user has the right. */
const terminal = (may: (user: User) => boolean) =>
  guard(async (_, { assigns }: GuardContext) => {
    const verified = await (assigns as Terminal).verify();
    return verified !== undefined && may(verified.user);
  });

export const anyTerminal = terminal(() => true);
const till = terminal(mayModerate);

/** `stock:SLUG`, the slug that the product's page has in its address. */
export class StockChannel extends Channel<StockMessages, Terminal> {
  #productId = 0;

  async join(): Promise<StockShown> {
    const found = await this.assigns.store.catalogue.anyBySlug(this.subtopic);
    if (!found?.isListed) throw notFound();
    this.#productId = found.id;
    this.subscribe(productTopic(found.id), ({ product }) => this.#show(product));
    // Stock that has changed before the channel heard of changes.
    const product = await this.assigns.store.catalogue.get(found.id);
    if (!product?.isListed) throw notFound();
    return shown(product);
  }

  /** Pieces that were sold over the counter. */
  sold = this.event(
    z.object({ pieces: z.int().min(1).max(100) }),
    async ({ pieces }) => {
      const { store, user } = this.assigns;
      const product = await store.catalogue.changeStock(this.#productId, -pieces);
      if (!product) throw new Refused({ reason: "out_of_stock" });
      const details = { slug: product.slug, change: -pieces };
      await store.audit.record(user, "product.stock_changed", `product:${product.id}`, details);
      return { stock: product.stock };
    },
    { guard: till },
  );

  #show(product: Product): void {
    if (product.isListed) return this.push("stock", shown(product));
    this.push("gone");
    this.close();
  }
}

const notFound = () => new Refused({ reason: "not_found" });
const shown = ({ name, price, stock }: Product): StockShown => ({ name, price, stock });
