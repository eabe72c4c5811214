/** Concurrency of the runs of one event: one after the other, the newest only, or side by side. */

/** Handling of a call that comes before an earlier one has ended. */
export type Overlap = "queue" | "latest" | "parallel";

/** Second argument of an event's handler. */
export interface EventRun {
  /** Fires when a newer call has taken the place of this one (`latest`), and at the end of the view or component. */
  readonly signal: AbortSignal;
  /**
   * Waits for something that only this run wants. Once {@link signal} has fired it throws an `AbortError`, so
   * that nothing after it runs. Let it propagate: it is expected.
   * @returns the value that the promise resolves with
   * @throws the reason that the promise rejects with
   */
  readonly wanted: <T>(promise: PromiseLike<T> | T) => Promise<T>;
}

/** The part of a view's or component's host that runs need. */
export interface ConcurrencyHost {
  readonly ended?: boolean;
  onDispose(stop: () => void): () => void;
  /** Reports an error of a handler whose view or component has ended. */
  reportLateError?(event: string, error: unknown): void;
}

/** A run that the mailbox does not wait for. */
export class BackgroundRun {
  /** Result of the handler; undefined if another run has replaced it. Settles when the handler is done. */
  readonly promise: Promise<unknown>;
  constructor(promise: Promise<unknown>) {
    this.promise = promise;
  }
}

type Handler = (run: EventRun) => unknown;

/**
 * Runs an event's handler: returns its result, a promise if it has to be awaited, or a {@link BackgroundRun}.
 */
export type HandlerRunner = (handler: Handler, name: string) => unknown;

/** Runs of one event that go on at the same time, if they are `parallel`; the others wait. */
export const MOST_PARALLEL = 64;

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";

/** Reason of an aborted signal. */
export const abortError = (message: string): Error => new DOMException(message, "AbortError");

/** One run. Rarely used parts are made on demand. */
class HandlerRun implements EventRun {
  readonly #owner: ConcurrencyHost | undefined;
  readonly #name: string;
  #hasLostOwner = false;
  #controller: AbortController | undefined;
  #disown: (() => void) | undefined;
  #reason: Error | undefined;
  #isOver = false;

  constructor(owner: ConcurrencyHost | undefined, name: string) {
    this.#owner = owner;
    this.#name = name;
  }

  get signal(): AbortSignal {
    if (this.#controller) return this.#controller.signal;
    const controller = (this.#controller = new AbortController());
    if (this.#reason) controller.abort(this.#reason);
    else this.watch();
    return controller.signal;
  }

  get wanted(): EventRun["wanted"] {
    const { signal } = this;
    return <T>(promise: PromiseLike<T> | T) => {
      let abort = () => {};
      const result = new Promise<T>((resolve, reject) => {
        abort = () => {
          reject(signal.reason);
          // The handler may have gone on without waiting for it.
          result.catch(() => {});
        };
        // Also if the run is stopped already: a rejection of the promise needs a handler.
        Promise.resolve(promise)
          .then(resolve, reject)
          .then(() => signal.removeEventListener("abort", abort));
      });
      if (signal.aborted) abort();
      else signal.addEventListener("abort", abort);
      return result;
    };
  }

  get stopped(): boolean {
    return this.#reason !== undefined;
  }

  /** From now on it ends with the view or component. */
  watch(): void {
    if (!this.#isOver) {
      this.#disown ??= this.#owner?.onDispose(() => {
        this.#hasLostOwner = true;
        this.stop("The view or component that ran this has ended.");
      });
    }
  }

  stop(why: string): void {
    if (this.#isOver || this.#reason) return;
    this.#reason = abortError(why);
    this.#controller?.abort(this.#reason);
  }

  /**
   * @param over called once the handler is done
   * @returns the result of the handler; a promise of it does not reject with a consequence of stopping it
   */
  begin(handler: Handler, over?: () => void): unknown {
    let result: unknown;
    try {
      result = handler(this);
    } catch (error) {
      this.#end(over);
      throw error;
    }
    if (isPromise(result)) return this.#awaitResult(result, over);
    this.#end(over);
    return result;
  }

  async #awaitResult(result: PromiseLike<unknown>, over: (() => void) | undefined): Promise<unknown> {
    this.watch();
    try {
      const value = await result;
      return this.stopped ? undefined : value;
    } catch (error) {
      if (this.#hasLostOwner) this.#owner?.reportLateError?.(this.#name, error);
      if (this.stopped) return undefined;
      throw error;
    } finally {
      this.#end(over);
    }
  }

  #end(over: (() => void) | undefined): void {
    this.#isOver = true;
    this.#disown?.();
    over?.();
  }
}

const inBackground = (result: unknown): unknown =>
  result instanceof Promise ? new BackgroundRun(result) : result;

function latest(owner: ConcurrencyHost | undefined): HandlerRunner {
  let newest: HandlerRun | undefined;
  const start = (handler: Handler, name: string) => {
    const run = (newest = new HandlerRun(owner, name));
    return run.begin(handler, () => {
      if (newest === run) newest = undefined;
    });
  };
  return (handler, name) => {
    if (!newest) return inBackground(start(handler, name));
    newest.stop("A newer call of the event has taken the place of this one.");
    // The older run's reaction to its end comes before anything that the newer one does.
    return Promise.resolve().then(() => inBackground(start(handler, name)));
  };
}

function parallel(owner: ConcurrencyHost | undefined): HandlerRunner {
  let running = 0;
  const waiting: (() => void)[] = [];
  const start = (handler: Handler, name: string): unknown => {
    const run = new HandlerRun(owner, name);
    run.watch();
    running++;
    const over = () => {
      running--;
      waiting.shift()?.();
    };
    // It may have waited for longer than its component was there.
    return run.begin(run.stopped ? () => {} : handler, over);
  };
  return (handler, name) => {
    if (running < MOST_PARALLEL) return inBackground(start(handler, name));
    return new BackgroundRun(
      new Promise<void>((resolve) => waiting.push(resolve)).then(() => start(handler, name)),
    );
  };
}

const queue =
  (owner: ConcurrencyHost | undefined): HandlerRunner =>
  (handler, name) =>
    new HandlerRun(owner, name).begin(handler);

const runners = { queue, latest, parallel };

/**
 * @param owner the runs end with it
 * @throws TypeError for another kind of overlap
 */
export function createHandlerRunner(overlap: Overlap, owner: ConcurrencyHost | undefined): HandlerRunner {
  if (Object.hasOwn(runners, overlap)) return runners[overlap](owner);
  throw new TypeError(
    `There is no overlap ${JSON.stringify(overlap)} for an event: choose ${Object.keys(runners).join(", ")}.`,
  );
}
