/** A whole day of the store: pages of a customer and of two desks, a program and the gateway, over one store in memory. */
import { connect, live, request } from "@overwire/testing";
import { expect, test } from "vitest";
import { TERMINALS } from "../../src/web/terminals/routes.ts";
import type { StockChannel } from "../../src/web/terminals/stock-channel.ts";
import { products, users } from "../support/factories.ts";
import { gatewayInMemory } from "../support/gateway-double.ts";
import { sessionOf } from "../support/login.ts";
import { linkOf, subjectsTo } from "../support/mails.ts";
import { address } from "../support/order-world.ts";
import { type TestStore, testStore } from "../support/test-store.ts";

const grace = { name: "Grace", email: "grace@example.com", password: "correct horse battery" };

/** A visitor puts a piece into the cart, registers, and opens the link in the mail. */
async function arrival({ app, store, mails }: TestStore, slug: string) {
  const browser = request(app);
  const page = await live(browser, `/products/${slug}`);
  await page.element(".add-to-cart button").click();
  await page.settled();
  const register = await live(browser, "/register");
  await register.form("#registration", grace).submit();
  await store.settled();
  const confirm = await live(browser, linkOf(mails));
  await confirm.form("#confirm", { password: grace.password }).submit();
  await confirm.assertRedirect("/welcome");
  return browser;
}

test("a visitor becomes a customer, orders and pays, and two desks and a window's display follow until it is shipped", async () => {
  const shop = testStore();
  const { app, repo, store, mails, gateway } = shop;
  const bank = gatewayInMemory();
  gateway.fallback(bank);
  const cup = await products(repo).insert({ slug: "cup", name: "Cup", price: 1800, stock: 3 });
  const [first, second] = await users(repo).moderator().insertPair();
  const desks = await Promise.all(
    [first, second].map(async (user) => live(app, "/desk/orders", { session: await sessionOf(store, user) })),
  );
  const { token } = await store.apiTokens.create(first, "Window");
  const socket = await connect(app, TERMINALS, { token });
  const display = await socket.subscribeAndJoin<StockChannel>("stock:cup");

  const browser = await arrival(shop, cup.slug);
  const checkout = await live(browser, "/checkout");
  await checkout.form("#order", { order: { address: { ...address } } }).submit();
  await display.assertPush("stock", { stock: 2 });
  const [order] = await repo.all("orders");
  const number = order?.number ?? "";
  const waiting = await live(browser, `/checkout/${number}`);
  await store.orders.handleEvent(bank.decide(number, "succeeded"));
  await waiting.assertRedirect(`/orders/${number}`);

  const customer = await waiting.followRedirect();
  const others = await live(app, "/orders", { session: await sessionOf(store, await users(repo).insert()) });
  for (const desk of desks) {
    await expect.poll(() => desk.text("#orders")).toContain("paid");
    expect(desk.text("#orders")).toContain(number);
  }
  await store.orders.ship(first, order?.id ?? 0);
  await customer.settled();
  expect(customer.text(".badge")).toBe("On its way");
  for (const desk of desks) await expect.poll(() => desk.text("#orders")).toContain("shipped");
  expect(others.text()).not.toContain(number);

  await store.orders.mailed();
  expect(subjectsTo(mails, grace.email)).toEqual([
    "Confirm your address",
    `We have your order ${number}`,
    `Your order ${number} is paid`,
    `Your order ${number} is on its way`,
  ]);
  (await browser.post("/logout")).assertRedirect("/");
  (await browser.get(`/orders/${number}`)).assertRedirect("/login");
});
