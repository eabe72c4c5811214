/** Sessions that were ended before their time: their cookies count no more, even if a browser still sends them. */
import { sessionIdOf } from "./disconnects.ts";

/** Number of ended sessions that are remembered, the newest ones. */
const MOST = 20_000;

export class EndedSessions {
  readonly #ids = new Set<string>();

  /** @param id the public one */
  add(id: string): void {
    this.#ids.delete(id);
    this.#ids.add(id);
    if (this.#ids.size <= MOST) return;
    for (const oldest of this.#ids) {
      this.#ids.delete(oldest);
      return;
    }
  }

  hasId(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Costs a hash as soon as one has been ended. */
  has(visitor: string | undefined): boolean {
    return this.#ids.size > 0 && visitor !== undefined && this.#ids.has(sessionIdOf(visitor));
  }
}
