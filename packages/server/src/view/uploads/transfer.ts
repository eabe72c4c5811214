/** The way of one file's bytes from its client's channel to its writer: in order, bounded, over several connections. */
import { CHUNK } from "@overwire/client/wire";
import type { UploadConnection } from "./ports.ts";
import type { UploadWriter } from "./types.ts";

/** Size of the file and of its messages. */
export interface TransferLimits {
  /** Bytes of the file. */
  readonly size: number;
  /** Most bytes of a message. */
  readonly chunkSize: number;
  /** Most bytes that may be under way unanswered. */
  readonly window: number;
  /** Longest silence of a client that may send, in milliseconds. */
  readonly timeout: number;
}

/** Most parts that may wait for the writer: their overhead is more than their bytes if those are few. */
const MOST_WAITING = 64;
/** Windows of all of a client's files together: a client of ours fills half as many. */
const WINDOWS = 8;

/** Receives the progress. */
export interface TransferOwner {
  /** So many bytes are written, but not all. */
  advanced(written: number): void;
  /** The writer has all of it and is closed. */
  completed(meta: object): void;
  /** Nothing more is taken. @param error error of the writer, if it was the writer */
  failed(code: string, message: string, error?: unknown): void;
  /**
   * The transfer has ended, and this cannot be shown to the user: an error while the writer was closed or
   * disposed of.
   */
  lateError(error: unknown): void;
}

/**
 * Activity of a client on any of its files: it may send them one after the other. And the bytes of all that
 * it has sent.
 */
class ConnectionActivity {
  static readonly #all = new WeakMap<UploadConnection, ConnectionActivity>();
  /** When a chunk has come, or was written. */
  last = Number.NEGATIVE_INFINITY;
  /** Chunks that are being written: the client waits for the server. */
  writing = 0;
  /** Bytes of chunks that are not written yet, and how many that may be. */
  queuedBytes = 0;
  maxQueuedBytes = 0;

  static of(line: UploadConnection): ConnectionActivity {
    const pulse = ConnectionActivity.#all.get(line) ?? new ConnectionActivity();
    ConnectionActivity.#all.set(line, pulse);
    return pulse;
  }

  beats(timeout: number): boolean {
    return this.writing > 0 || performance.now() - this.last < timeout;
  }
}

