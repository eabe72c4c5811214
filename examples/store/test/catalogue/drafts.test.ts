import { describe, expect, test } from "vitest";
import { productDraft } from "../../src/catalogue/drafts.ts";
import { freeSlug, slugOf } from "../../src/shared/slug.ts";

test.each([
  ["Lehm & Feuer", "lehm-feuer"],
  ["  Crème brûlée dish ", "creme-brulee-dish"],
  ["Großer Krug №5", "grosser-krug-no5"],
  ["茶碗", "product"],
])("%s stands in a URL as %s", (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});

test("a name that is taken gets a number", () => {
  expect(freeSlug("cup", new Set())).toBe("cup");
  expect(freeSlug("cup", new Set(["cup", "cup-2"]))).toBe("cup-3");
});

describe("a draft is refused", () => {
  const good = {
    name: "Cup",
    description: "Thrown by hand.",
    category: "Cups",
    brand: "Tonwerk",
    price: 1800,
    isListed: true,
  };
  test.each([
    ["with a short name", { name: " C " }],
    ["without a description", { description: "" }],
    ["with half a cent", { price: 10.5 }],
    ["with a negative price", { price: -1 }],
    ["for nothing, which no gateway charges", { price: 0 }],
  ])("%s", (_, change) => {
    expect(productDraft.safeParse(good).success).toBe(true);
    expect(productDraft.safeParse({ ...good, ...change }).success).toBe(false);
  });
});
