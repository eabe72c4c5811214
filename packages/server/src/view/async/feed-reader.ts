/** Reads an async iterable at the pace at which the page can show it. */
import { type TaskHost, toError } from "./task-run.ts";

/**
 * Source of a feed.
 * @param signal fires when the feed is stopped or started again, and at the end of the view or component
 */
export type FeedSource<T> =
  | AsyncIterable<T>
  | ((signal: AbortSignal) => AsyncIterable<T> | PromiseLike<AsyncIterable<T>>);

/** Destination of the chunks. */
export interface FeedSink<T> {
  /** There is a place in the page for it. */
  readonly shown: boolean;
  /** Takes what has come, in the view's turn. */
  show(chunks: readonly T[]): void;
  /** There is no more, in the view's turn. @param failed what the source threw */
  ended(failed: Error | undefined): void;
}

/** Time between updates of the page, in milliseconds. */
const FRAME = 16;
/** Chunks and characters that may wait for the page before the source is read further. */
const MOST_CHUNKS = 1000;
const MOST_TEXT = 65_536;
/** Characters that may wait in all while the region is not in the page. */
const MOST_HIDDEN = 1_000_000;
/** Weight of a chunk that is no text, in characters. */
const CHUNK_WEIGHT = 100;

export class FeedReader<T> {
  readonly #host: TaskHost;
  readonly #label: string;
  readonly #reader: FeedSink<T>;
  readonly #controller = new AbortController();
  #iterator: AsyncIterator<T> | undefined;
  #gathered: T[] = [];
  #chunks = 0;
  #text = 0;
  /** A message is on its way. */
  #isPosted = false;
  /** Characters of earlier messages that the page has not received. */
  #unseen = 0;
  /** Runs for a frame after each message. */
  #frame: ReturnType<typeof setTimeout> | undefined;
  #goOn: (() => void) | undefined;
  #end: { readonly failed: Error | undefined } | undefined;
  #isOver = false;
  #done: (() => void) | undefined;

  constructor(host: TaskHost, label: string, reader: FeedSink<T>) {
    this.#host = host;
    this.#label = label;
    this.#reader = reader;
  }

  /** Reads when a client is connected, after the callback that runs now. */
  begin(source: FeedSource<T>): void {
    this.#host.whenConnected(() => {
      if (this.#isOver) return;
      this.#done = this.#host.trackWork(this.#label);
      void this.#read(source);
    });
  }

  /** Reads no further. What has come goes to the reader. */
  stop(reason: Error): void {
    if (this.#isOver) return;
    this.#flush();
    this.#close();
    this.#controller.abort(reason);
    this.#goOn?.();
    try {
      // A generator that awaits something ends after that; its end is not awaited here.
      this.#iterator?.return?.().then(undefined, () => {});
    } catch {}
  }

  /** The page has been given what the reader took, or has no place for it any more. */
  taken(): void {
    this.#unseen = 0;
    this.#schedule();
  }

  /** Has what has come shown, unless the page was given something less than a frame ago, or cannot take it. */
  #schedule(): void {
    if (this.#isPosted || this.#frame || this.#isOver) return;
    const isWaiting = this.#unseen > (this.#reader.shown ? 0 : MOST_HIDDEN);
    if (!this.#end && (isWaiting || !this.#gathered.length)) return;
    this.#isPosted = true;
    this.#frame = setTimeout(() => {
      this.#frame = undefined;
      this.#schedule();
    }, FRAME);
    this.#host.post(this.#label, () => this.#turn());
  }

  #turn(): void {
    this.#isPosted = false;
    if (this.#isOver) return;
    this.#flush();
    if (this.#end) {
      this.#close();
      this.#reader.ended(this.#end.failed);
    } else this.#goOn?.();
  }

  async #read(source: FeedSource<T>): Promise<void> {
    let failed: Error | undefined;
    try {
      await this.#pull(source);
    } catch (error) {
      failed = toError(error);
    }
    this.#end = { failed };
    this.#schedule();
  }

  async #pull(source: FeedSource<T>): Promise<void> {
    const { signal } = this.#controller;
    await Promise.resolve();
    signal.throwIfAborted();
    const iterable = await (typeof source === "function" ? source(signal) : source);
    signal.throwIfAborted();
    const iterator = iteratorOf(iterable);
    this.#iterator = iterator;
    for (;;) {
      const next = await iterator.next();
      if (next.done || this.#isOver) return;
      this.#gather(next.value);
      this.#schedule();
      if (this.#chunks >= MOST_CHUNKS || this.#text >= MOST_TEXT) {
        await new Promise<void>((resolve) => {
          this.#goOn = resolve;
        });
        if (this.#isOver) return;
      }
    }
  }

  #gather(chunk: T): void {
    if (chunk === "") return;
    this.#chunks++;
    const last = this.#gathered.length - 1;
    if (typeof chunk !== "string") this.#gathered.push(chunk);
    else {
      this.#text += chunk.length;
      if (typeof this.#gathered[last] === "string") (this.#gathered[last] as string) += chunk;
      else this.#gathered.push(chunk);
    }
  }

  #flush(): void {
    const chunks = this.#gathered;
    this.#gathered = [];
    this.#chunks = 0;
    this.#text = 0;
    if (!chunks.length) return;
    for (const chunk of chunks) this.#unseen += typeof chunk === "string" ? chunk.length : CHUNK_WEIGHT;
    this.#reader.show(chunks);
  }

  #close(): void {
    this.#isOver = true;
    clearTimeout(this.#frame);
    this.#done?.();
  }
}

function iteratorOf<T>(source: AsyncIterable<T>): AsyncIterator<T> {
  if (typeof source === "object" && source !== null && Symbol.asyncIterator in source)
    return source[Symbol.asyncIterator]();
  throw new TypeError(
    `A feed reads an async iterable, such as what an async function* returns, but was given ${String(source)}.`,
  );
}
