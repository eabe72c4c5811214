/** Work on orders that no request begins. Every node does it: of several at once, one changes an order. */
import { MINUTE } from "../shared/clock.ts";
import { repeat } from "../shared/repeat.ts";
import type { Orders } from "./orders.ts";

/** Minutes from one comparison with the gateway to the next. Events tell nearly all of it before. */
const RECONCILE_EVERY = 5;

/**
 * Ends orders whose time to pay is over, each minute, and compares orders with the gateway, now and every five minutes.
 * @returns a function that ends the jobs; it resolves when work under way is done
 */
export function startOrderJobs(
  orders: Pick<Orders, "expire" | "reconcile">,
  report?: (error: unknown) => void,
): () => Promise<void> {
  let minute = 0;
  const work = async () => {
    if (minute++ % RECONCILE_EVERY === 0) await orders.reconcile();
    await orders.expire();
  };
  return repeat(work, MINUTE, report);
}
