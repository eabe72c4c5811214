/** The network between a socket of channels and its app: a WebSocket in memory, which carries the same messages as a real one. */
import type { WebSocketClass } from "@overwire/client/channels";
import { type ChannelFrame, readClientMessage, readServerMessage } from "@overwire/client/wire";
import type { OverwireApp } from "@overwire/server";
import type { Activity } from "../page/wait.ts";

/** The app's end of a socket of channels. */
type Opened = ReturnType<
  Extract<Awaited<ReturnType<OverwireApp["admit"]>>, { readonly open: unknown }>["open"]
>;

/** The answer to a handshake that was refused. */
export interface HandshakeRefusal {
  /** Undefined if there are no channels at that path. */
  readonly status: number | undefined;
  readonly message: string;
}

/** An error that has ended a channel. */
export type ChannelCrash = Parameters<NonNullable<Opened["onCrash"]>>[0];

export interface ChannelLineOptions {
  readonly app: OverwireApp;
  /** Of a handshake. */
  headers(): Headers;
  readonly env: object | undefined;
  readonly activity: Activity;
  onSent(frame: ChannelFrame): void;
  onReceived(frame: ChannelFrame): void;
  onCrash(crash: ChannelCrash): void;
}

/** Does something once what runs now is done, as messages arrive. */
const soon = (action: () => unknown) => void Promise.resolve().then(action);

type Handler = ((event: never) => void) | null;
type Bytes = Uint8Array<ArrayBuffer>;

export class ChannelLine {
  /** The app's end of the open socket. */
  opened: Opened | undefined;
  /** Of the last handshake, if it was refused. */
  refusal: HandshakeRefusal | undefined;
  readonly options: ChannelLineOptions;

  constructor(options: ChannelLineOptions) {
    this.options = options;
  }

  /** Constructor for the client's `WebSocket` option. */
  get WebSocket(): WebSocketClass {
    return MemoryChannelSocket.bind(undefined, this) as unknown as WebSocketClass;
  }

  /** Asks the app to let a client in. */
  async handshake(url: string, protocols: readonly string[]) {
    const { app, env } = this.options;
    const headers = this.options.headers();
    headers.set("sec-websocket-protocol", protocols.join(", "));
    const answer = await app.admit({ url: url.replace(/^ws/, "http"), headers, env });
    if (answer && "open" in answer) return answer;
    this.refusal = answer ?? { status: undefined, message: "the app has no channels there" };
    return undefined;
  }
}

class MemoryChannelSocket {
  readyState = 0;
  binaryType = "blob";
  onopen: Handler = null;
  onmessage: Handler = null;
  onclose: Handler = null;
  onerror: Handler = null;
  readonly #line: ChannelLine;
  #opened: Opened | undefined;

  constructor(line: ChannelLine, url: string, protocols: readonly string[]) {
    this.#line = line;
    void this.#open(url, protocols);
  }

  async #open(url: string, protocols: readonly string[]): Promise<void> {
    const line = this.#line;
    line.refusal = undefined;
    const accepted = await line.handshake(url, protocols);
    if (this.readyState !== 0) return;
    if (!accepted) return this.#end(1006, "");
    this.readyState = 1;
    this.#opened = line.opened = accepted.open({
      bufferedAmount: 0,
      send: (text) => this.#receive(text, text),
      sendBinary: (bytes) => this.#receive(bytes, bytes.slice().buffer),
      close: (code, reason) => soon(() => this.#end(code, reason)),
    });
    this.#opened.onCrash = (crash) => {
      line.options.onCrash(crash);
      line.options.activity.notify();
    };
    this.#tell("open", {});
  }

  /** The server has sent something. */
  #receive(message: string | Uint8Array, data: string | ArrayBuffer): void {
    const frame = readServerMessage(message);
    if (frame) this.#line.options.onReceived(frame);
    soon(() => this.readyState === 1 && this.#tell("message", { data }));
  }

  send(data: string | Bytes): void {
    // The client may change its bytes afterwards without an effect on the message.
    const message = typeof data === "string" ? data : data.slice();
    const frame = readClientMessage(message);
    if (typeof frame !== "string") this.#line.options.onSent(frame);
    soon(() => {
      if (this.readyState !== 1) return;
      if (typeof message === "string") this.#opened?.message(message);
      else this.#opened?.binary(message);
      this.#line.options.activity.notify();
    });
  }

  close(code = 1000, reason = ""): void {
    this.#end(code, reason);
  }

  #end(code: number, reason: string): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    if (this.#line.opened === this.#opened) this.#line.opened = undefined;
    this.#opened?.closed();
    if (code === 1006) this.#tell("error", {});
    this.#tell("close", { code, reason });
  }

  /** The client has no listeners but its handlers. */
  #tell(type: "open" | "message" | "close" | "error", details: object): void {
    this[`on${type}`]?.({ type, ...details } as never);
    this.#line.options.activity.notify();
  }
}
