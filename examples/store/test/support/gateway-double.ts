/** A payment gateway in memory, as the fallback of a double: it keeps what it was asked, and decides when a test says so. */
import {
  type GatewayEvent,
  type GatewayPayment,
  PaymentDeclined,
  type PaymentGateway,
} from "../../src/payments/gateway.ts";

export interface GatewayInMemory extends PaymentGateway {
  readonly payments: GatewayPayment[];
  /** Money of customers that it holds. */
  charged(): number;
  /** The customer's decision on the gateway's page, and the event that tells it. */
  decide(order: string, status: "succeeded" | "declined"): GatewayEvent;
  /** The event that tells a payment as it is now. */
  eventOfPayment(payment: GatewayPayment): GatewayEvent;
}

/** The method whose charges the bank declines. */
export const DECLINED_METHOD = "pm_declined";

/** @param prefix of all ids, for several gateways with one database */
export function gatewayInMemory(prefix = ""): GatewayInMemory {
  const payments: GatewayPayment[] = [];
  const keys = new Map<string, string>();
  let events = 0;

  const find = (id: string | undefined) => payments.find((payment) => payment.id === id);
  const set = (id: string, status: GatewayPayment["status"]) => {
    const at = payments.findIndex((payment) => payment.id === id);
    const changed = { ...payments[at]!, status };
    payments[at] = changed;
    return changed;
  };
  const make = (
    { order, amount, idempotencyKey }: { order: string; amount: number; idempotencyKey: string },
    status: GatewayPayment["status"],
  ) => {
    const known = find(keys.get(idempotencyKey));
    if (known) return known;
    const payment = { id: `pay_${prefix}${payments.length + 1}`, order, amount, status };
    payments.push(payment);
    keys.set(idempotencyKey, payment.id);
    return payment;
  };
  const eventOfPayment = (payment: GatewayPayment): GatewayEvent => {
    if (payment.status === "pending") throw new Error("No event tells of a payment that is pending.");
    return { id: `ev_${prefix}${++events}`, type: `payment.${payment.status}`, payment };
  };

  return {
    payments,
    charged: () =>
      payments.reduce((sum, { amount, status }) => sum + (status === "succeeded" ? amount : 0), 0),
    decide(order, status) {
      const payment = payments.find((payment) => payment.order === order && payment.status === "pending");
      if (!payment) throw new Error(`Order ${order} has no payment that is pending.`);
      return eventOfPayment(set(payment.id, status));
    },
    eventOfPayment,
    async begin(request) {
      const payment = make(request, "pending");
      return { ...payment, url: `https://pay.test/${payment.id}` };
    },
    async charge(request) {
      if (request.method === DECLINED_METHOD) throw new PaymentDeclined("The payment was declined.");
      return make(request, "succeeded");
    },
    async refund(id) {
      const payment = find(id);
      if (payment?.status === "succeeded") set(id, "refunded");
      if (payment?.status === "pending") set(id, "declined");
    },
    paymentsOf: async (order) => payments.filter((payment) => payment.order === order),
    paymentsSince: async () => [...payments],
    beginSetup: async () => ({ id: "setup_1", url: "https://pay.test/setups/setup_1" }),
    methodOf: async () => undefined,
    eventOf: (body, headers) => (headers.has("gateway-signature") ? JSON.parse(body) : undefined),
  };
}
