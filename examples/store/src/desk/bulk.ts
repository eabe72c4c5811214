/** Actions of the desk on orders, one or many: each succeeds or is refused by itself. */
import type { User } from "../database/schema.ts";
import { NotAllowed, OrderNotFound, WrongStatus } from "../orders/errors.ts";
import type { Orders } from "../orders/orders.ts";
import { GatewayUnavailable } from "../payments/gateway.ts";

export const bulkActions = ["ship", "cancel", "refund"] as const;
export type BulkAction = (typeof bulkActions)[number];

export interface BulkStep {
  readonly id: number;
  /** A sentence, if the order is as it was. */
  readonly failure?: string;
}

/** Orders that one selection may have: more are better done by filters. */
export const MOST_SELECTED = 10_000;

/** Takes an action on an order. @returns a sentence, if the order is as it was */
export async function actOn(
  orders: Pick<Orders, BulkAction>,
  actor: User,
  action: BulkAction,
  id: number,
): Promise<string | undefined> {
  try {
    await orders[action](actor, id);
    return undefined;
  } catch (error) {
    return sentenceOf(error);
  }
}

/**
 * Takes the action on each order.
 * @param signal ends it after the order that is under way
 */
export async function* inBulk(
  orders: Pick<Orders, BulkAction>,
  actor: User,
  action: BulkAction,
  ids: Iterable<number>,
  signal: AbortSignal,
): AsyncGenerator<BulkStep, void, void> {
  for (const id of ids) {
    if (signal.aborted) return;
    const failure = await actOn(orders, actor, action, id);
    yield failure === undefined ? { id } : { id, failure };
  }
}

/** Errors whose messages are for moderators. Others may say too much: addresses of servers, or rows of the database. */
const SENTENCES = [WrongStatus, OrderNotFound, NotAllowed, GatewayUnavailable];

function sentenceOf(error: unknown): string {
  if (error instanceof Error && SENTENCES.some((known) => error instanceof known)) return error.message;
  console.error(error);
  return "Something went wrong.";
}
