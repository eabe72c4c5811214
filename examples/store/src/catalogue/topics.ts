/** Messages of the catalogue: products as they are after a change. */
import { topic } from "@overwire/server";
import type { Product } from "../database/schema.ts";

export interface ProductChange {
  readonly productId: number;
  readonly stock: number;
  /** All of it, so that a page can show it again without a query of its own. */
  readonly product: Product;
}

/** Changes of all products, for pages that show many. Those of one order come together, so that such a page is rendered once for it. */
export const stockTopic = topic<readonly ProductChange[]>("products");
/** Changes of one product. */
export const productTopic = (productId: number) => topic<ProductChange>(`product:${productId}`);
