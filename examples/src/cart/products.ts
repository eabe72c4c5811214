/**
 * Products of the shop, and their stock. All carts of this process take from the same shelves, so they live beside the views. In an
 * app of several nodes a database keeps them, since two nodes must not sell the last one twice.
 */
import { topic } from "@overwire/server";

export interface Product {
  readonly id: string;
  readonly name: string;
  /** Path of an SVG of 24 by 24. */
  readonly picture: string;
  /** In cents. */
  readonly price: number;
}

export const products: readonly Product[] = [
  {
    id: "mug",
    name: "Enamel mug",
    picture: "M5 8h11v8a4 4 0 0 1-4 4H9a4 4 0 0 1-4-4zM16 10h2a2.5 2.5 0 0 1 0 5h-2M8.5 5V3M12.5 5V3",
    price: 1400,
  },
  {
    id: "notebook",
    name: "Notebook",
    picture: "M7 3h11a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H7zM4 7h3M4 12h3M4 17h3M7 3v18M11 8h4",
    price: 950,
  },
  {
    id: "plant",
    name: "Pot plant",
    picture: "M7 14h10l-1.5 7h-7zM12 14V8m0 2C8 10 6 8 6 4c4 0 6 2 6 6zm0 1c0-3 2-5 6-5 0 3-2 5-6 5z",
    price: 1890,
  },
  {
    id: "umbrella",
    name: "Umbrella",
    picture: "M3 12a9 9 0 0 1 18 0zM12 3V2m0 10v7a2 2 0 0 1-4 0",
    price: 2450,
  },
];

const shelves = new Map(products.map(({ id }) => [id, 12]));

/** Published with a product's id when there is more or less of it. */
export const stocked = topic<string>("stock");

export const left = (id: string): number => shelves.get(id) ?? 0;

/** Takes from the shelf, or puts back a negative number. @returns false if there was not enough */
export function take(id: string, count: number): boolean {
  if (count > left(id)) return false;
  shelves.set(id, left(id) - count);
  return true;
}
