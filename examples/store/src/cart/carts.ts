/** Carts: what visitors and users mean to buy. A cart reserves no stock; only an order takes it. */
import { type Topic, topic } from "@overwire/server";
import { RepoError } from "@overwire/testing/drizzle";
import type { Cart, Product } from "../database/schema.ts";
import type { Services } from "../services/services.ts";
import { DAY } from "../shared/clock.ts";
import { randomToken } from "../shared/random.ts";
import {
  availableOf,
  type CartContent,
  type CartRef,
  contentOf,
  MAX_PRODUCTS,
  MAX_QUANTITY,
} from "./cart.ts";
import { OutOfStock, QuantityLimit } from "./errors.ts";

/** Tells all tabs of an owner, on all nodes, to read the cart again. */
export const cartTopic = (owner: CartRef): Topic<CartRef> =>
  topic("userId" in owner ? `cart:user:${owner.userId}` : `cart:visitor:${owner.cartId}`);

/** Pieces of a product that were taken out of a cart. */
export interface Pieces {
  readonly productId: number;
  readonly quantity: number;
  /** The price that the owner has seen. */
  readonly price: number;
}

/** A visitor's cart is kept so long after its last change. */
const KEPT = 30 * DAY;

export class Carts {
  readonly #services: Pick<Services, "repo" | "pubsub" | "clock">;

  constructor(services: Pick<Services, "repo" | "pubsub" | "clock">) {
    this.#services = services;
  }

