/** All sockets of an app: closes those that have fallen silent, with one timer for all. */
import type { OwnerMatcher } from "../http/disconnects.ts";

/** A view or channel of a socket, as far as it can be waited for. */
export interface Runner {
  /** No handler runs, and no message waits. */
  readonly idle: boolean;
  whenIdle(): Promise<void>;
}

/** A socket, as far as it can be watched. */
export interface OpenConnection {
  /** Set to true by every message. */
  heard: boolean;
  /** Its views, undefined while they are mounted, or its channels. */
  runners(): readonly (Runner | undefined)[];
  silent(): void;
  /** Ends it if it belongs to a session that is meant. */
  disconnect(matches: OwnerMatcher): void;
  /** Asks the guards of what belongs to those that are meant. */
  recheck(matches: OwnerMatcher): void;
  shutdown(): void;
}

/** Checks of a silent socket before its silence counts. */
const LOOKS = 4;

export class OpenConnections {
  readonly #silence: number;
  /** Number of checks in a row that found nothing new. */
  readonly #quiet = new Map<OpenConnection, number>();
  #timer: NodeJS.Timeout | undefined;

  /** @param silence milliseconds after which a socket is closed, a quarter more at most */
  constructor(silence: number) {
    this.#silence = silence;
  }

  get size(): number {
    return this.#quiet.size;
  }

  add(connection: OpenConnection): void {
    this.#quiet.set(connection, 0);
    this.#timer ??= setInterval(() => this.#check(), this.#silence / LOOKS).unref();
  }

  delete(connection: OpenConnection): void {
    this.#quiet.delete(connection);
    if (this.#quiet.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  disconnect(matches: OwnerMatcher): void {
    for (const connection of [...this.#quiet.keys()]) connection.disconnect(matches);
  }

  recheck(matches: OwnerMatcher): void {
    for (const connection of [...this.#quiet.keys()]) connection.recheck(matches);
  }

  shutdown(): void {
    for (const connection of [...this.#quiet.keys()]) connection.shutdown();
  }

  /** Tells if no handler of a view or channel runs. */
  get idle(): boolean {
    return this.#runners.every(({ idle }) => idle);
  }

  async whenIdle(): Promise<void> {
    // One that has ended may have given another something to do.
    while (!this.idle) await Promise.all(this.#runners.map((each) => each.whenIdle()));
  }

  get #runners(): Runner[] {
    return [...this.#quiet.keys()].flatMap((each) => each.runners()).filter((each) => each !== undefined);
  }

  // A flag per message instead of a clock: messages are many, looks are few.
  #check(): void {
    for (const [connection, quiet] of [...this.#quiet]) {
      if (connection.heard) this.#quiet.set(connection, 0);
      else if (quiet + 1 >= LOOKS) connection.silent();
      else this.#quiet.set(connection, quiet + 1);
      connection.heard = false;
    }
  }
}
