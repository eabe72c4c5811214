/** The stand-in gateway over HTTP, by the client that the store has. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { ACCEPTED_CARD, DECLINED_CARD, readCard } from "../../src/gateway/cards.ts";
import { spawnGateway } from "../../src/gateway/spawn.ts";
import { GatewayUnavailable, PaymentDeclined } from "../../src/payments/gateway.ts";
import { httpGateway } from "../../src/payments/http-gateway.ts";
import { readSettings } from "../../src/settings.ts";
import { GATEWAY_SECRET, gatewayServer } from "../support/gateway-server.ts";

let gateway: Awaited<ReturnType<typeof gatewayServer>>;
beforeAll(async () => {
  gateway = await gatewayServer();
});
afterAll(() => gateway.close());

const returnUrl = "http://store.test/checkout/2026-AAAAA-BBBBB";
let order = 0;
const request = () => {
  order++;
  return { order: `2026-${order}`, amount: 6600, idempotencyKey: `key ${order}` };
};
const saved = async (card: string = ACCEPTED_CARD) => {
  const { id, url } = await gateway.client.beginSetup({ returnUrl });
  await gateway.decide(url, "accept", card);
  return (await gateway.client.methodOf(id))?.id ?? "";
};

describe("a payment on the gateway's page", () => {
  test("is accepted with a card, and leads back to the store", async () => {
    const asked = request();
    const payment = await gateway.client.begin({ ...asked, returnUrl });
    expect(payment).toMatchObject({ order: asked.order, amount: 6600, status: "pending" });
    const page = await fetch(payment.url);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await page.text()).toContain("Pay €66.00");
    expect(await gateway.decide(payment.url, "accept")).toMatchObject({ status: 303, location: returnUrl });
    expect(await gateway.client.paymentsOf(asked.order)).toMatchObject([
      { id: payment.id, status: "succeeded" },
    ]);
    expect(await (await fetch(payment.url)).text()).toContain("This payment is succeeded");
    await gateway.decide(payment.url, "decline");
    expect(await gateway.client.paymentsOf(asked.order)).toMatchObject([{ status: "succeeded" }]);
  });

  test.each([
    ["decline", ACCEPTED_CARD],
    ["accept", DECLINED_CARD],
  ] as const)("is declined by the button %s with the card %s", async (decision, card) => {
    const asked = request();
    const { url } = await gateway.client.begin({ ...asked, returnUrl });
    expect(await gateway.decide(url, decision, card)).toMatchObject({ status: 303 });
    expect(await gateway.client.paymentsOf(asked.order)).toMatchObject([{ status: "declined" }]);
  });

  test("asks again for a number that is none, and shows it as text", async () => {
    const { url } = await gateway.client.begin({ ...request(), returnUrl });
    const { status, text } = await gateway.decide(url, "accept", `"><b>1234`);
    expect(status).toBe(422);
    expect(text).toContain("This is not the number of a card.");
    expect(text).not.toContain("<b>1234");
  });

  test("is unknown under another address", async () => {
    for (const path of ["/pay/pay_x", "/setups/x", "/nothing", "/pay/constructor", "/setups/__proto__"]) {
      expect((await fetch(gateway.url + path)).status).toBe(404);
      expect((await gateway.decide(gateway.url + path, "accept")).status).toBe(404);
    }
  });
});

describe("a saved card", () => {
  test("is told by its last digits alone, and charged", async () => {
    const { id, url } = await gateway.client.beginSetup({ returnUrl });
    expect(await gateway.client.methodOf(id)).toBeUndefined();
    expect(await (await fetch(url)).text()).toContain("Save a card");
    expect((await gateway.decide(url, "accept", "12")).status).toBe(422);
    expect((await gateway.decide(url, "decline")).status).toBe(303);
    expect(await gateway.client.methodOf(id)).toBeUndefined();
    await gateway.decide(url, "accept", "5555 5555 5555 4444");
    const method = await gateway.client.methodOf(id);
    expect(method).toEqual({ id: expect.stringMatching(/^pm_/), brand: "Mastercard", last4: "4444" });
    await gateway.decide(url, "accept");
    expect(await gateway.client.methodOf(id)).toEqual(method);
    const charge = await gateway.client.charge({ ...request(), method: method?.id ?? "" });
    expect(charge.status).toBe("succeeded");
  });

  test("may be declined when it is charged, and so is one that is unknown", async () => {
    for (const method of [await saved(DECLINED_CARD), "pm_unknown"]) {
      const asked = request();
      await expect(gateway.client.charge({ ...asked, method })).rejects.toThrow(PaymentDeclined);
      expect(await gateway.client.paymentsOf(asked.order)).toEqual([]);
    }
  });

  test("has a number with a check digit", () => {
    expect(readCard("4242-4242-4242-4242")).toMatchObject({
      brand: "Visa",
      last4: "4242",
      isDeclined: false,
    });
    expect(readCard("3782 822463 10005")?.brand).toBe("American Express");
    expect(readCard("6011 1111 1111 1117")?.brand).toBe("Card");
    for (const wrong of ["", "4242 4242 4242 4241", "4242", "4".repeat(20)])
      expect(readCard(wrong)).toBeUndefined();
  });
});

describe("the API", () => {
  test("gives the same payment for the same key, at the same time too", async () => {
    const method = await saved();
    const asked = request();
    const charges = await Promise.all([1, 2, 3].map(() => gateway.client.charge({ ...asked, method })));
    expect(new Set(charges.map(({ id }) => id)).size).toBe(1);
    const begun = await gateway.client.begin({ ...asked, returnUrl });
    expect(begun.id).toBe(charges[0]?.id);
    await expect(gateway.client.charge({ ...asked, method, amount: 1 })).rejects.toThrow("with 409");
  });

  test("gives money back once, ends what is pending, and takes unknown payments as given back", async () => {
    const charge = await gateway.client.charge({ ...request(), method: await saved() });
    const page = await gateway.client.begin({ ...request(), returnUrl });
    for (const id of [charge.id, charge.id, page.id, "pay_unknown"]) await gateway.client.refund(id);
    expect(gateway.ledger.payment(charge.id)?.status).toBe("refunded");
    expect(gateway.ledger.payment(page.id)?.status).toBe("declined");
    expect((await gateway.decide(page.url, "accept")).status).toBe(303);
    expect(gateway.ledger.payment(page.id)?.status).toBe("declined");
  });

  test("lists payments since a time", async () => {
    const { id } = await gateway.client.begin({ ...request(), returnUrl });
    const ids = async (time: Date) => (await gateway.client.paymentsSince(time)).map((payment) => payment.id);
    expect(await ids(new Date(Date.now() - 60_000))).toContain(id);
    expect(await ids(new Date(Date.now() + 60_000))).toEqual([]);
  });

  test("knows the store by its secret", async () => {
    const stranger = httpGateway({ url: gateway.url, secret: "the secret of a stranger" });
    await expect(stranger.begin({ ...request(), returnUrl })).rejects.toThrow("with 401");
    await expect(stranger.refund("pay_1")).rejects.toThrow("with 401");
  });

  test.each([
    "no JSON",
    "{}",
    JSON.stringify({ order: "1", amount: 0, idempotencyKey: "k", returnUrl }),
    JSON.stringify({ order: "1", amount: 5, idempotencyKey: "k", returnUrl: "javascript:alert(1)" }),
  ])("refuses what is no payment: %s", async (body) => {
    const headers = { authorization: `Bearer ${GATEWAY_SECRET}` };
    const response = await fetch(`${gateway.url}/v1/payments`, { method: "POST", headers, body });
    expect(response.status).toBe(400);
  });
});

describe("the store's client", () => {
  const answers = async (respond: Parameters<typeof createServer>[1], timeout?: number) => {
    const server = createServer(respond!).listen(0);
    const { port } = server.address() as AddressInfo;
    return {
      client: httpGateway({
        url: `http://127.0.0.1:${port}`,
        secret: GATEWAY_SECRET,
        ...(timeout !== undefined && { timeout }),
      }),
      [Symbol.dispose]: () => {
        server.closeAllConnections();
        server.close();
      },
    };
  };

  test("gives up a gateway that is away or answers too late", async () => {
    using silent = await answers(() => {}, 50);
    await expect(silent.client.paymentsOf("1")).rejects.toThrow(GatewayUnavailable);
    const away = httpGateway({ url: "http://127.0.0.1:1", secret: GATEWAY_SECRET });
    await expect(away.refund("pay_1")).rejects.toThrow("The payment gateway does not answer.");
  });

  test.each(["<html>", "{}", "[]", JSON.stringify({ id: "pay_1", status: "fine" })])(
    "believes no answer of another shape: %s",
    async (text) => {
      using strange = await answers((_, response) => void response.end(text));
      await expect(strange.client.begin({ ...request(), returnUrl })).rejects.toThrow(
        "answered POST /v1/payments with another content",
      );
    },
  );
});

describe("events", () => {
  let received: { signature: string; body: string }[];
  let refusals: number;
  const store = createServer(async (incoming, response) => {
    let body = "";
    for await (const part of incoming) body += part;
    if (refusals-- > 0) return void response.writeHead(500).end();
    received.push({ signature: String(incoming.headers["gateway-signature"]), body });
    response.writeHead(204).end();
  });
  const webhookUrl = () => `http://127.0.0.1:${(store.address() as AddressInfo).port}/`;
  let folder: string;
  beforeAll(async () => {
    store.listen(0);
    folder = await mkdtemp(join(tmpdir(), "store-gateway-"));
  });
  beforeEach(() => {
    received = [];
    refusals = 0;
  });
  afterAll(async () => {
    store.close();
    await rm(folder, { recursive: true });
  });
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
  });

  test("are signed, and sent again until the store takes them", async () => {
    refusals = 3;
    const own = await gatewayServer({ webhookUrl });
    open.push(own);
    const { id, url } = await own.client.begin({ ...request(), returnUrl });
    await own.decide(url, "accept");
    await vi.waitFor(() => expect(received).toHaveLength(1));
    const [{ signature, body } = { signature: "", body: "" }] = received;
    const headers = new Headers({ "gateway-signature": signature });
    expect(own.client.eventOf(body, headers)).toMatchObject({
      type: "payment.succeeded",
      payment: { id, status: "succeeded" },
    });
    expect(own.client.eventOf(`${body} `, headers)).toBeUndefined();
    await vi.waitFor(() => expect(own.ledger.undelivered()).toEqual([]));
  });

  test("and payments outlive the gateway's process", async () => {
    const file = join(folder, "gateway.json");
    const first = await gatewayServer({ file });
    const asked = request();
    await first.decide((await first.client.begin({ ...asked, returnUrl })).url, "accept");
    await first.close();
    const second = await gatewayServer({ file, webhookUrl });
    open.push(second);
    expect(await second.client.paymentsOf(asked.order)).toMatchObject([{ status: "succeeded" }]);
    await vi.waitFor(() => expect(received).toHaveLength(1));
  });

  test("come from the gateway as a process of its own, which ends with its store", async () => {
    const spawned = await spawnGateway({ port: 0, secret: GATEWAY_SECRET, webhookUrl: webhookUrl() });
    open.push(spawned);
    const client = httpGateway({ url: spawned.url, secret: GATEWAY_SECRET });
    const { url } = await client.begin({ ...request(), returnUrl });
    await gateway.decide(url, "decline");
    await vi.waitFor(() => expect(received[0]?.body).toContain("payment.declined"));
    await spawned.close();
    await spawned.close();
    await expect(client.paymentsOf("1")).rejects.toThrow(GatewayUnavailable);
  });

  test("the process ends with a store that ends while it starts", async () => {
    const child = fork(fileURLToPath(new URL("../../dist/gateway/server.js", import.meta.url)), {
      env: { ...process.env, PORT: "0", GATEWAY_SECRET, WEBHOOK_URL: webhookUrl() },
    });
    open.push({ close: async () => void child.kill("SIGKILL") });
    const ended = once(child, "exit");
    child.disconnect();
    expect(await ended).toEqual([0, null]);
  });

  test("the process says if it cannot listen", async () => {
    const taken = Number(new URL(webhookUrl()).port);
    const starting = spawnGateway({ port: taken, secret: GATEWAY_SECRET, webhookUrl: webhookUrl() });
    await expect(starting).rejects.toThrow("cannot listen");
  });
});

test("no means of payment is a name that every object has", async () => {
  await expect(gateway.client.charge({ ...request(), method: "constructor" })).rejects.toThrow(
    PaymentDeclined,
  );
});

test("addresses of the store and of its gateway may have a slash at their end", () => {
  const at = (url: string) => ({ STORE_URL: url, GATEWAY_URL: url, GATEWAY_PUBLIC_URL: url, GATEWAY_SECRET });
  expect(readSettings(at("https://shop.example.com/"))).toMatchObject(at("https://shop.example.com"));
  expect(readSettings(at("https://example.com/shop/"))).toMatchObject(at("https://example.com/shop"));
});

test("another gateway needs the secret that it shares with the store", () => {
  const GATEWAY_URL = "https://gateway.example.com";
  expect(() => readSettings({ GATEWAY_URL })).toThrow("GATEWAY_URL needs the gateway's secret.");
  expect(readSettings({ GATEWAY_URL, GATEWAY_SECRET })).toMatchObject({ GATEWAY_URL });
  expect(readSettings({}).GATEWAY_SECRET).toBeUndefined();
});
