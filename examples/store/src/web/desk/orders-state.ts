/** The desk's page of orders as its parts see it. */
import type { EventHandle } from "@overwire/server";
import type { OrderStatus } from "../../database/schema.ts";
import type { BulkAction } from "../../desk/bulk.ts";
import type { OrderPage } from "../../desk/order-list.ts";
import type { OrderParams } from "./order-params.ts";

/** An action on many orders: how far it is, and what was refused. */
export interface BulkRun {
  readonly action: BulkAction;
  readonly total: number;
  done: number;
  readonly failures: { readonly id: number; readonly number: string; readonly reason: string }[];
  isRunning: boolean;
}

export interface OrdersState {
  readonly shown: OrderParams;
  readonly page: OrderPage;
  readonly selected: ReadonlySet<number>;
  readonly bulk: BulkRun | undefined;
  readonly mayRefund: boolean;
  readonly search: EventHandle<{ q: string; status: OrderStatus | "" }>;
  readonly select: EventHandle<{ id: number }>;
  readonly selectPage: EventHandle;
  readonly selectAll: EventHandle;
  readonly selectNone: EventHandle;
  readonly ship: EventHandle;
  readonly cancel: EventHandle;
  readonly refund: EventHandle;
  readonly stop: EventHandle;
  readonly dismiss: EventHandle;
}
