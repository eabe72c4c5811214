import { live } from "@overwire/testing";
import { expect, test } from "vitest";
import { randomToken } from "../../src/shared/random.ts";
import { enterInHandler } from "../../src/web/accounts/enter.ts";
import { CART_COOKIE } from "../../src/web/cart/visitor.ts";
import { browserOf } from "../support/browser.ts";
import { products, users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { setStock } from "../support/stock.ts";
import { type TestStore, testStore } from "../support/test-store.ts";

const visitor = { cartId: randomToken() };

/** A store whose visitor has two cups and a bowl in the cart. */
async function withCart() {
  const shop = testStore();
  const cup = await products(shop.repo).insert({ name: "Cup", price: 1800, stock: 5 });
  const bowl = await products(shop.repo).insert({ name: "Bowl", price: 2400, stock: 5 });
  await shop.store.carts.add(visitor, cup.id, 2);
  await shop.store.carts.add(visitor, bowl.id);
  return { ...shop, cup, bowl };
}

const openCart = ({ app }: Pick<TestStore, "app">) => live(browserOf(app, visitor), "/cart");

test("an empty cart leads to the shop", async () => {
  const page = await live(testStore().app, "/cart");
  expect(page.text(".empty")).toContain("There is nothing in it yet.");
  expect(page.hasElement(".sum")).toBe(false);
  expect(page.element(".empty a").node?.getAttribute("href")).toBe("/");
});

test("the cart shows its lines, their subtotals and the sum", async () => {
  const page = await openCart(await withCart());
  expect(page.text("h1")).toBe("Your cart");
  expect(page.text(".line:nth-child(1)")).toContain("Cup");
  expect(page.text(".line:nth-child(1) .subtotal")).toBe("€36.00");
  expect(page.text(".sum")).toContain("3 pieces €60.00");
  expect(page.element(".sum a").node?.getAttribute("href")).toBe("/checkout");
  expect(page.text("#cart-badge")).toBe("3");
});

test("pieces are stepped and typed, and all tabs follow", async () => {
  const shop = await withCart();
  const page = await openCart(shop);
  const tab = await openCart(shop);
  await page.element("[aria-label='One Cup more']").click();
  expect(page.text(".line:nth-child(1) .subtotal")).toBe("€54.00");
  await page.form(".line:nth-child(2) form", { quantity: "4" }).change();
  expect(page.text(".sum")).toContain("7 pieces €150.00");
  await page.element("[aria-label='One Bowl less']").click();
  await tab.settled();
  expect(tab.text(".sum")).toContain("6 pieces €126.00");
  expect(tab.text("#cart-badge")).toBe("6");
});

test.each([
  ["many", "Write a number."],
  ["1.5", "Write a whole number."],
  ["0", "At least one piece."],
  ["21", "A cart holds at most 20 of a product."],
  ["6", "Only 5 of Cup left."],
])("%s pieces are refused with the reason, and the cart stays as it was", async (quantity, reason) => {
  const { store, ...shop } = await withCart();
  const page = await openCart(shop);
  await page.form(".line:nth-child(1) form", { quantity }).change();
  expect(page.text(".line [role=alert]")).toBe(reason);
  expect((await store.carts.of(visitor)).items[0]?.quantity).toBe(2);
  await page.form(".line:nth-child(1) form", { quantity: "3" }).change();
  expect(page.hasElement(".line [role=alert]")).toBe(false);
  expect(page.text(".line:nth-child(1) .subtotal")).toBe("€54.00");
});

test("one more than the stock is taken back, with the reason", async () => {
  const { repo, cup, ...shop } = await withCart();
  const page = await openCart(shop);
  await repo.update("products", cup.id, { stock: 2 });
  await page.element("[aria-label='One Cup more']").click();
  expect(page.text(".line [role=alert]")).toBe("Only 2 of Cup left.");
  expect(page.element(".line:nth-child(1) input").node?.getAttribute("value")).toBe("2");
  expect(page.text(".line:nth-child(1) .subtotal")).toBe("€36.00");
});

test("a line that is removed can be put back", async () => {
  const page = await openCart(await withCart());
  await page.element("[aria-label='Remove Cup']").click();
  expect(page.text(".lines")).not.toContain("Cup");
  expect(page.text(".removed")).toContain("Cup was removed.");
  expect(page.text("#cart-badge")).toBe("1");
  await page.element("[aria-label='Remove Bowl']").click();
  expect(page.text(".empty")).toContain("There is nothing in it yet.");
  await page.element("[aria-label='Undo: put Cup back']").click();
  expect(page.text(".sum")).toContain("2 pieces €36.00");
  expect(page.text(".removed")).toBe("Bowl was removed. Undo");
});

test("a price that has changed is pointed out until it is accepted", async () => {
  const { repo, store, cup, ...shop } = await withCart();
  const page = await openCart(shop);
  await repo.update("products", cup.id, { price: 2000 });
  await store.catalogue.stockChanged([cup]);
  await page.settled();
  expect(page.text(".line:nth-child(1) small")).toBe("€20.00 each, was €18.00");
  expect(page.text(".sum")).toContain("€64.00");
  await page.element(".notice button", "All right").click();
  expect(page.text(".line:nth-child(1) small")).toBe("€20.00 each");
  expect(page.hasElement(".notice")).toBe(false);
});

test("stock that goes meanwhile is shown, and holds the check-out back until the line is changed", async () => {
  const { repo, store, cup, bowl, ...shop } = await withCart();
  const page = await openCart(shop);
  await setStock(store, cup.id, 1);
  await setStock(store, bowl.id, 0);
  await page.settled();
  expect(page.text(".line:nth-child(1) .short")).toBe("Only 1 left Take 1");
  expect(page.text(".line:nth-child(2) .short")).toBe("Sold out Remove it to check out.");
  expect(page.hasElement(".sum a")).toBe(false);
  await page.element("button", "Take 1").click();
  await page.element("[aria-label='Remove Bowl']").click();
  expect(page.hasElement(".sum a")).toBe(true);
  await setStock(store, cup.id, 0);
  await page.settled();
  expect(page.hasElement(".sum a")).toBe(false);
});

test("the cart survives a lost connection, a deploy and a reload", async () => {
  const shop = await withCart();
  const client = browserOf(shop.app, visitor);
  const page = await live(client, "/cart");
  await page.disconnect();
  await shop.store.carts.setQuantity(visitor, shop.cup.id, 3);
  await page.reconnect();
  expect(page.text(".sum")).toContain("4 pieces");
  await page.disconnect({ resume: false });
  await shop.store.carts.setQuantity(visitor, shop.cup.id, 4);
  await page.reconnect();
  expect(page.text(".sum")).toContain("5 pieces");
  await page.element("[aria-label='One Cup more']").click();
  const reloaded = await live(client, "/cart");
  expect(reloaded.text(".sum")).toContain("6 pieces");
});

test("a user's cart is on all machines, and is not a visitor's", async () => {
  const { app, store, repo, cup } = await withCart();
  const user = await users(repo).insert();
  await store.carts.add({ userId: user.id }, cup.id, 4);
  const client = browserOf(app, visitor, { session: await sessionOf(store, user) });
  const [laptop, phone] = [await live(client, "/cart"), await live(client, "/cart")];
  await laptop.element("[aria-label='One Cup less']").click();
  await phone.settled();
  expect(phone.text(".sum")).toContain("3 pieces");
  expect((await openCart({ app })).text(".sum")).toContain("3 pieces €60.00");
});

test("a visitor's cart joins the user's at a log-in, and the browser has an empty one after the log-out", async () => {
  const { app, store, repo, cup } = await withCart();
  const ada = await users(repo).withPassword("correct horse battery").insert();
  await store.carts.add({ userId: ada.id }, cup.id);
  const client = browserOf(app, visitor);
  const login = await live(client, "/login");
  await login.form("#login", { email: ada.email, password: "correct horse battery" }).submit();
  expect((await login.followRedirect("/")).text("#cart-badge")).toBe("4");
  expect((await live(client, "/cart")).text(".sum")).toContain("4 pieces €78.00");
  await client.post("/logout");
  expect((await live(client, "/cart")).text("#cart-badge")).toBe("0");
});

test("a visitor's cart joins the user's when a handler logs in, as that of a provider does", async () => {
  const { app, store, repo } = await withCart();
  const ada = await users(repo).insert();
  app.get("/callback", (c) => enterInHandler(app, c, ada, { remember: false }));
  const client = browserOf(app, visitor);
  (await client.get("/callback")).assertRedirect("/");
  expect((await live(client, "/cart")).text(".sum")).toContain("3 pieces €60.00");
  expect((await store.carts.of({ userId: ada.id })).pieces).toBe(3);
});

test("a cookie that the store has not made is replaced, so that visitors do not meet in one cart", async () => {
  const { app } = await withCart();
  const client = browserOf(app, { cartId: "mine" });
  await live(client, "/cart");
  expect(client.cookie(CART_COOKIE)).toMatch(/^[\w-]{43}$/);
});
