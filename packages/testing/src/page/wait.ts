/** Waiting for something to become true, woken by each message between client and server. No polling. */

// Taken before a test replaces them by timers of its own: the waits here are real.
const { setTimeout, clearTimeout, setImmediate } = globalThis;
const { now } = globalThis.Date;
const { nextTick } = process;

/** Milliseconds by which time goes by. */
const STEP = 50;

/** Time left for one wait or for several. A step in which the machine stands still counts as one. */
export class Patience {
  #left: number;

  /** @param limit in milliseconds */
  constructor(limit: number) {
    this.#left = limit;
  }

  /** Lets time go by until it is used up. @returns ends that */
  spend(usedUp: () => void): () => void {
    let timer: ReturnType<typeof setTimeout>;
    let [step, start] = [0, 0];
    const begin = () => {
      step = Math.max(0, Math.min(STEP, this.#left));
      start = now();
      timer = setTimeout(() => {
        this.#left -= step;
        if (this.#left > 0) begin();
        else usedUp();
      }, step);
    };
    begin();
    return () => {
      clearTimeout(timer);
      this.#left -= Math.min(step, now() - start);
    };
  }
}

/** Waits until running promises are done, and all that is sent because of them has arrived. */
export const quiet = (): Promise<void> => new Promise((next) => nextTick(next));

/** One turn of the loop: messages between views and frames under way arrive. */
export const nextTurn = (): Promise<void> => new Promise((next) => void setImmediate(next));

export class Activity {
  #waiting = new Set<() => void>();

  /** Something happened: waiting conditions are checked again. */
  notify(): void {
    const waiting = this.#waiting;
    if (!waiting.size) return;
    this.#waiting = new Set();
    for (const wake of waiting) wake();
  }

  /**
   * Resolves as soon as the condition holds. A condition that throws ends the wait.
   * @param patience limit of the wait, or milliseconds
   * @param late makes the error at its end
   */
  async until(condition: () => boolean, patience: Patience | number, late: () => Error): Promise<void> {
    if (condition()) return;
    let isLate = false;
    const end = (typeof patience === "number" ? new Patience(patience) : patience).spend(() => {
      isLate = true;
      this.notify();
    });
    try {
      while (!condition()) {
        if (isLate) throw late();
        await new Promise<void>((wake) => this.#waiting.add(wake));
      }
    } finally {
      end();
    }
  }
}