  /** The cart of an owner. It begins with its first line, and is empty before. */
  async of(owner: CartRef): Promise<CartContent> {
    const cart = await this.#services.repo.getBy("carts", whereOf(owner), {
      preload: { lines: { product: true } },
    });
    return contentOf(cart?.lines.toSorted((a, b) => a.id - b.id) ?? []);
  }

  /**
   * Puts pieces in, beside those that are there.
   * @throws OutOfStock if there would be more than the stock
   * @throws QuantityLimit if there would be more than 20, or more than 100 products
   */
  async add(owner: CartRef, productId: number, quantity = 1): Promise<void> {
    const { repo } = this.#services;
    checkQuantity(quantity);
    const product = await this.#product(productId);
    const limit = Math.min(MAX_QUANTITY, product.stock);
    const { id: cartId } = await this.#ensure(owner);
    const others = { cartId, productId: { not: productId } };
    if ((await repo.count("cartLines", others)) >= MAX_PRODUCTS)
      throw new QuantityLimit(`A cart holds at most ${MAX_PRODUCTS} products.`);
    const line = { cartId, productId, quantity, price: product.price };
    if (!(await repo.query("putInCart", line, limit, "refuse")))
      throw limit === MAX_QUANTITY ? tooMany() : new OutOfStock(product);
    await this.#changed(owner, cartId);
  }

  /** Sets the pieces of a line; nothing happens if it is gone. @throws OutOfStock, QuantityLimit */
  async setQuantity(owner: CartRef, productId: number, quantity: number): Promise<void> {
    checkQuantity(quantity);
    const product = await this.#product(productId);
    if (quantity > product.stock) throw new OutOfStock(product);
    await this.#inCart(owner, (cartId) =>
      this.#services.repo.updateAll("cartLines", { cartId, productId }, { quantity, price: product.price }),
    );
  }

  /** Takes a line out. The pieces that it had can be put back. */
  async remove(owner: CartRef, productId: number): Promise<Pieces | undefined> {
    const removed = await this.#inCart(owner, (cartId) =>
      this.#services.repo.deleteAll("cartLines", { cartId, productId }),
    );
    return removed?.[0];
  }

  /** Puts back what was removed, capped as at a merge. */
  async putBack(owner: CartRef, pieces: Pieces): Promise<void> {
    const { id: cartId } = await this.#ensure(owner);
    await this.#putAll(cartId, [pieces]);
    await this.#changed(owner, cartId);
  }

  /** The owner has seen today's prices. */
  async acceptPrices(owner: CartRef): Promise<void> {
    const { repo } = this.#services;
    const { items } = await this.of(owner);
    await this.#inCart(owner, async (cartId) => {
      for (const { product, formerPrice } of items)
        if (formerPrice !== undefined)
          await repo.updateAll("cartLines", { cartId, productId: product.id }, { price: product.price });
    });
  }

  /**
   * A visitor has logged in: the visitor's cart joins the user's. Quantities add up, capped by stock and limit, and a product
   * that is sold out stays with one piece, so that the user sees it. A second merge of the same cart does nothing.
   */
  async merge(visitorsId: string, userId: number): Promise<void> {
    const { repo } = this.#services;
    const owner = { userId };
    const cartId = await repo.transaction(async () => {
      if (!(await this.#find({ cartId: visitorsId }))) return undefined;
      // One statement, so of two merges at the same time one gets the lines.
      const lines = await repo.deleteAll("cartLines", { cartId: visitorsId });
      await repo.deleteAll("carts", { id: visitorsId });
      if (lines.length === 0) return undefined;
      const { id } = await this.#ensure(owner);
      await this.#putAll(id, lines);
      return id;
    });
    if (cartId === undefined) return;
    this.#publish({ cartId: visitorsId });
    await this.#changed(owner, cartId);
  }

  /**
   * Takes out what was ordered. Pieces that another tab has put in meanwhile stay. Call it when the order's transaction has ended.
   */
  async takeOut(owner: CartRef, pieces: readonly Omit<Pieces, "price">[]): Promise<void> {
    await this.#inCart(owner, async (cartId) => {
      await Promise.all(
        pieces.map(({ productId, quantity }) => this.#takePieces({ cartId, productId }, quantity)),
      );
    });
  }

  /** Deletes visitors' carts that were not changed for 30 days. @returns their number */
  async deleteOld(): Promise<number> {
    const { repo, clock } = this.#services;
    const before = new Date(clock().getTime() - KEPT);
    return (await repo.deleteAll("carts", { userId: null, updatedAt: { lt: before } })).length;
  }

  #find(owner: CartRef): Promise<Cart | undefined> {
    return this.#services.repo.getBy("carts", whereOf(owner));
  }

  async #ensure(owner: CartRef): Promise<Cart> {
    const { repo, clock } = this.#services;
    const found = await this.#find(owner);
    if (found) return found;
    const cart = "userId" in owner ? { id: randomToken(), userId: owner.userId } : { id: owner.cartId };
    try {
      return await repo.transaction(() => repo.insert("carts", { ...cart, updatedAt: clock() }));
    } catch (error) {
      if (!(error instanceof RepoError && error.code === "not_unique")) throw error;
    }
    // Another tab was faster.
    const made = await this.#find(owner);
    if (!made) throw new Error("This cart belongs to a user.");
    return made;
  }

  async #product(id: number): Promise<Product> {
    const product = await this.#services.repo.get("products", id);
    if (!product) throw new OutOfStock({ id, name: "This product", stock: 0 });
    return { ...product, stock: availableOf(product) };
  }

  /** Of a line that changes meanwhile the new pieces are read. */
  async #takePieces(line: { cartId: string; productId: number }, pieces: number): Promise<void> {
    const { repo } = this.#services;
    for (;;) {
      const found = await repo.getBy("cartLines", line);
      if (!found) return;
      const { id, quantity } = found;
      const taken =
        quantity > pieces
          ? await repo.updateAll("cartLines", { id, quantity }, { quantity: quantity - pieces })
          : await repo.deleteAll("cartLines", { id, quantity });
      if (taken.length > 0) return;
    }
  }

  async #putAll(cartId: string, lines: readonly Pieces[]): Promise<void> {
    const { repo } = this.#services;
    // In the order of ids, so that two carts that join a third never wait for each other in a circle.
    for (const { productId, quantity, price } of lines.toSorted((a, b) => a.productId - b.productId)) {
      const { stock } = await this.#product(productId);
      const limit = Math.min(MAX_QUANTITY, Math.max(1, stock));
      await repo.query("putInCart", { cartId, productId, quantity, price }, limit, "cap");
    }
  }

  /** Changes lines of a cart, if there is one, and tells its tabs. */
  async #inCart<T>(owner: CartRef, change: (cartId: string) => Promise<T>): Promise<T | undefined> {
    const cart = await this.#find(owner);
    if (!cart) return undefined;
    const result = await change(cart.id);
    await this.#changed(owner, cart.id);
    return result;
  }

  async #changed(owner: CartRef, id: string): Promise<void> {
    await this.#services.repo.updateAll("carts", { id }, { updatedAt: this.#services.clock() });
    this.#publish(owner);
  }

  #publish(owner: CartRef): void {
    this.#services.pubsub.publish(cartTopic(owner), owner);
  }
}

/** The id of a user's cart opens it to no visitor. */
const whereOf = (owner: CartRef) =>
  "userId" in owner ? { userId: owner.userId } : { id: owner.cartId, userId: null };

const tooMany = () => new QuantityLimit(`A cart holds at most ${MAX_QUANTITY} of a product.`);

function checkQuantity(quantity: number): void {
  if (!Number.isInteger(quantity) || quantity < 1) throw new QuantityLimit("Choose at least one piece.");
  if (quantity > MAX_QUANTITY) throw tooMany();
}
