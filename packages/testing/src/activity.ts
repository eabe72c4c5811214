/** Waiting for something to become true, woken by whatever happens between client and server. No polling. */

// Taken before a test replaces them by timers of its own: what is waited for here is real.
const { setTimeout, clearTimeout, setImmediate } = globalThis;
const { now } = globalThis.Date;
const { nextTick } = process;

/** How much of a time is left: counted from now, in milliseconds. */
export const countdown = (limit: number): (() => number) => {
  const end = now() + limit;
  return () => end - now();
};

/** What promises have under way is done, and all that is sent because of it has arrived. */
export const quiet = (): Promise<void> => new Promise((next) => nextTick(next));

/** One turn of the loop: what is under way, messages between views and frames, arrives. */
export const nextTurn = (): Promise<void> => new Promise((next) => void setImmediate(next));

export class Activity {
  #waiting = new Set<() => void>();

  /** Something happened: whoever waits looks again. */
  notify(): void {
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const wake of waiting) wake();
  }

  /**
   * Resolves as soon as the condition holds. A condition that throws ends the wait.
   * @param limit in milliseconds
   * @param late what is thrown when the limit has passed
   */
  async until(condition: () => boolean, limit: number, late: () => Error): Promise<void> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.notify();
    }, limit);
    try {
      while (!condition()) {
        if (isLate) throw late();
        await new Promise<void>((wake) => this.#waiting.add(wake));
      }
    } finally {
      clearTimeout(timer);
    }
  }
}
