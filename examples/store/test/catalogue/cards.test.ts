import { renderComponent } from "@overwire/testing";
import { expect, test } from "vitest";
import type { Product } from "../../src/database/schema.ts";
import { cardOf, ProductCard } from "../../src/web/catalogue/parts.ts";
import { products } from "../support/factories.ts";
import { memory } from "../support/memory.ts";

const cup = products(memory()).build({ stock: 9 });
const others: readonly Product[] = [
  { ...cup, id: cup.id + 1 },
  { ...cup, slug: "bowl" },
  { ...cup, name: "Bowl" },
  { ...cup, description: "Turned by foot." },
  { ...cup, category: "Bowls" },
  { ...cup, brand: "Havn" },
  { ...cup, price: cup.price + 1 },
  { ...cup, picture: "0b8c2f6e.webp" },
  { ...cup, isListed: !cup.isListed },
  { ...cup, createdAt: new Date(0) },
  ...Array.from({ length: 8 }, (_, stock) => ({ ...cup, stock })),
];

test("pages that compare cards miss nothing that a card shows, and are not patched for anything else", () => {
  const changed = Object.keys(cup).filter((column) =>
    others.some((other) => other[column as keyof Product] !== cup[column as keyof Product]),
  );
  expect(changed).toEqual(Object.keys(cup));
  const all = [cup, ...others];
  const shown = all.map((product) => renderComponent(ProductCard, { product }));
  for (const [index, product] of all.entries())
    for (const [other, html] of shown.entries())
      expect([index, other, cardOf(product) === cardOf(all[other] as Product)]).toEqual([
        index,
        other,
        shown[index] === html,
      ]);
});
