/** Limits of a user's orders: each holds goods until it is paid or its time is over. */
import { type RateLimiter, rateLimit } from "@overwire/server/rate-limit";
import type { Services } from "../services/services.ts";
import { TooManyUnpaid } from "./errors.ts";

/** Orders of a user that wait for their payment at a time. */
const MOST_UNPAID = 3;

/** Orders that a user sends in a quarter of an hour, refused ones and those that are sent again included. */
const MOST_SENT = 30;

export class OrderLimits {
  readonly #repo: Services["repo"];
  readonly #sent: RateLimiter;

  constructor({ repo, counts: store }: Pick<Services, "repo" | "counts">) {
    this.#repo = repo;
    this.#sent = rateLimit({ points: MOST_SENT, duration: 15 * 60, name: "order", store });
  }

  /** Counts an order that is sent, before anything is looked up. @throws RateLimitExceeded */
  async count(userId: number): Promise<void> {
    await this.#sent.consume(String(userId));
  }

  /**
   * Refuses a new order of a user with enough unpaid ones. Call it in the order's transaction: until that ends, other orders of the user
   * wait, on all nodes, so that each counts those before it.
   * @throws TooManyUnpaid
   */
  async checkUnpaid(userId: number): Promise<void> {
    await this.#repo.query("lockOrdersOf", userId);
    const unpaid = await this.#repo.count("orders", { userId, status: "pending" });
    if (unpaid >= MOST_UNPAID) throw new TooManyUnpaid(MOST_UNPAID);
  }
}
