/** A cart as its owner sees it: lines beside their products as they are now. */
import { z } from "zod";
import type { CartLine, Product } from "../database/schema.ts";

/** Pieces of one product that a cart holds at most. */
export const MAX_QUANTITY = 20;

/** Pieces of one product, as they are typed. */
export const quantity = z.coerce
  .number<string>("Write a number.")
  .multipleOf(1, "Write a whole number.")
  .min(1, "At least one piece.")
  .max(MAX_QUANTITY, `A cart holds at most ${MAX_QUANTITY} of a product.`);

/** A cart's products are all loaded and shown at once, and ordered in one transaction. */
export const MAX_PRODUCTS = 100;

/** The owner: a user, or the browser of a visitor by its `cartId`. */
export type CartRef = { readonly userId: number } | { readonly cartId: string };

export interface CartItem {
  readonly product: Product;
  readonly quantity: number;
  /** In cents, at today's price. */
  readonly total: number;
  /** The price that the owner has seen last, if it is another one today. */
  readonly formerPrice: number | undefined;
  /** Pieces that can be bought: 0 of a product that is not sold any more. */
  readonly available: number;
}

export interface CartContent {
  readonly items: readonly CartItem[];
  readonly pieces: number;
  /** In cents. */
  readonly total: number;
  /** True if there is something in it, and all of it is in stock. */
  readonly canCheckOut: boolean;
}

export const availableOf = ({ isListed, stock }: Product): number => (isListed ? stock : 0);

export function contentOf(lines: readonly (CartLine & { readonly product: Product })[]): CartContent {
  const items = lines.map(({ product, quantity, price }) => ({
    product,
    quantity,
    total: quantity * product.price,
    formerPrice: price === product.price ? undefined : price,
    available: availableOf(product),
  }));
  return {
    items,
    pieces: items.reduce((sum, { quantity }) => sum + quantity, 0),
    total: items.reduce((sum, { total }) => sum + total, 0),
    canCheckOut: items.length > 0 && items.every(({ quantity, available }) => quantity <= available),
  };
}
