/** Actions of the desk on orders, one or many: each succeeds or is refused by itself. */
import type { User } from "../database/schema.ts";
import type { Orders } from "../orders/orders.ts";

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

/** Errors of the store's rules have a code, and a message for users. Other messages may say too much. */
const sentenceOf = (error: unknown): string =>
  error instanceof Error && "code" in error && error.name !== "RepoError" && !("syscall" in error)
    ? error.message
    : "Something went wrong.";
