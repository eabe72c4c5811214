/** Topics of orders: a message says that an order has come to a status. Readers load the order. */
import { topic } from "@overwire/server";
import type { OrderStatus } from "../database/schema.ts";

export interface OrderNews {
  readonly id: number;
  readonly status: OrderStatus;
}

/** All orders, for the desk. */
export const ordersTopic = topic<OrderNews>("orders");
export const orderTopic = (orderId: number) => topic<OrderNews>(`order:${orderId}`);
/** Orders of one customer. */
export const userOrdersTopic = (userId: number) => topic<OrderNews>(`orders:of:${userId}`);
