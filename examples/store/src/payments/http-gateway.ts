/** The gateway over HTTP, as its client. */
import type { PaymentMethod } from "../database/tables.ts";
import { type GatewayPayment, GatewayUnavailable, PaymentDeclined, type PaymentGateway } from "./gateway.ts";

export interface HttpGatewayOptions {
  /** Without a slash at its end. */
  readonly url: string;
  /** Shared with the gateway: names the store, and signs the gateway's events. */
  readonly secret: string;
  /** Milliseconds until an answer counts as lost. */
  readonly timeout?: number;
}

export function httpGateway({ url, secret, timeout = 5000 }: HttpGatewayOptions): PaymentGateway {
  async function call<T>(method: "GET" | "POST", path: string, body?: object): Promise<T> {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      signal: AbortSignal.timeout(timeout),
      ...(body && { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new GatewayUnavailable("The payment gateway does not answer.", { cause });
    });
    if (response.status === 402) throw new PaymentDeclined("The payment was declined.");
    if (!response.ok)
      throw new GatewayUnavailable(`The payment gateway answered ${method} ${path} with ${response.status}.`);
    return (await response.json()) as T;
  }

  return {
    begin: (request) => call("POST", "/v1/payments", request),
    charge: (request) => call("POST", "/v1/charges", request),
    refund: async (id) => void (await call("POST", `/v1/payments/${encodeURIComponent(id)}/refund`)),
    paymentsOf: (order) => call<GatewayPayment[]>("GET", `/v1/payments?order=${encodeURIComponent(order)}`),
    beginSetup: (request) => call("POST", "/v1/setups", request),
    methodOf: async (id) =>
      (await call<{ method: PaymentMethod | null }>("GET", `/v1/setups/${encodeURIComponent(id)}`)).method ??
      undefined,
  };
}
