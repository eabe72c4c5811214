/** The scope of calls: a transaction, or the store itself. */
export class Scope<Store> {
  /** In the course of a transaction, its own. */
  store: Store;
  readonly outer: Scope<Store> | undefined;
  /** Of a test: its statements are undone one by one. */
  readonly isTrial: boolean;
  hasEnded = false;
  /** The first statement that failed: after it a database refuses all others of the transaction. */
  failure: unknown;
  #last: Promise<unknown> = Promise.resolve();

  constructor(store: Store, outer?: Scope<Store>, isTrial = false) {
    this.store = store;
    this.outer = outer;
    this.isTrial = isTrial;
  }

  /** Statements and inner transactions run one after the other, so that undoing one undoes nothing of another. */
  queue<R>(run: () => R | Promise<R>): Promise<R> {
    const result = this.#last.then(run);
    this.#last = result.catch(() => {});
    return result;
  }

  /** Waits for the statements that have begun, so that one that was not awaited is not lost half-way. */
  async drain(): Promise<void> {
    for (let last: unknown; last !== this.#last; ) await (last = this.#last);
  }
}
