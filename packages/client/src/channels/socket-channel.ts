/** One channel of a socket: joins its topic, joins it again after a loss or a crash, hands on messages, leaves. */
import {
  type ChannelFrame,
  type ChannelReply,
  PHX_CLOSE,
  PHX_ERROR,
  PHX_JOIN,
  PHX_LEAVE,
  PHX_REPLY,
} from "../wire/channel-frames.ts";
import type { ChannelState, WaitOptions } from "./channel-types.ts";
import { ChannelError, refusal } from "./errors.ts";
import { createListeners } from "./listeners.ts";
import { Pushes } from "./pushes.ts";

/** The socket, as its channels see it. */
export interface ChannelLine {
  readonly isOpen: boolean;
  readonly timeout: number;
  readonly maxQueue: number;
  nextRef(): string;
  rejoinAfter(tries: number): number;
  /** @returns false if there is no connection to send it on @throws as `writeClientMessage` */
  send(frame: ChannelFrame): boolean;
  /** Takes the channel in; an older one of its topic is left. */
  enter(channel: SocketChannel): void;
  remove(channel: SocketChannel): void;
}

/** The server could not answer a join, as by an `HttpError` of 500 or more: the channel tries again. */
const CRASHED = "join crashed";

export class SocketChannel {
  readonly topic: string;
  state: ChannelState = "closed";
  /** Of the newest join that was sent on this connection. */
  joinRef: string | undefined;

