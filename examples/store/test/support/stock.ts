/** Stock that is set whatever it was. */
import type { Store } from "../../src/store/store.ts";

/** Counts a product at the desk, between all else that happens to it. */
export async function setStock({ catalogue }: Pick<Store, "catalogue">, productId: number, stock: number) {
  const product = await catalogue.get(productId);
  await catalogue.setStock(productId, stock, product?.stock ?? 0);
}
