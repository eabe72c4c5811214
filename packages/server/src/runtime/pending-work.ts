/** Work of a view beside its mailbox: loaders, tasks, feeds, events that overlap. Tests wait for it. */
export class PendingWork {
  readonly #running = new Map<object, string>();
  #waiting: (() => void)[] = [];

  /** Labels of the running work. */
  get running(): readonly string[] {
    return [...this.#running.values()];
  }

  /** @returns to be called when it is done */
  begin(what: string): () => void {
    const one = {};
    this.#running.set(one, what);
    return () => {
      if (!this.#running.delete(one) || this.#running.size) return;
      for (const resolve of this.#waiting.splice(0)) resolve();
    };
  }

  /** Resolves when nothing is under way. */
  whenDone(): Promise<void> {
    return this.#running.size ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve();
  }

  /** The view is over: nothing that goes on is its own. */
  end(): void {
    this.#running.clear();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
