/** Regions of the page that grow as an async iterable gives more. No chunk is kept after it was shown. */
import { type Child, StreamEach } from "../../template/nodes.ts";
import { type Insertion, StreamQueue } from "../../template/stream-queue.ts";
import { abortError } from "../events/concurrency.ts";
import { fieldName, type Named } from "../events/event.ts";
import { FeedReader, type FeedSink, type FeedSource } from "./feed-reader.ts";
import type { TaskHost } from "./task-run.ts";

/** Renderer of the chunks: a chunk that a template can show needs none. */
type RenderChunk<T> = [T] extends [Child] ? [render?: (chunk: T) => Child] : [render: (chunk: T) => Child];

/**
 * A region of the page that grows as its source gives more.
 * @typeParam T type of the chunks
 */
export interface Feed<T> {
  /** True while it reads, or waits for a client. */
  readonly running: boolean;
  /** The source has come to its end. */
  readonly done: boolean;
  /** Error of the source. Earlier chunks stay. */
  readonly failed: Error | undefined;
  /**
   * Reads a source, in place of the current one. It begins when a client has joined, and reads no faster
   * than the client shows the chunks. While the region is not rendered, chunks are kept for it: up to a
   * million characters.
   * @param options `reset`, default true: the region is emptied first
   */
  start(source: FeedSource<T>, options?: { readonly reset?: boolean | undefined }): void;
  /** Ends reading. Earlier chunks stay. */
  stop(): void;
  /**
   * The region, for its one position in the template.
   * @param render shows a chunk; default as it is. Texts that come within a frame are one chunk
   */
  each(...render: RenderChunk<T>): StreamEach;
}

const atTheEnd: Insertion = { at: -1, limit: 0, updateOnly: false };

/** Makes a feed; it reads nothing before it is started. */
export const createFeed = <T>(host: TaskHost): Feed<T> => new LiveFeed<T>(host);

class LiveFeed<T> implements Feed<T>, FeedSink<T>, Named {
  readonly #host: TaskHost;
  readonly #queue = new StreamQueue();
  #label = "feed";
  #reading: FeedReader<T> | undefined;
  #disown: (() => void) | undefined;
  #isDone = false;
  #failed: Error | undefined;
  /** Something stands in the region, or is to. */
  #isFilled = false;

  constructor(host: TaskHost) {
    this.#host = host;
    this.#queue.onTaken = () => this.#reading?.taken();
  }

  get running(): boolean {
    return this.#reading !== undefined;
  }

  get done(): boolean {
    return this.#isDone;
  }

  get failed(): Error | undefined {
    return this.#failed;
  }

  get shown(): boolean {
    return this.#queue.placements > 0;
  }

  start(source: FeedSource<T>, { reset = true }: { readonly reset?: boolean | undefined } = {}): void {
    this.#stop("The feed was started again.");
    this.#isDone = false;
    this.#failed = undefined;
    if (reset && this.#isFilled) this.#queue.reset();
    if (reset) this.#isFilled = false;
    this.#reading = new FeedReader(this.#host, this.#label, this);
    this.#disown = this.#host.onDispose(() => this.#stop("The view or component that read this has ended."));
    this.#reading?.begin(source);
  }

  stop(): void {
    this.#stop("The feed was stopped.");
  }

  each(...[render = (chunk: T) => chunk as Child]: RenderChunk<T>): StreamEach {
    return new StreamEach(this.#queue, (_id, chunk) => render(chunk as T));
  }

  [fieldName](name: string): void {
    this.#queue.name = name;
    this.#label = `feed ${name}`;
  }

  show(chunks: readonly T[]): void {
    this.#isFilled = true;
    this.#queue.insert(
      chunks.map((chunk) => ["", chunk]),
      atTheEnd,
    );
  }

  ended(failed: Error | undefined): void {
    this.#reading = undefined;
    this.#isDone = !failed;
    this.#failed = failed;
    this.#disown?.();
  }

  #stop(why: string): void {
    const reading = this.#reading;
    this.#reading = undefined;
    reading?.stop(abortError(why));
    this.#disown?.();
  }
}
