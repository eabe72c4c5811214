/** The ways of an order, from status to status. */
import type { OrderStatus } from "../database/schema.ts";

/** A refund may be heard of before the payment, as events come in any order. */
const NEXT: { readonly [from in OrderStatus]: readonly OrderStatus[] } = {
  pending: ["paid", "declined", "cancelled", "refunded"],
  paid: ["shipped", "refunded"],
  shipped: ["refunded"],
  declined: [],
  cancelled: [],
  refunded: [],
};

const STATUSES = Object.keys(NEXT) as OrderStatus[];

/** Statuses from which an order may come to this one. */
export const statusesBefore = (to: OrderStatus): OrderStatus[] =>
  STATUSES.filter((from) => NEXT[from].includes(to));

export const mayBecome = (from: OrderStatus, to: OrderStatus): boolean => NEXT[from].includes(to);
