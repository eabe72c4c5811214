/** The gateway over HTTP, as its client. */
import { z } from "zod";
import type { Clock } from "../shared/clock.ts";
import {
  type GatewayEvent,
  type GatewayPayment,
  GatewayUnavailable,
  PaymentDeclined,
  type PaymentGateway,
} from "./gateway.ts";
import { isSignedWebhook, SIGNATURE_HEADER } from "./webhook-signature.ts";

export interface HttpGatewayOptions {
  /** Without a slash at its end. */
  readonly url: string;
  /** Shared with the gateway: names the store, and signs the gateway's events. */
  readonly secret: string;
  /** Milliseconds until an answer counts as lost. The store's orders hold a transaction open as long. */
  readonly timeout?: number;
  readonly clock?: Clock;
}

const payment = z.object({
  id: z.string(),
  order: z.string(),
  amount: z.int(),
  status: z.enum(["pending", "succeeded", "declined", "refunded"]),
}) satisfies z.ZodType<GatewayPayment>;
const payments = z.array(payment);
const page = z.object({ id: z.string(), url: z.url() });
const begun = payment.extend({ url: z.url() });
const setup = z.object({
  method: z.object({ id: z.string(), brand: z.string(), last4: z.string() }).nullable(),
});
const types = z.enum(["payment.succeeded", "payment.declined", "payment.refunded"]);
const event = z.object({ id: z.string(), type: types, payment }) satisfies z.ZodType<GatewayEvent>;
const typed = z.object({ type: z.string() });

export function httpGateway(options: HttpGatewayOptions): PaymentGateway {
  const { url, secret, timeout = 4000, clock = () => new Date() } = options;

  async function request(method: "GET" | "POST", path: string, body?: object): Promise<Response> {
    try {
      return await fetch(`${url}${path}`, {
        method,
        headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
        signal: AbortSignal.timeout(timeout),
        ...(body && { body: JSON.stringify(body) }),
      });
    } catch (cause) {
      throw new GatewayUnavailable("The payment gateway does not answer.", { cause });
    }
  }

  async function call<T>(answer: z.ZodType<T>, ...[method, path, body]: Parameters<typeof request>) {
    const response = await request(method, path, body);
    const told = response.ok ? await response.json().catch(() => undefined) : await response.body?.cancel();
    if (response.status === 402) throw new PaymentDeclined("The payment was declined.");
    const parsed = answer.safeParse(told);
    if (parsed.success) return parsed.data;
    const cause = response.ok ? parsed.error : undefined;
    throw new GatewayUnavailable(
      `The payment gateway answered ${method} ${path} with ${response.ok ? "another content" : response.status}.`,
      { cause },
    );
  }

  return {
    begin: (request) => call(begun, "POST", "/v1/payments", request),
    charge: (request) => call(payment, "POST", "/v1/charges", request),
    async refund(id) {
      const path = `/v1/payments/${encodeURIComponent(id)}/refund`;
      const { ok, status, body } = await request("POST", path);
      await body?.cancel();
      // A payment that the gateway does not know holds no money.
      if (!ok && status !== 404)
        throw new GatewayUnavailable(`The payment gateway answered POST ${path} with ${status}.`);
    },
    paymentsOf: (order) => call(payments, "GET", `/v1/payments?order=${encodeURIComponent(order)}`),
    paymentsSince: (time) => call(payments, "GET", `/v1/payments?since=${time.toISOString()}`),
    beginSetup: (request) => call(page, "POST", "/v1/setups", request),
    methodOf: async (id) =>
      (await call(setup, "GET", `/v1/setups/${encodeURIComponent(id)}`)).method ?? undefined,
    eventOf(body, headers) {
      if (!isSignedWebhook(secret, body, headers.get(SIGNATURE_HEADER), clock())) return undefined;
      const given: unknown = JSON.parse(body);
      // A gateway gets new types of events without the store's doing.
      return types.safeParse(typed.parse(given).type).success ? event.parse(given) : "ignored";
    },
  };
}
