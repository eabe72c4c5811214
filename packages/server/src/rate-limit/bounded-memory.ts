/** Counts in memory that forget the oldest windows beyond a number of keys. */
import type { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

export class BoundedMemory {
  readonly #limiter: RateLimiterMemory;
  readonly #duration: number;
  readonly #most: number;
  /** Ends of windows, in order. */
  readonly #ends = new Map<string, number>();

  /** @param duration of a window, in milliseconds */
  constructor(limiter: RateLimiterMemory, duration: number, most: number) {
    this.#limiter = limiter;
    this.#duration = duration;
    this.#most = most;
  }

  /** @throws RateLimiterRes beyond the limit */
  consume(key: string, points: number): Promise<RateLimiterRes> {
    const now = Date.now();
    const end = this.#ends.get(key);
    if (end === undefined || end <= now) {
      this.delete(key);
      this.#prune(now);
      this.#ends.set(key, now + this.#duration);
    }
    return this.#limiter.consume(key, points);
  }

  delete(key: string): void {
    if (this.#ends.delete(key)) void this.#limiter.delete(key);
  }

  #prune(now: number): void {
    for (const [key, end] of this.#ends) {
      if (end > now && this.#ends.size < this.#most) return;
      this.delete(key);
    }
  }
}