/** Text of an error for the user. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export class FileTransfer {
  readonly #limits: TransferLimits;
  readonly #owner: TransferOwner;
  #state: "opening" | "open" | "closing" | "complete" | "over" = "opening";
  #writer: UploadWriter | undefined;
  #line: UploadConnection | undefined;
  #pulse: ConnectionActivity | undefined;
  #channel = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Bytes that have come and are not yet with the writer. */
  #waiting: Uint8Array[] = [];
  #isWriting = false;
  /** Bytes of the chunk that the writer has just now. */
  #inHand = 0;
  /** Bytes that have come, that are written, and that the client was told of. */
  #received = 0;
  #written = 0;
  #acknowledged = 0;
  /** Reason for the writer when it is free. */
  #reason: "cancel" | Error = "cancel";

  constructor(limits: TransferLimits, owner: TransferOwner) {
    this.#limits = limits;
    this.#owner = owner;
  }

  /** Makes the writer. Resolves when there is one, or the transfer has failed. */
  async open(make: () => UploadWriter | Promise<UploadWriter>): Promise<void> {
    try {
      const writer = await make();
      if (typeof writer?.write !== "function" || typeof writer.close !== "function") {
        throw new TypeError("A writer needs the methods write(chunk) and close(reason).");
      }
      this.#writer = writer;
    } catch (error) {
      if (this.#isOver) this.#owner.lateError(error);
      else this.#fail("writer_failure", messageOf(error), error);
      return;
    }
    if (this.#isOver) await this.#shut();
    else this.#state = "open";
  }

  /**
   * Gives it a client. While it has this one already, that goes on. @returns channel and offset to continue
   * from
   */
  connect(line: UploadConnection): { readonly channel: number; readonly offset: number } {
    if (this.#line !== line) {
      this.disconnected();
      this.#line = line;
      this.#pulse = ConnectionActivity.of(line);
      this.#pulse.maxQueuedBytes = Math.max(this.#pulse.maxQueuedBytes, WINDOWS * this.#limits.window);
      this.#channel = line.openChannel((offset, bytes) => this.#receive(offset, bytes));
      this.#acknowledged = this.#received;
      if (this.#state === "open") this.#watch();
    }
    return { channel: this.#channel, offset: this.#received };
  }

  /** The client is gone: bytes that were not yet with the writer are to be sent again. */
  disconnected(): void {
    this.#disconnect();
    this.#drop();
    this.#received = this.#written + this.#inHand;
  }

  /** The client's buffer has room again. */
  drained(): void {
    if (this.#state === "open" && this.#acknowledged < this.#written) this.#acknowledge();
  }

  /**
   * The file is not needed any more: its writer is closed, or a complete file is disposed of. A second call
   * does nothing.
   * @returns when a complete file is gone
   */
  async stop(reason: "cancel" | Error = "cancel"): Promise<void> {
    const state = this.#state;
    if (state === "over") return;
    this.#state = "over";
    this.#reason = reason;
    this.#disconnect();
    this.#drop();
    if (state === "complete") await this.#dispose();
    else if (state === "open" && !this.#isWriting) this.#shut();
  }

  get #isOver(): boolean {
    return this.#state === "over";
  }

  #disconnect(): void {
    clearTimeout(this.#timer);
    this.#line?.closeChannel(this.#channel);
    this.#line = undefined;
  }

  /** Parts that wait for the writer will not get there. */
  #drop(): void {
    for (const { length } of this.#waiting) (this.#pulse as ConnectionActivity).queuedBytes -= length;
    this.#waiting = [];
  }

  #watch(): void {
    const { timeout } = this.#limits;
    const check = () => {
      const isWaiting = this.#isWriting || this.#acknowledged < this.#written;
      if (isWaiting || this.#pulse?.beats(timeout)) this.#timer?.refresh();
      else this.#fail("timeout", `Nothing came of the file for ${timeout} ms.`);
    };
    this.#timer = setTimeout(check, timeout).unref();
  }

  #receive(offset: number, bytes: Uint8Array): void {
    const pulse = this.#pulse as ConnectionActivity;
    pulse.last = performance.now();
    if (bytes.length === 0) this.#answer();
    if (bytes.length === 0 || this.#state !== "open") return;
    const { size, chunkSize, window } = this.#limits;
    const end = offset + bytes.length;
    if (offset !== this.#received) {
      this.#fail("out_of_order", `A part of the file stands at ${offset}, but ${this.#received} was next.`);
    } else if (bytes.length > chunkSize) {
      this.#fail("too_large", `A part of the file has ${bytes.length} bytes, but may have ${chunkSize}.`);
    } else if (end > size) {
      this.#fail("file_size_limit_exceeded", `The file has more than the ${size} bytes that were announced.`);
    } else if (end - this.#acknowledged > window) {
      this.#fail("too_fast", `More than ${window} bytes of the file were sent without waiting.`);
    } else if (this.#waiting.length === MOST_WAITING) {
      this.#fail("too_fast", `More than ${MOST_WAITING} parts of the file were sent without waiting.`);
    } else if (pulse.queuedBytes + bytes.length > pulse.maxQueuedBytes) {
      this.#fail(
        "too_fast",
        `More than ${pulse.maxQueuedBytes} bytes of all files were sent without waiting.`,
      );
    } else {
      this.#received = end;
      pulse.queuedBytes += bytes.length;
      this.#waiting.push(bytes);
      if (!this.#isWriting) this.#write();
    }
  }

  async #write(): Promise<void> {
    const writer = this.#writer as UploadWriter;
    this.#isWriting = true;
    try {
      for (let chunk = this.#waiting.shift(); chunk; chunk = this.#waiting.shift()) {
        // Of the line that has brought it: there may be another when it is written.
        const pulse = this.#pulse as ConnectionActivity;
        this.#inHand = chunk.length;
        pulse.writing++;
        try {
          const written = writer.write(chunk);
          if (written) await written;
        } finally {
          pulse.writing--;
          pulse.queuedBytes -= chunk.length;
          pulse.last = performance.now();
        }
        this.#inHand = 0;
        this.#written += chunk.length;
        if (!this.#isOver && this.#written < this.#limits.size) this.#advance();
      }
      this.#isWriting = false;
    } catch (error) {
      this.#isWriting = false;
      if (!this.#isOver) this.#fail("writer_failure", messageOf(error), error);
      else this.#owner.lateError(error);
    }
    if (this.#isOver) this.#shut();
    else if (this.#written === this.#limits.size) this.#finish();
  }

  #advance(): void {
    this.#timer?.refresh();
    this.#owner.advanced(this.#written);
    const unanswered = this.#written - this.#acknowledged;
    if (this.#waiting.length === 0 || unanswered * 2 >= this.#limits.window) this.#acknowledge();
  }

  /** A chunk of no bytes asks how far the file is: of one that is empty, or complete already, nothing else can come. */
  #answer(): void {
    if (this.#state === "open" && this.#limits.size === 0) this.#finish();
    else if (this.#state === "open" || this.#state === "complete") this.#acknowledge();
  }

  #acknowledge(): void {
    const line = this.#line;
    const isComplete = this.#state === "complete";
    // One that does not read gets no answers to keep for it, and so may not send more.
    if (!line || (line.full && !isComplete)) return;
    this.#acknowledged = this.#written;
    line.send([CHUNK, this.#channel, this.#written]);
    if (isComplete) this.#disconnect();
  }

  async #finish(): Promise<void> {
    const writer = this.#writer as UploadWriter;
    this.#state = "closing";
    clearTimeout(this.#timer);
    let meta: object;
    try {
      await writer.close("done");
      meta = writer.meta;
    } catch (error) {
      this.#writer = undefined;
      if (this.#isOver) this.#owner.lateError(error);
      else this.#fail("writer_failure", messageOf(error), error);
      return;
    }
    if (this.#isOver) return this.#dispose();
    this.#state = "complete";
    this.#owner.completed(meta);
    this.#acknowledge();
  }

  #fail(code: string, message: string, error?: unknown): void {
    const [line, channel] = [this.#line, this.#channel];
    this.stop(error instanceof Error ? error : new Error(message));
    this.#owner.failed(code, message, error);
    line?.send([CHUNK, channel, this.#written, code, message]);
  }

  /** Once only: the writer is not kept. */
  #shut(): Promise<void> {
    const writer = this.#writer;
    this.#writer = undefined;
    return this.#guard(() => writer?.close(this.#reason));
  }

  #dispose(): Promise<void> {
    const writer = this.#writer;
    this.#writer = undefined;
    return this.#guard(() => writer?.dispose?.());
  }

  async #guard(run: () => void | Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.#owner.lateError(error);
    }
  }
}
