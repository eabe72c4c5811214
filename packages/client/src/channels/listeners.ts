/** Functions that are called with what has a name: a message, an error, an end. */

// Taken before a test replaces it by a clock that stands still.
const { setTimeout } = globalThis;

type Listener = (...values: never[]) => unknown;

/** Calls a function of the author. Its error is reported as uncaught, and ends nothing else. */
function call(listener: Listener, values: readonly unknown[]): void {
  try {
    listener(...(values as never[]));
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

export interface Listeners {
  /** @returns a function that ends it */
  on(name: string, listener: Listener): () => void;
  /** @param listener default: all of that name */
  off(name: string, listener?: Listener): void;
  emit(name: string, ...values: readonly unknown[]): void;
  /** Keeps what has no listener for those that are added before this turn ends: after an `await`, for instance. */
  keepEarly(): void;
}

export function createListeners(): Listeners {
  const all = new Map<string, Set<Listener>>();
  let early: (readonly [name: string, values: readonly unknown[]])[] | undefined;
  const off = (name: string, listener?: Listener) => {
    if (listener) all.get(name)?.delete(listener);
    else all.delete(name);
  };
  return {
    off,
    on(name, listener) {
      const own = all.get(name) ?? new Set();
      all.set(name, own.add(listener));
      const missed = early?.filter(([each]) => each === name) ?? [];
      if (missed.length) {
        early = early?.filter(([each]) => each !== name);
        queueMicrotask(() => {
          for (const [, values] of missed) if (own.has(listener)) call(listener, values);
        });
      }
      return () => off(name, listener);
    },
    emit(name, ...values) {
      const own = all.get(name);
      // Those that are added meanwhile did not listen yet.
      if (own?.size) for (const listener of [...own]) call(listener, values);
      else early?.push([name, values]);
    },
    keepEarly() {
      early = [];
      setTimeout(() => {
        early = undefined;
      });
    },
  };
}
