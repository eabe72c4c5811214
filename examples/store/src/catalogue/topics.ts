/** Messages of the catalogue: a product as it is after a change. */
import { topic } from "@overwire/server";
import type { Product } from "../database/schema.ts";

export interface ProductChange {
  readonly productId: number;
  readonly stock: number;
  /** All of it, so that a page can show it again without a query of its own. */
  readonly product: Product;
}

/** Changes of all products, for pages that show many. */
export const stockTopic = topic<ProductChange>("products");
/** Changes of one product. */
export const productTopic = (productId: number) => topic<ProductChange>(`product:${productId}`);
