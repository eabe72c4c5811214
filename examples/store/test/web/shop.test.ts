import { live } from "@overwire/testing";
import { expect, test } from "vitest";
import { products } from "../support/factories.ts";
import { testStore } from "../support/test-store.ts";

test("the shop shows its products", async () => {
  const { app, repo } = testStore();
  await products(repo).insert({ name: "Blue bowl", price: 2450 });
  const view = await live(app, "/");
  expect(view.text(".products")).toContain("Blue bowl, €24.50");
});
