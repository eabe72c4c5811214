/** Disposables of a view or a live component: timers, subscriptions, and everything else they began. */
import { disposeAll } from "./dispose-all.ts";

export class Disposables {
  #all: Set<() => void> | undefined;
  #ended = false;

  /** @returns a function that ends it sooner */
  add(stop: () => void): () => void {
    if (this.#ended) {
      // A handler that was under way when its view ended goes on, but keeps nothing alive.
      stop();
      return stop;
    }
    const all = (this.#all ??= new Set());
    const once = () => {
      if (all.delete(once)) stop();
    };
    all.add(once);
    return once;
  }

  /** @param failed gets the error of ending one of them */
  end(failed: (error: unknown) => void): void {
    this.#ended = true;
    disposeAll([...(this.#all ?? [])], failed);
  }
}
