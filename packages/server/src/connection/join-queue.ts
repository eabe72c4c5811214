/** Joins of one connection that are under way: a number of them run at once, the others wait for their turn. */
import type { EndReason } from "../view/view-host.ts";

/** One join. */
export class PendingJoin {
  /** Made for those that take time. */
  #abort: AbortController | undefined;
  #abandoned = false;
  readonly begin: () => void | Promise<void>;

  /** @param begin never throws or rejects; a promise only if the view has to be mounted */
  constructor(begin: () => void | Promise<void>) {
    this.begin = begin;
  }

  get abandoned(): boolean {
    return this.#abandoned;
  }

  /** Aborted when it is abandoned; the reason is an `EndReason`. */
  get signal(): AbortSignal {
    return (this.#abort ??= new AbortController()).signal;
  }

  /** The client has gone or has left the view: the signal tells the running join. */
  abandon(reason: EndReason): void {
    this.#abandoned = true;
    this.#abort?.abort(reason);
  }
}

/** Joins beyond the limit of views in a minute, as a multiple of that limit, after which a client does not mean well. */
const PATIENCE = 10;
const MINUTE = 60_000;

export class JoinQueue {
  readonly #most: number;
  #running: Set<PendingJoin> | undefined;
  #waiting: PendingJoin[] | undefined;
  /** Joins beyond the limit of views, in the minute that began at `#since`. */
  #refused = 0;
  #since = 0;

  /** @param most number of joins that run at once */
  constructor(most: number) {
    this.#most = most;
  }

  /** The client has given up as many joins as may run, and they still run: it joins only to keep the server busy. */
  get isFlooded(): boolean {
    if (!this.#running || this.#running.size < this.#most) return false;
    for (const join of this.#running) if (!join.abandoned) return false;
    return true;
  }

  /**
   * Counts a join that is refused because the client has as many views as it may.
   * @returns true if there were too many of them in a minute
   */
  refuse(limit: number): boolean {
    const now = performance.now();
    if (now - this.#since > MINUTE) {
      this.#refused = 0;
      this.#since = now;
    }
    return ++this.#refused > PATIENCE * limit;
  }

  add(join: PendingJoin): void {
    if ((this.#running?.size ?? 0) < this.#most) this.#begin(join);
    else (this.#waiting ??= []).push(join);
  }

  /** Joins that wait are forgotten, those that run are told. */
  abandon(join: PendingJoin, reason: EndReason): void {
    join.abandon(reason);
    this.#waiting = this.#waiting?.filter((other) => other !== join);
  }

  #begin(join: PendingJoin): void {
    const running = join.begin();
    if (!running) return;
    const all = (this.#running ??= new Set());
    all.add(join);
    void running.then(() => {
      all.delete(join);
      this.#next(all);
    });
  }

  #next(running: ReadonlySet<PendingJoin>): void {
    while (running.size < this.#most) {
      const join = this.#waiting?.shift();
      if (!join) return;
      this.#begin(join);
    }
  }
}
