import { live, request } from "@overwire/testing";
import { expect, test } from "vitest";
import type { Product } from "../../src/database/schema.ts";
import { CART_COOKIE } from "../../src/web/cart/visitor.ts";
import { products } from "../support/factories.ts";
import { testStore } from "../support/test-store.ts";

/** A store, and the page of a product in it. */
async function withProduct(attributes: Partial<Product> = {}) {
  const shop = testStore();
  const product = await products(shop.repo).insert({ name: "Cup", ...attributes });
  const client = request(shop.app);
  const open = () => live(client, `/products/${product.slug}`);
  return { ...shop, product, client, open };
}

test("a visitor's first piece begins a cart, which the next page has too", async () => {
  const { client, open, store } = await withProduct();
  const page = await open();
  expect(page.text(".add-to-cart button")).toBe("Add to cart");
  await page.element(".add-to-cart button").click();
  await page.settled();
  expect(page.text(".add-to-cart button")).toBe("Add another · 1 in your cart");
  expect(page.text("#cart-badge")).toBe("1");
  const cartId = client.cookie(CART_COOKIE) ?? "";
  expect((await store.carts.of({ cartId })).pieces).toBe(1);
  expect((await live(client, "/cart")).text(".sum")).toContain("1 piece");
});

test("badges and buttons of all tabs follow", async () => {
  const { open } = await withProduct();
  const page = await open();
  await page.element(".add-to-cart button").click();
  const tab = await open();
  expect(tab.text(".add-to-cart button")).toBe("Add another · 1 in your cart");
  await tab.element(".add-to-cart button").click();
  await page.settled();
  expect(page.text("#cart-badge")).toBe("2");
  expect(page.text(".add-to-cart button")).toBe("Add another · 2 in your cart");
});

test("the badge goes along from page to page", async () => {
  const { open } = await withProduct();
  const page = await open();
  await page.element(".add-to-cart button").click();
  await page.settled();
  const { node } = page.element("#cart-badge");
  await page.navigateTo("/cart");
  expect(page.element("#cart-badge").node).toBe(node);
  await page.element("[aria-label='One Cup more']").click();
  await page.settled();
  expect(page.text("#cart-badge")).toBe("2");
});

test("a piece shows at once, and is taken back with the reason if the last one is gone", async () => {
  const { open, repo, product } = await withProduct({ stock: 1 });
  const page = await open();
  // The page has not heard of it.
  await repo.update("products", product.id, { stock: 0 });
  // As slow as a network can be.
  await page.disconnect();
  await page.element(".add-to-cart button").click();
  expect(page.element(".add-to-cart .label").node?.getAttribute("data-ahead")).toBe(
    "Add another · 1 in your cart",
  );
  expect(page.element("#cart-badge .count").node?.getAttribute("data-ahead")).toBe("1");
  await page.reconnect();
  await page.settled();
  expect(page.hasElement("[data-ahead]")).toBe(false);
  expect(page.text(".add-to-cart .label")).toBe("Add to cart");
  expect(page.text(".add-to-cart [role=alert]")).toBe("Cup is sold out.");
  expect(page.text("#cart-badge")).toBe("0");
});

test("a product without stock cannot be added", async () => {
  const { open } = await withProduct({ stock: 0 });
  const page = await open();
  expect(page.text(".add-to-cart button")).toBe("Sold out");
  await expect(page.element(".add-to-cart button").click()).rejects.toThrow("disabled");
});

test("20 pieces are the most", async () => {
  const { open, store, product, client } = await withProduct({ stock: 50 });
  await open();
  await store.carts.add({ cartId: client.cookie(CART_COOKIE) ?? "" }, product.id, 20);
  const page = await open();
  expect(page.text(".add-to-cart button")).toBe("Add another · 20 in your cart");
  await expect(page.element(".add-to-cart button").click()).rejects.toThrow("disabled");
});

test("two tabs of a visitor begin one cart", async () => {
  const { open, client } = await withProduct();
  const [first, second] = [await open(), await open()];
  await first.element(".add-to-cart button").click();
  await second.element(".add-to-cart button").click();
  await first.settled();
  await second.settled();
  expect(first.text("#cart-badge")).toBe("2");
  expect(second.text("#cart-badge")).toBe("2");
  expect((await live(client, "/cart")).text(".sum")).toContain("2 pieces");
});

test("several pieces are put in at once, and the next ones beside them", async () => {
  const { open, store, client } = await withProduct({ stock: 5 });
  const page = await open();
  expect(page.element(".add-to-cart input").node.getAttribute("max")).toBe("5");
  await page.form(".add-to-cart", { quantity: "3" }).submit();
  await page.settled();
  expect(page.text(".add-to-cart button")).toBe("Add another · 3 in your cart");
  expect(page.text("#cart-badge")).toBe("3");
  expect(page.element(".add-to-cart input").node.getAttribute("max")).toBe("2");
  await page.form(".add-to-cart", { quantity: "2" }).submit();
  expect((await store.carts.of({ cartId: client.cookie(CART_COOKIE) ?? "" })).pieces).toBe(5);
});

test.each([
  ["", "Write a number."],
  ["0", "At least one piece."],
  ["-2", "At least one piece."],
  ["1.5", "Write a whole number."],
  ["21", "A cart holds at most 20 of a product."],
  ["6", "Only 5 of Cup left."],
  ["three", "Write a number."],
])("the quantity %j is refused in words, and puts nothing in", async (quantity, problem) => {
  const { open } = await withProduct({ stock: 5 });
  const page = await open();
  // As a script could send it: a field of numbers holds no words.
  await page.target(".add-to-cart").event("chosen.submit", { quantity });
  await page.settled();
  expect(page.text(".add-to-cart [role=alert]")).toBe(problem);
  expect(page.element(".add-to-cart input").node.getAttribute("aria-invalid")).toBe("true");
  expect(page.text("#cart-badge")).toBe("0");
  await page.form(".add-to-cart", { quantity: "2" }).submit();
  await page.settled();
  expect(page.hasElement(".add-to-cart [role=alert]")).toBe(false);
  expect(page.text("#cart-badge")).toBe("2");
});

test("several pieces show at once, and are taken back with the reason if they are gone", async () => {
  const { open, repo, product } = await withProduct({ stock: 4 });
  const page = await open();
  await repo.update("products", product.id, { stock: 2 });
  await page.form(".add-to-cart", { quantity: "3" }).change();
  await page.disconnect();
  await page.element(".add-to-cart button").click();
  const ahead = (selector: string) => page.element(selector).node.getAttribute("data-ahead");
  expect(ahead(".add-to-cart .label")).toBe("Add another · 3 in your cart");
  expect(ahead("#cart-badge .count")).toBe("3");
  await page.reconnect();
  await page.settled();
  expect(page.hasElement("[data-ahead]")).toBe(false);
  expect(page.text(".add-to-cart .label")).toBe("Add to cart");
  expect(page.text(".add-to-cart [role=alert]")).toBe("Only 2 of Cup left.");
  expect(page.text("#cart-badge")).toBe("0");
});
