/** The gateway's events as they reach the store. */
import { assertErrorSent, request } from "@overwire/testing";
import { expect, test } from "vitest";
import { httpGateway } from "../../src/payments/http-gateway.ts";
import { signWebhook } from "../../src/payments/webhook-signature.ts";
import { gatewayInMemory } from "../support/gateway-double.ts";
import { GATEWAY_SECRET } from "../support/gateway-server.ts";
import { orderWorld } from "../support/order-world.ts";
import { testStore } from "../support/test-store.ts";

async function shopWithOrder() {
  const shop = testStore();
  const world = await orderWorld(shop.repo);
  const { eventOf } = httpGateway({ url: "http://gateway.test", secret: GATEWAY_SECRET });
  shop.gateway.fallback({ ...world.bank, eventOf });
  const { order } = await shop.store.orders.place(world.user, world.request());
  const event = JSON.stringify(world.bank.decide(order.number, "succeeded"));
  const post = (body: string, signature: string | undefined) =>
    request(shop.app).post("/webhooks/payments", {
      body,
      headers: {
        "gateway-signature": signature,
        "content-type": "application/json",
        origin: undefined,
        accept: "*/*",
      },
    });
  return { ...shop, world, order, event, post };
}

test("an event that is signed is handled, once", async () => {
  const { store, order, event, post } = await shopWithOrder();
  const signature = signWebhook(GATEWAY_SECRET, event, new Date());
  expect((await post(event, signature)).status).toBe(204);
  expect((await post(event, signature)).status).toBe(204);
  expect((await store.orders.get(order.id))?.status).toBe("paid");
});

test("a request that is not signed by the gateway is refused, and so is an old one", async () => {
  const { store, order, event, post } = await shopWithOrder();
  const forged = signWebhook("another secret, of a stranger", event, new Date());
  const old = signWebhook(GATEWAY_SECRET, event, new Date(Date.now() - 10 * 60_000));
  for (const signature of [undefined, forged, old]) expect((await post(event, signature)).status).toBe(401);
  expect((await post("x".repeat(70_000), forged)).status).toBe(413);
  expect((await store.orders.get(order.id))?.status).toBe("pending");
});

test("an event that cannot be handled is not accepted, so that the gateway sends it again", async () => {
  const { post, gateway } = await shopWithOrder();
  const unknown = { id: "pay_9", order: "2026-NOONE-KNOWS", amount: 5, status: "succeeded" } as const;
  const event = JSON.stringify(gatewayInMemory().eventOfPayment(unknown));
  const signature = signWebhook(GATEWAY_SECRET, event, new Date());
  gateway.expect("refund", () => Promise.reject(new Error("The gateway is away.")));
  await assertErrorSent(500, () => post(event, signature));
  gateway.expect("refund", async (id) => expect(id).toBe("pay_9"));
  expect((await post(event, signature)).status).toBe(204);
});

test("an event of a type that the store does not know is taken and left alone, so that it is not sent for ever", async () => {
  const { store, order, post } = await shopWithOrder();
  const types = ["payout.paid", "payment.created", "constructor"];
  for (const event of [
    ...types.map((type) => ({ id: `ev_${type}`, type, payout: { id: "po_1" } })),
    { id: "ev_2", type: "payment.disputed", payment: { id: "pay_1", status: "disputed" } },
  ]) {
    const body = JSON.stringify(event);
    expect((await post(body, signWebhook(GATEWAY_SECRET, body, new Date()))).status).toBe(204);
    expect((await post(body, signWebhook("another secret", body, new Date()))).status).toBe(401);
  }
  expect((await store.orders.get(order.id))?.status).toBe("pending");
});
