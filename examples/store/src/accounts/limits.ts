/** Limits of what strangers may try: for each address of a mail, and for each network address if it is known. */
import { type RateLimiter, type RedisClient, rateLimit } from "@overwire/server/rate-limit";
import type { Client } from "./logins.ts";

export { RateLimitExceeded } from "@overwire/server/rate-limit";

/** Attempts in a quarter of an hour. One network may be a whole office. */
const ATTEMPTS = {
  logIn: { address: 10, network: 100 },
  register: { address: 5, network: 30 },
  /** Links for a log-in, a new password or a new address. */
  link: { address: 5, network: 30 },
} as const;

export type Attempt = keyof typeof ATTEMPTS;

export class Limits {
  readonly #limiters: Readonly<
    Record<Attempt, { readonly address: RateLimiter; readonly network: RateLimiter }>
  >;

  /** @param store has all nodes count together; without it each counts for itself */
  constructor(store?: RedisClient) {
    const limiter = (attempt: Attempt, by: "address" | "network") =>
      rateLimit({ points: ATTEMPTS[attempt][by], duration: 15 * 60, name: `${attempt}-${by}`, store });
    const both = (attempt: Attempt) => ({
      address: limiter(attempt, "address"),
      network: limiter(attempt, "network"),
    });
    this.#limiters = { logIn: both("logIn"), register: both("register"), link: both("link") };
  }

  /**
   * Counts an attempt, before anything is looked up.
   * @returns true if it is the last one
   * @throws RateLimitExceeded
   */
  async count(attempt: Attempt, email: string, client: Client | undefined): Promise<boolean> {
    const { address, network } = this.#limiters[attempt];
    if (client?.address) await network.consume(client.address);
    const { remaining } = await address.consume(email);
    return remaining === 0;
  }

  /** Forgets the attempts for an address: its user has shown who they are. */
  async forget(attempt: Attempt, email: string): Promise<void> {
    await this.#limiters[attempt].address.reset(email);
  }
}
