/** The gateway's word on payments, carried into orders. */
import type { OrderStatus, Payment, StoreRepo } from "../database/schema.ts";
import type { GatewayPayment, PaymentGateway } from "../payments/gateway.ts";
import type { OrderChange } from "./order-book.ts";

type Decided = Exclude<GatewayPayment["status"], "pending">;

const STATUS_OF: { readonly [status in Decided]: OrderStatus } = {
  succeeded: "paid",
  declined: "declined",
  refunded: "refunded",
};

/** A payment only goes up: news that are older than what is known are no news. */
const RANK: { readonly [status in GatewayPayment["status"]]: number } = {
  pending: 0,
  declined: 1,
  // On the page of some gateways a customer may try another card after a decline.
  succeeded: 2,
  refunded: 3,
};

/** Payments that are looked up at a time: a query has a limit of parameters. */
const PER_QUERY = 1000;

/** A payment of which the gateway says something that the store does not know. */
export interface PaymentNews {
  readonly payment: GatewayPayment;
  /** No order has the payment. */
  readonly isStray: boolean;
}

const holdsMoney = ({ status }: GatewayPayment) => status === "pending" || status === "succeeded";

/** Payments that are to be settled, of those that the gateway tells of. It needs no transaction: {@link settle} looks again. */
export async function newsOf(repo: StoreRepo, payments: readonly GatewayPayment[]): Promise<PaymentNews[]> {
  const known = new Map<string, Payment>();
  for (let from = 0; from < payments.length; from += PER_QUERY) {
    const ids = payments.slice(from, from + PER_QUERY).map(({ id }) => id);
    for (const payment of await repo.filter("payments", { reference: { in: ids } }))
      known.set(payment.reference, payment);
  }
  return payments.flatMap((payment) => {
    const own = known.get(payment.id);
    const isKnown = own?.status === payment.status && own.amount === payment.amount;
    if (isKnown || (!own && !holdsMoney(payment))) return [];
    return [{ payment, isStray: !own }];
  });
}

/**
 * Brings an order to what the gateway says of a payment. Money that no order waits for is given back: of an order that was not kept,
 * that has ended, or that has another payment.
 */
export async function settle(
  { repo, gateway }: { readonly repo: StoreRepo; readonly gateway: PaymentGateway },
  change: OrderChange,
  told: GatewayPayment,
): Promise<void> {
  const { id, order: number, amount, status } = told;
  const order = await repo.getBy("orders", { number }, { preload: { payment: true } });
  const { payment } = order ?? {};
  if (!order || payment?.reference !== id || payment.amount !== amount) {
    if (holdsMoney(told)) await gateway.refund(id);
    return;
  }
  if (status === "pending" || RANK[status] <= RANK[payment.status]) return;
  const moved = await change.move(order, STATUS_OF[status]);
  if (!moved && status === "succeeded") {
    await gateway.refund(id);
    return change.setPayment(payment, "refunded");
  }
  await change.setPayment(payment, status);
  // Goods that have left the house are not back in it because their money is.
  if (moved && status !== "succeeded" && order.status !== "shipped") await change.returnStock(order.id);
}
