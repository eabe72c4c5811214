/** The gateway's word on payments, carried into orders. */
import type { OrderStatus, StoreRepo } from "../database/schema.ts";
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

/**
 * Brings an order to what the gateway says of a payment. Money that no order waits for is given back: of an order that was not kept,
 * that has ended, or that has another payment.
 */
export async function settle(
  { repo, gateway }: { readonly repo: StoreRepo; readonly gateway: PaymentGateway },
  change: OrderChange,
  { id, order: number, amount, status }: GatewayPayment,
): Promise<void> {
  const holdsMoney = status === "pending" || status === "succeeded";
  const order = await repo.getBy("orders", { number }, { preload: { payment: true } });
  const { payment } = order ?? {};
  if (!order || payment?.reference !== id || payment.amount !== amount) {
    if (holdsMoney) await gateway.refund(id);
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
