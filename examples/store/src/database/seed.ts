/** First content of an empty store. */
import { DAY } from "../shared/clock.ts";
import { slugOf } from "../shared/slug.ts";
import type { StoreRepo } from "./schema.ts";
import { seedProducts } from "./seed-products.ts";

/** The newest product came then; the others came one a day before it. */
const NEWEST = Date.UTC(2026, 9, 1);

/** Does nothing if there are products. */
export async function seed(repo: StoreRepo): Promise<void> {
  if ((await repo.count("products")) > 0) return;
  await repo.insertAll("products", productRows());
}

/** All products, a category after the other in turn, so that those of a page differ. */
export function productRows() {
  const categories = Object.entries(seedProducts);
  const longest = Math.max(...categories.map(([, products]) => products.length));
  return Array.from({ length: longest }, (_, place) =>
    categories.flatMap(([category, products]) => {
      const product = products[place];
      return product ? [{ category, product }] : [];
    }),
  )
    .flat()
    .map(({ category, product: [name, brand, price, stock, description] }, index) => ({
      slug: slugOf(name),
      name,
      description,
      category,
      brand,
      price,
      stock,
      createdAt: new Date(NEWEST - index * DAY),
    }));
}
