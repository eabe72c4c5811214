/** Values that are loaded beside the mailbox, with their loading and failed states. */
import { abortError } from "../events/concurrency.ts";
import { fieldName, type Named } from "../events/event.ts";
import type { Stream } from "../streams/stream.ts";
import { type AsyncLoader, type TaskHost, TaskRun, toError } from "./task-run.ts";

interface AsyncState {
  /** It is being loaded, or waits for a client to load it for. */
  readonly loading: boolean;
  /** Error of the last run, an `AbortError` if it was cancelled. Undefined while it loads again. */
  readonly failed: Error | undefined;
  /**
   * Loads again and aborts the pending run. The old value stays until the new one arrives.
   * @param options `reset`: drops the old value at once
   */
  reload(options?: { readonly reset?: boolean | undefined }): void;
  /** Aborts the pending run, which then has `failed`. */
  cancel(): void;
}

/**
 * A value that is loaded beside the mailbox. `ok` is true once there is one, also while it is loaded again.
 * @typeParam T the value
 */
export type AsyncResult<T> = AsyncState &
  ({ readonly ok: true; readonly result: T } | { readonly ok: false; readonly result: undefined });

/** Items for a stream, and where they go in it. */
export interface StreamItems<T> {
  readonly items: Iterable<T>;
  /** Position among the stream's items. Default -1: the end. */
  readonly at?: number | undefined;
  /**
   * Number of items that stay in the stream: the first ones, or of a negative number the last ones. Default
   * all.
   */
  readonly limit?: number | undefined;
  /** They replace all items of the stream. */
  readonly reset?: boolean | undefined;
}

class Loaded<T, Result> implements AsyncState, Named {
  readonly #host: TaskHost;
  readonly #load: AsyncLoader<T>;
  readonly #take: (value: T) => Result;
  readonly #kind: string;
  #name = "";
  #run: TaskRun<T> | undefined;
  #ok = false;
  #result: Result | undefined;
  #failed: Error | undefined;

  /** @param take makes what is shown of what was loaded, in the view's turn */
  constructor(host: TaskHost, kind: string, load: AsyncLoader<T>, take: (value: T) => Result) {
    this.#host = host;
    this.#kind = kind;
    this.#load = load;
    this.#take = take;
    this.reload();
  }

  get loading(): boolean {
    return this.#run !== undefined;
  }

  get ok(): boolean {
    return this.#ok;
  }

  get failed(): Error | undefined {
    return this.#failed;
  }

  get result(): Result | undefined {
    return this.#result;
  }

  reload({ reset = false }: { readonly reset?: boolean | undefined } = {}): void {
    this.#run?.stop(abortError("It is loaded again."));
    this.#failed = undefined;
    if (reset) {
      this.#ok = false;
      this.#result = undefined;
    }
    const label = () => (this.#name ? `${this.#kind} ${this.#name}` : this.#kind);
    this.#run = new TaskRun(this.#host, label, this.#load, (outcome) => {
      this.#run = undefined;
      if (outcome.ok) this.#succeed(outcome.value);
      else this.#failed = outcome.error;
    });
  }

  cancel(): void {
    if (!this.#run) return;
    this.#failed = abortError("Loading was cancelled.");
    this.#run.stop(this.#failed);
    this.#run = undefined;
  }

  [fieldName](name: string): void {
    this.#name = name;
  }

  #succeed(value: T): void {
    try {
      this.#result = this.#take(value);
      this.#ok = true;
    } catch (error) {
      this.#failed = toError(error);
    }
  }
}

/** Loads a value once there is a client, and again when it is asked to. */
export const createAsync = <T>(host: TaskHost, loader: AsyncLoader<T>): AsyncResult<T> =>
  new Loaded(host, "assignAsync", loader, (value) => value) as unknown as AsyncResult<T>;

/** Loads items into a stream. The result is their number. */
export function createStreamAsync<T>(
  host: TaskHost,
  stream: Pick<Stream<T>, "insertMany" | "reset">,
  loader: AsyncLoader<Iterable<T> | StreamItems<T>>,
): AsyncResult<number> {
  // The iteration may throw, which counts as a failure.
  const load = async (signal: AbortSignal) => readItems(await loader(signal));
  return new Loaded(host, "streamAsync", load, ({ items, at = -1, limit = 0, reset }) => {
    if (reset) stream.reset(items, { at, limit });
    else stream.insertMany(items, { at, limit });
    return items.length;
  }) as unknown as AsyncResult<number>;
}

const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === "object" && value !== null && Symbol.iterator in value;

function readItems<T>(
  loaded: Iterable<T> | StreamItems<T>,
): StreamItems<T> & { readonly items: readonly T[] } {
  if (isIterable(loaded)) return { items: [...loaded] };
  if (isIterable(loaded?.items)) return { ...loaded, items: [...loaded.items] };
  throw new TypeError(
    `The loader of a streamAsync must return items, an iterable such as an array, or { items, at, limit, reset }, but returned ${describe(loaded)}.`,
  );
}

function describe(value: unknown): string {
  if (typeof value !== "object" || value === null)
    return typeof value === "string" ? JSON.stringify(value.slice(0, 100)) : String(value);
  const name = value.constructor?.name;
  return name && name !== "Object" ? `an object of class ${name}` : `{ ${Object.keys(value).join(", ")} }`;
}
