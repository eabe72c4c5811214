/** The address to which the payment gateway posts its events. */
import type { OverwireApp } from "@overwire/server";
import { bodyLimit } from "hono/body-limit";
import type { Store } from "../../store/store.ts";

/** Exempt from the protection against forged requests: each request is signed, and has no cookie. */
export const WEBHOOKS = "/webhooks/*";

/** An event is answered with 204 when it is handled, and kept, or is of no use. For all else the gateway sends it again. */
export function webhookHandlers(app: OverwireApp, store: Store): void {
  app.post("/webhooks/payments", bodyLimit({ maxSize: 64 * 1024 }), async (c) => {
    const event = store.services.gateway.eventOf(await c.req.text(), c.req.raw.headers);
    if (!event)
      return c.json({ error: "invalid_signature", message: "This is not signed by the gateway." }, 401);
    if (event !== "ignored") await store.orders.handleEvent(event);
    return c.body(null, 204);
  });
}
