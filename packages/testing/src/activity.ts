/** Waiting for something to become true, woken by whatever happens between client and server. No polling. */

// Taken before a test replaces them by timers of its own: what is waited for here is real.
const { setTimeout, clearTimeout, setImmediate } = globalThis;
const { nextTick } = process;

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
   * @param what for the error: "the answer to click on …"
   * @param limit in milliseconds
   * @throws Error when the limit has passed
   */
  async until(condition: () => boolean, what: string, limit: number): Promise<void> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.notify();
    }, limit);
    try {
      while (!condition()) {
        if (late) throw new Error(`Waited ${limit} ms for ${what}, in vain.`);
        await new Promise<void>((wake) => this.#waiting.add(wake));
      }
    } finally {
      clearTimeout(timer);
    }
  }
}
