/** Views that are mounted anew, a few at a time: those of a node that is gone come all at once, and would hold up those that are here. */

/** Mounts that run at once. */
const AT_ONCE = 8;
/** Milliseconds after which a mount that runs makes room: it waits for something else than this process. */
const LEASE = 250;
/** Milliseconds that a mount waits for room at most. */
const LONGEST = 3000;

export class RemountQueue {
  #running = 0;
  readonly #waiting = new Set<() => void>();

  /**
   * Mounts as soon as there is room, at once if there is.
   * @param signal tells that its client has gone
   * @returns undefined if the client has gone before
   */
  async run<T>(mount: () => Promise<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
    if (this.#running >= AT_ONCE) await this.#turn();
    if (signal?.aborted) {
      this.#wake();
      return undefined;
    }
    const free = this.#take();
    try {
      return await mount();
    } finally {
      free();
    }
  }

  /** @returns a function that makes room, which has an effect once */
  #take(): () => void {
    this.#running++;
    let isTaken = true;
    const free = () => {
      if (!isTaken) return;
      isTaken = false;
      clearTimeout(lease);
      this.#running--;
      this.#wake();
    };
    const lease = setTimeout(free, LEASE);
    lease.unref?.();
    return free;
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => {
      const begin = () => {
        clearTimeout(late);
        this.#waiting.delete(begin);
        resolve();
      };
      const late = setTimeout(begin, LONGEST);
      late.unref?.();
      this.#waiting.add(begin);
    });
  }

  #wake(): void {
    if (this.#running >= AT_ONCE) return;
    const [next] = this.#waiting;
    next?.();
  }
}
