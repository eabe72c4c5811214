/** A connection to Redis that may be away: its commands then come to nothing, and it goes on trying. */
import { once } from "node:events";
import { createClient } from "@redis/client";

const LONGEST_DELAY = 3000;

const makeClient = (url: string) =>
  createClient({
    url,
    disableOfflineQueue: true,
    // Commands are written at once or not at all: a timer for each would only cost time.
    commandOptions: { timeout: 0 },
    // A Redis that does not answer in this time is lost as well.
    pingInterval: 1000,
    socket: {
      connectTimeout: 2000,
      socketTimeout: 2500,
      reconnectStrategy: (attempts) => Math.min(50 * 2 ** attempts, LONGEST_DELAY),
    },
  });

export type RedisClient = ReturnType<typeof makeClient>;

export class RedisLink {
  readonly #client: RedisClient;
  readonly #report: (error: Error) => void;
  /** Ends with the first attempt to connect, so that a node does not begin without its cache. */
  readonly #started: Promise<unknown>;
  /** Keys that were deleted while Redis was away. Nothing is read before that is done. */
  readonly #owed = new Set<string>();
  #isReported = false;

  constructor(url: string, report: (error: Error) => void) {
    this.#report = report;
    this.#client = makeClient(url);
    this.#client.unref();
    this.#client.on("error", (error: Error) => this.#failed(error));
    this.#client.on("ready", () => {
      this.#isReported = false;
      void this.#payOwed();
    });
    this.#started = once(this.#client, "ready").catch(() => {});
    this.#client.connect().catch(() => {});
  }

  /** @returns the result of commands, or undefined if Redis is away or refuses them */
  async use<R>(run: (client: RedisClient) => Promise<R>): Promise<R | undefined> {
    await this.#started;
    if (!this.#client.isReady || this.#owed.size > 0) return undefined;
    try {
      return await run(this.#client);
    } catch (error) {
      this.#failed(error as Error);
      return undefined;
    }
  }

  /** Deletes a key: now, or as soon as Redis is back. */
  async delete(key: string): Promise<void> {
    const deleted = await this.use((client) => client.del(key));
    if (deleted !== undefined) return;
    this.#owed.add(key);
    await this.#payOwed();
  }

  close(): void {
    if (this.#client.isOpen) this.#client.destroy();
  }

  async #payOwed(): Promise<void> {
    if (!this.#client.isReady || this.#owed.size === 0) return;
    const keys = [...this.#owed];
    try {
      await this.#client.del(keys);
      for (const key of keys) this.#owed.delete(key);
    } catch (error) {
      this.#failed(error as Error);
    }
  }

  #failed(error: Error): void {
    if (this.#isReported) return;
    this.#isReported = true;
    this.#report(error);
  }
}
