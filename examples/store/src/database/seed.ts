/** First content of an empty store. */
import type { StoreRepo } from "./schema.ts";

/** Does nothing if there are products. */
export async function seed(repo: StoreRepo): Promise<void> {
  if ((await repo.count("products")) > 0) return;
  await repo.insertAll("products", [
    {
      slug: "stoneware-cup",
      name: "Stoneware cup",
      description: "Thrown by hand and glazed in blue. Holds a quarter of a litre and keeps it warm.",
      category: "Cups",
      brand: "Lehm & Feuer",
      price: 1800,
      stock: 24,
    },
    {
      slug: "linen-napkin",
      name: "Linen napkin",
      description: "Washed linen that gets softer with every meal.",
      category: "Textiles",
      brand: "Flachs",
      price: 900,
      stock: 120,
    },
  ]);
}
