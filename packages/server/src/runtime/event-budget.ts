/** Size of a connection's events that are not answered yet, which the server has to keep. */

/** Refusals in a row after which a client does not mean well. */
const PATIENCE = 100;

export class EventBudget {
  readonly most: number;
  readonly #client: { persists(): void };
  #bytes = 0;
  #refused = 0;

  /**
   * @param most bytes
   * @param client told that it goes on sending although its events are refused
   */
  constructor(most: number, client: { persists(): void }) {
    this.most = most;
    this.#client = client;
  }

  get bytes(): number {
    return this.#bytes;
  }

  hasRoom(bytes: number): boolean {
    return this.#bytes + bytes <= this.most;
  }

  /** @param bytes negative when events have been answered */
  add(bytes: number): void {
    this.#bytes += bytes;
    if (bytes < 0 && 2 * this.#bytes < this.most) this.#refused = 0;
  }

  /** An event had no room. */
  refuse(): void {
    if (++this.#refused === PATIENCE) this.#client.persists();
  }
}
