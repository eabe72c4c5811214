/** Payments of orders, as the gateway is asked for them. */
import type { Order } from "../database/schema.ts";
import { type GatewayPayment, GatewayUnavailable } from "../payments/gateway.ts";
import type { Services } from "../services/services.ts";

type Payable = Pick<Order, "number" | "total">;

export class OrderPayments {
  readonly #services: Pick<Services, "gateway" | "url">;

  constructor(services: Pick<Services, "gateway" | "url">) {
    this.#services = services;
  }

  /** Begins a payment on the gateway's page. @throws GatewayUnavailable */
  begin(order: Payable): Promise<GatewayPayment & { readonly url: string }> {
    const { gateway, url } = this.#services;
    const returnUrl = `${url}/checkout/${order.number}`;
    return this.#ask(order, "page", (request) => gateway.begin({ ...request, returnUrl }));
  }

  /** Charges a method that the gateway keeps. @throws PaymentDeclined, GatewayUnavailable */
  charge(order: Payable, method: string): Promise<GatewayPayment> {
    const { gateway } = this.#services;
    return this.#ask(order, "charge", (request) => gateway.charge({ ...request, method }));
  }

  /** Asks the gateway for a payment by a key that follows from the order: a second try finds the payment of the first. */
  async #ask<P extends GatewayPayment>(
    { number, total }: Payable,
    kind: "page" | "charge",
    ask: (request: { order: string; amount: number; idempotencyKey: string }) => Promise<P>,
  ): Promise<P> {
    for (let attempt = 1; attempt <= 10; attempt++) {
      const idempotencyKey = `${number}/${kind}/${total}/${attempt}`;
      const payment = await ask({ order: number, amount: total, idempotencyKey });
      if (payment.order !== number || payment.amount !== total)
        throw new GatewayUnavailable(`The gateway answered for order ${number} with another payment.`);
      // One that was given back belongs to a try that failed.
      if (payment.status !== "refunded" && payment.status !== "declined") return payment;
    }
    throw new GatewayUnavailable(`The payment of order ${number} was given back too often.`);
  }
}
