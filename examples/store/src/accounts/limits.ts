/**
 * Limits of what strangers may try: for each address of a mail, and for each network address if it is known. The limit of log-ins to one
 * address is low for one network and higher for all, so that a stranger does not lock its owner out.
 */
import { type RateLimiter, type RedisClient, rateLimit } from "@overwire/server/rate-limit";
import type { Client } from "./logins.ts";

export { RateLimitExceeded } from "@overwire/server/rate-limit";

/** Attempts in a quarter of an hour: for an address, for one that comes from one network, and of a network, which may be a whole office. */
const ATTEMPTS = {
  logIn: { address: 60, pair: 10, network: 100 },
  register: { address: 5, pair: 5, network: 30 },
  /** Links for a log-in, a new password or a new address: each is a mail, from whatever network it is asked for. */
  link: { address: 5, pair: 5, network: 30 },
} as const;

export type Attempt = keyof typeof ATTEMPTS;
type Limit = keyof (typeof ATTEMPTS)[Attempt];

export class Limits {
  readonly #limiters: Readonly<Record<Attempt, Readonly<Record<Limit, RateLimiter>>>>;

  /** @param store has all nodes count together; without it each counts for itself */
  constructor(store?: RedisClient) {
    const limiter = (attempt: Attempt, by: Limit) =>
      rateLimit({ points: ATTEMPTS[attempt][by], duration: 15 * 60, name: `${attempt}-${by}`, store });
    const all = (attempt: Attempt) => ({
      address: limiter(attempt, "address"),
      pair: limiter(attempt, "pair"),
      network: limiter(attempt, "network"),
    });
    this.#limiters = { logIn: all("logIn"), register: all("register"), link: all("link") };
  }

  /**
   * Counts an attempt, before anything is looked up.
   * @returns true if it is the last one
   * @throws RateLimitExceeded
   */
  async count(attempt: Attempt, email: string, client: Client | undefined): Promise<boolean> {
    const { address, pair, network } = this.#limiters[attempt];
    if (client?.address) await network.consume(client.address);
    // Before the other, so that a network that is refused does not count for all.
    const own = await pair.consume(pairOf(email, client));
    const all = await address.consume(email);
    return own.remaining === 0 || all.remaining === 0;
  }

  /** Forgets the attempts of a network for an address: its user has shown who they are. */
  async forget(attempt: Attempt, email: string, client: Client | undefined): Promise<void> {
    await this.#limiters[attempt].pair.reset(pairOf(email, client));
  }
}

const pairOf = (email: string, client: Client | undefined) => `${client?.address ?? ""} ${email}`;
