/** A product that the store does not have yet. */
import type { ProductDraft } from "../../src/catalogue/drafts.ts";

export const draft: ProductDraft = {
  name: "Blue bowl",
  description: "Wide, deep and blue.",
  category: "Bowls",
  brand: "Tonwerk",
  price: 2450,
  isListed: true,
};
