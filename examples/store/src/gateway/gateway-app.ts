/** The stand-in payment gateway as a Hono app: its HTTP API for the store, and its pages for customers. */
import { createHash, timingSafeEqual } from "node:crypto";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { readCard } from "./cards.ts";
import { KeyReused, type Ledger, type LedgerPayment } from "./ledger.ts";
import { css, donePage, paymentPage, setupPage, unknownPage } from "./pages.ts";

export interface GatewayOptions {
  readonly ledger: Ledger;
  /** Names the store. */
  readonly secret: string;
  /** The gateway's own address for browsers, without a slash at its end. */
  readonly url: () => string;
}

const link = z.url({ protocol: /^https?$/ });
const request = z.object({
  order: z.string().min(1).max(100),
  amount: z.int().positive(),
  idempotencyKey: z.string().min(1).max(200),
});
const newPayment = request.extend({ returnUrl: link });
const newCharge = request.extend({ method: z.string() });
const newSetup = z.object({ returnUrl: link });

const NO_CARD = "This is not the number of a card.";

export function gatewayApp(options: GatewayOptions): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    c.header("cache-control", "no-store");
    c.header("referrer-policy", "no-referrer");
    // Without form-action: the answer to a form leads back to the store.
    c.header(
      "content-security-policy",
      "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
    );
  });
  app.onError((error, c) => {
    if (error instanceof z.ZodError) return c.json({ error: "bad_request", message: error.message }, 400);
    if (error instanceof SyntaxError) return c.json({ error: "bad_request", message: "No JSON." }, 400);
    if (error instanceof KeyReused) return c.json({ error: "key_reused", message: error.message }, 409);
    console.error(error);
    return c.json({ error: "internal" }, 500);
  });
  app.get("/gateway.css", (c) => c.body(css, 200, { "content-type": "text/css; charset=utf-8" }));
  api(app, options);
  pages(app, options);
  return app;
}

const told = ({ id, order, amount, status }: LedgerPayment) => ({ id, order, amount, status });
const digest = (text: string) => createHash("sha256").update(text).digest();

function api(app: Hono, { ledger, secret, url }: GatewayOptions): void {
  const expected = digest(`Bearer ${secret}`);
  app.use("/v1/*", async (c, next) => {
    if (!timingSafeEqual(digest(c.req.header("authorization") ?? ""), expected))
      return c.json({ error: "unauthorized" }, 401);
    return next();
  });
  app.post("/v1/payments", async (c) => {
    const { returnUrl, ...rest } = newPayment.parse(await c.req.json());
    const payment = ledger.begin(rest, returnUrl);
    return c.json({ ...told(payment), url: `${url()}/pay/${payment.id}` }, 201);
  });
  app.post("/v1/charges", async (c) => {
    const { method, ...rest } = newCharge.parse(await c.req.json());
    const payment = ledger.charge(rest, method);
    return payment ? c.json(told(payment), 201) : c.json({ error: "payment_declined" }, 402);
  });
  app.post("/v1/payments/:id/refund", (c) => {
    const payment = ledger.refund(c.req.param("id"));
    return payment ? c.json(told(payment)) : c.json({ error: "not_found" }, 404);
  });
  app.get("/v1/payments", (c) => {
    const { order, since } = c.req.query();
    const from = since === undefined ? undefined : z.coerce.date().parse(since);
    const asked = { ...(order !== undefined && { order }), ...(from && { since: from }) };
    return c.json(ledger.payments(asked).map(told));
  });
  app.post("/v1/setups", async (c) => {
    const { id } = ledger.beginSetup(newSetup.parse(await c.req.json()).returnUrl);
    return c.json({ id, url: `${url()}/setups/${id}` }, 201);
  });
  app.get("/v1/setups/:id", (c) => {
    const setup = ledger.setup(c.req.param("id"));
    return setup ? c.json({ id: setup.id, method: setup.method }) : c.json({ error: "not_found" }, 404);
  });
}

/** A page's address is its secret: it is told to the customer alone. */
function pages(app: Hono, { ledger }: GatewayOptions): void {
  app.get("/pay/:id", (c) => {
    const payment = ledger.payment(c.req.param("id"));
    if (!payment) return c.html(unknownPage(), 404);
    return c.html(
      payment.status === "pending" ? paymentPage(payment) : donePage(payment.status, payment.returnUrl),
    );
  });
  app.post("/pay/:id", async (c) => {
    const payment = ledger.payment(c.req.param("id"));
    if (!payment?.returnUrl) return c.html(unknownPage(), 404);
    const { decision, text } = await formOf(c);
    const card = readCard(text);
    if (decision === "accept" && !card)
      return c.html(paymentPage(payment, { card: text, problem: NO_CARD }), 422);
    ledger.decide(payment.id, decision === "accept" && !card?.isDeclined ? "succeeded" : "declined");
    return c.redirect(payment.returnUrl, 303);
  });
  app.get("/setups/:id", (c) => {
    const setup = ledger.setup(c.req.param("id"));
    return setup ? c.html(setupPage()) : c.html(unknownPage(), 404);
  });
  app.post("/setups/:id", async (c) => {
    const setup = ledger.setup(c.req.param("id"));
    if (!setup) return c.html(unknownPage(), 404);
    const { decision, text } = await formOf(c);
    const card = readCard(text);
    if (decision === "accept" && !card) return c.html(setupPage({ card: text, problem: NO_CARD }), 422);
    if (decision === "accept" && card && !setup.method) ledger.endSetup(setup, card);
    return c.redirect(setup.returnUrl, 303);
  });
  app.notFound((c) => c.html(unknownPage(), 404));
}

async function formOf(c: Context): Promise<{ decision: "accept" | "decline"; text: string }> {
  const { decision, card } = await c.req.parseBody();
  return { decision: decision === "accept" ? "accept" : "decline", text: String(card ?? "").slice(0, 40) };
}
