/** One run of an author's function beside the mailbox: it waits for a client, and ends with its owner. */
import { abortError } from "../events/concurrency.ts";
import { currentLink, currentTurn, withLink } from "../message-chain.ts";
import type { ViewHost } from "../view-host.ts";

/** The part of a view's or component's host that work beside the mailbox needs. */
export type TaskHost = Pick<ViewHost, "post" | "onDispose" | "whenConnected" | "trackWork">;

/** Outcome of work beside the mailbox. */
export type AsyncOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: Error };

/**
 * Work beside the mailbox.
 * @param signal fires when the result is not needed any more
 */
export type AsyncLoader<T> = (signal: AbortSignal) => T | PromiseLike<T>;

/** The thrown value, as an error. */
export const toError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown });

export class TaskRun<T> {
  readonly #host: TaskHost;
  readonly #label: () => string;
  readonly #settled: (outcome: AsyncOutcome<T>) => unknown;
  readonly #controller = new AbortController();
  readonly #disown: (() => void) | undefined;
  #done: (() => void) | undefined;
  #isOver = false;
  /** Number in the chain of the message that brings its result, if the run did not wait for anything from outside. */
  readonly #link = currentLink();

  /**
   * Begins when a client is connected, after the callback that runs now.
   * @param label name for reports; read when it begins, as fields get their names late
   * @param settled is told in the view's turn, once, unless the run is stopped before
   */
  constructor(
    host: TaskHost,
    label: () => string,
    load: AsyncLoader<T>,
    settled: (outcome: AsyncOutcome<T>) => unknown,
  ) {
    this.#host = host;
    this.#label = label;
    this.#settled = settled;
    this.#disown = host.onDispose(() =>
      this.stop(abortError("The view or component that waited for this has ended.")),
    );
    host.whenConnected(() => this.#begin(load));
  }

  /** Aborts it without a notice. */
  stop(reason: Error): void {
    if (this.#isOver) return;
    this.#end();
    this.#controller.abort(reason);
  }

  #begin(load: AsyncLoader<T>): void {
    if (this.#isOver) return;
    this.#done = this.#host.trackWork(this.#label());
    const { signal } = this.#controller;
    const began = this.#link > 0 ? currentTurn() : 0;
    const deliver = (outcome: AsyncOutcome<T>) => {
      const link = this.#link > 0 && began === currentTurn() ? this.#link : 0;
      withLink(link, () => this.#deliver(outcome));
    };
    Promise.resolve()
      .then(() => {
        signal.throwIfAborted();
        return load(signal);
      })
      .then(
        (value) => deliver({ ok: true, value }),
        (thrown) => deliver({ ok: false, error: toError(thrown) }),
      );
  }

  #deliver(outcome: AsyncOutcome<T>): void {
    if (this.#isOver) return;
    this.#host.post(this.#label(), () => {
      if (this.#isOver) return;
      this.#end();
      return this.#settled(outcome);
    });
  }

  #end(): void {
    this.#isOver = true;
    this.#done?.();
    this.#disown?.();
  }
}
