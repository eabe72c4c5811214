/** From the cart to the parcel, with the stand-in gateway over HTTP and its signed events. */
import { serve } from "@overwire/server/node";
import { live } from "@overwire/testing";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { products, users } from "../support/factories.ts";
import { gatewayServer } from "../support/gateway-server.ts";
import { sessionOf } from "../support/login.ts";
import { address } from "../support/order-world.ts";
import { type TestStore, testStore } from "../support/test-store.ts";

let gateway: Awaited<ReturnType<typeof gatewayServer>>;
let shop: TestStore;
let close: () => Promise<void>;
let webhookUrl = "";
beforeAll(async () => {
  gateway = await gatewayServer({ webhookUrl: () => webhookUrl });
  shop = testStore({ gateway: gateway.client });
  const served = await serve(shop.app, { port: 0, log: false, handleSignals: false }).ready;
  webhookUrl = `${served.url}/webhooks/payments`;
  close = () => served.close();
});
afterAll(async () => {
  await gateway.close();
  await close();
});

async function checkedOut() {
  const user = await users(shop.repo).insert();
  const cup = await products(shop.repo).insert({ name: "Cup", stock: 3 });
  await shop.store.carts.add({ userId: user.id }, cup.id, 2);
  const page = await live(shop.app, "/checkout", { session: await sessionOf(shop.store, user) });
  await page.form("#order", { order: { address: { ...address } } }).submit();
  const { to } = await page.assertRedirect();
  const [order] = await shop.store.orders.ofUser(user.id);
  return { user, cup, to, number: order?.number ?? "", id: order?.id ?? 0 };
}

test("a customer orders, pays on the gateway's page, and sees the order on its way", async () => {
  const { user, cup, to, number, id } = await checkedOut();
  expect((await shop.store.catalogue.get(cup.id))?.stock).toBe(1);
  const session = await sessionOf(shop.store, user);
  const waiting = await live(shop.app, `/checkout/${number}`, { session });
  const { location } = await gateway.decide(to, "accept");
  expect(location).toBe(`http://store.test/checkout/${number}`);
  await waiting.assertRedirect(`/orders/${number}`);
  const page = await waiting.followRedirect();
  expect(page.text(".badge")).toBe("Paid");
  const moderator = await users(shop.repo).moderator().insert();
  await shop.store.orders.ship(moderator, id);
  await page.settled();
  expect(page.text(".badge")).toBe("On its way");
  await shop.store.orders.mailed();
  expect(shop.mails.map(({ subject }) => subject)).toEqual([
    `We have your order ${number}`,
    `Your order ${number} is paid`,
    `Your order ${number} is on its way`,
  ]);
});

test("a customer whose card is declined finds the goods back in stock", async () => {
  const { cup, to, id } = await checkedOut();
  await gateway.decide(to, "accept", "4000 0000 0000 0002");
  await vi.waitFor(async () => expect((await shop.store.orders.get(id))?.status).toBe("declined"));
  expect((await shop.store.catalogue.get(cup.id))?.stock).toBe(3);
  await vi.waitFor(() => expect(gateway.ledger.undelivered()).toEqual([]));
});