  readonly #line: ChannelLine;
  readonly #payload: unknown;
  readonly #pushes: Pushes;
  readonly #listeners = createListeners();
  /** Settles the promise of `join()`; there since it was called. */
  #first: { resolve(reply: unknown): void; reject(error: unknown): void } | undefined;
  #firstJoin: Promise<unknown> | undefined;
  #isOver = false;
  #tries = 0;
  /** Of the next join, or of the answer to the last one. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  #leaveRef: string | undefined;
  #left: Promise<void> | undefined;
  #onLeft = () => {};

  /** @param payload of each join; a function is asked each time */
  constructor(line: ChannelLine, topic: string, payload: unknown) {
    this.topic = topic;
    this.#line = line;
    this.#payload = payload;
    this.#pushes = new Pushes({
      topic,
      timeout: line.timeout,
      limit: line.maxQueue,
      send: (event, payload) => (this.state === "joined" ? this.#send(event, payload) : undefined),
    });
  }

  join(): Promise<unknown> {
    if (this.#first) {
      const message = `Channel "${this.topic}" was joined before: a channel joins once, socket.channel(…) makes another.`;
      return Promise.reject(new ChannelError("joined_twice", message));
    }
    this.#firstJoin = new Promise((resolve, reject) => {
      this.#first = { resolve, reject };
    });
    this.#line.enter(this);
    this.state = "joining";
    this.#join();
    return this.#firstJoin;
  }

  push(event: string, payload?: unknown, { timeout }: WaitOptions = {}): Promise<unknown> {
    if (this.#first && !this.#isOver && !this.#left) return this.#pushes.push(event, payload, timeout);
    const [code, reason] = this.#first
      ? ["closed", "is over"]
      : ["not_joined", "is not joined: call join() first"];
    return Promise.reject(
      new ChannelError(code, `"${event}" was not sent: channel "${this.topic}" ${reason}.`),
    );
  }

  on(name: string, listener: (payload: never) => unknown): () => void {
    return this.#listeners.on(name, listener);
  }

  off(name: string, listener?: (payload: never) => unknown): void {
    this.#listeners.off(name, listener);
  }

  onJoin(listener: (reply: never) => unknown): () => void {
    return this.#listeners.on(PHX_JOIN, listener);
  }

  onError(listener: (error: ChannelError) => unknown): () => void {
    return this.#listeners.on(PHX_ERROR, listener);
  }

  onClose(listener: (reason: string) => unknown): () => void {
    return this.#listeners.on(PHX_CLOSE, listener);
  }

  leave(): Promise<void> {
    if (this.#left || this.#isOver || !this.#first) return this.#left ?? Promise.resolve();
    this.#left = new Promise((resolve) => {
      this.#onLeft = resolve;
    });
    clearTimeout(this.#timer);
    this.state = "leaving";
    this.#pushes.rejectWaiting("left", "the channel was left.");
    this.#leaveRef = this.joinRef === undefined ? undefined : this.#send(PHX_LEAVE, {});
    if (this.#leaveRef === undefined) this.#close("left");
    else this.#timer = setTimeout(() => this.#close("left"), this.#line.timeout);
    return this.#left;
  }

  // Calls of the socket

  receive({ joinRef, ref, event, payload }: ChannelFrame): void {
    // Of an older join, which the server has not heard the end of.
    if (this.joinRef === undefined || (joinRef !== null && joinRef !== this.joinRef)) return;
    const isLeaving = this.state === "leaving";
    if (event === PHX_CLOSE || (isLeaving && event === PHX_ERROR)) this.#close(isLeaving ? "left" : "closed");
    else if (event === PHX_ERROR) {
      this.#fail(new ChannelError("crashed", `Channel "${this.topic}" crashed on the server.`));
      this.#retry();
    } else if (event !== PHX_REPLY) this.#listeners.emit(event, payload);
    else if (ref === this.#leaveRef) this.#close("left");
    else if (ref !== this.joinRef) this.#pushes.answer(ref as string, payload as ChannelReply);
    else if (this.state === "joining") this.#joinAnswered(payload as ChannelReply);
  }

  opened(): void {
    this.#join();
  }

  lost(): void {
    if (this.state === "leaving") this.#close("left");
    else if (this.joinRef !== undefined)
      this.#fail(new ChannelError("lost", `Channel "${this.topic}" has lost its connection.`));
  }

  /** The author has ended the connection: nothing waits for the next one. */
  disconnected(): void {
    this.#pushes.rejectWaiting("disconnected", "the socket was disconnected.");
    this.#rejectJoin("disconnected");
  }

  /** @returns its ref, undefined if there is no connection */
  #send(event: string, payload: unknown, ref = this.#line.nextRef()): string | undefined {
    const frame = { joinRef: this.joinRef as string, ref, topic: this.topic, event, payload };
    return this.#line.send(frame) ? ref : undefined;
  }

  /** Joins, if there is a connection; otherwise when there is one. */
  #join(): void {
    clearTimeout(this.#timer);
    if (!this.#line.isOpen) return;
    this.state = "joining";
    this.joinRef = this.#line.nextRef();
    try {
      const payload: unknown = typeof this.#payload === "function" ? this.#payload() : this.#payload;
      this.#send(PHX_JOIN, payload, this.joinRef);
    } catch (error) {
      return this.#refused(error as Error, "unsent");
    }
    const { timeout } = this.#line;
    this.#timer = setTimeout(() => {
      // The server is not to take it for joined when the answer is too late.
      this.#send(PHX_LEAVE, {});
      this.#joinFailed(
        new ChannelError("timeout", `The join of channel "${this.topic}" got no answer in ${timeout} ms.`),
      );
    }, timeout);
  }

  #joinAnswered({ status, response }: ChannelReply): void {
    clearTimeout(this.#timer);
    if (status === "ok") {
      this.state = "joined";
      this.#tries = 0;
      this.#pushes.flush();
      this.#first?.resolve(response);
      this.#listeners.emit(PHX_JOIN, response);
      return this.#listeners.keepEarly();
    }
    const error = refusal(`The join of channel "${this.topic}"`, response);
    const { reason, status: ofHttp } = Object(response);
    if (reason === CRASHED || ofHttp >= 500) this.#joinFailed(error);
    else this.#refused(error, error.code);
  }

  /** A join that may succeed the next time. */
  #joinFailed(error: ChannelError): void {
    this.#first?.reject(error);
    this.#fail(error);
    this.#retry();
  }

  /** A join that is not to be tried again. */
  #refused(error: Error, code: string): void {
    this.#first?.reject(error);
    this.#listeners.emit(PHX_ERROR, error);
    this.#close(code);
  }

  #fail(error: ChannelError): void {
    clearTimeout(this.#timer);
    this.joinRef = undefined;
    this.state = "errored";
    this.#pushes.rejectSent(error.code === "lost" ? "unanswered" : error.code, error.message);
    this.#listeners.emit(PHX_ERROR, error);
  }

  #retry(): void {
    // A listener may have left.
    if (this.state !== "errored") return;
    this.#timer = setTimeout(() => this.#join(), this.#line.rejoinAfter(++this.#tries));
  }

  /** The channel is over for good. */
  #close(code: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.state = "closed";
    this.joinRef = undefined;
    clearTimeout(this.#timer);
    this.#line.remove(this);
    this.#pushes.rejectSent(code, "the channel is over.");
    this.#pushes.rejectWaiting(code, "the channel is over.");
    this.#rejectJoin(code);
    this.#onLeft();
    this.#listeners.emit(PHX_CLOSE, code);
  }

  /** Ends the first join, if it has no answer yet. The author has caused it: no reason for an uncaught error. */
  #rejectJoin(code: string): void {
    this.#firstJoin?.catch(() => {});
    this.#first?.reject(new ChannelError(code, `Channel "${this.topic}" ended before it was joined.`));
  }
}
