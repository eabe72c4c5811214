/** The socket of channels: one connection for all of them. */
import {
  CHANNEL_VERSION,
  type ChannelFrame,
  PHOENIX,
  PHX_HEARTBEAT,
  readServerMessage,
  writeClientMessage,
} from "../wire/channel-frames.ts";
import type { WebSocketClass } from "./attempt.ts";
import type { Channel, JoinArguments, UntypedChannel } from "./channel-types.ts";
import { type Connection, createConnection } from "./connection.ts";
import { defaultReconnectAfter, jittered, type LineEnd } from "./delays.ts";
import { createListeners } from "./listeners.ts";
import { type ChannelLine, SocketChannel } from "./socket-channel.ts";

/** Values of the query string. Those that are undefined are left out. */
export interface ChannelParams {
  readonly [name: string]: string | number | boolean | undefined;
}

export interface ChannelSocketOptions {
  /** Query of the URL, for `connect` on the server; a function is asked at each connection. */
  readonly params?: ChannelParams | (() => ChannelParams) | undefined;
  /**
   * Proof of the user. A function is asked at each connection, so that a token may be short-lived. It travels in a header of the
   * handshake, never in the URL.
   */
  readonly token?: string | (() => string | undefined | Promise<string | undefined>) | undefined;
  /** Default: the global one. Node 20 has none: give it that of the package `ws`. */
  readonly WebSocket?: WebSocketClass | undefined;
  /** Longest wait for a connection, and for the reply to a join or push, in milliseconds. Default 10,000. */
  readonly timeout?: number | undefined;
  /** Time between two signs of life, in milliseconds. Default 30,000. */
  readonly heartbeat?: number | undefined;
  /** Pushes of one channel that are kept while it is not joined. Default 100. */
  readonly maxQueue?: number | undefined;
  /** Milliseconds before the nth attempt to connect again. Default: 10 to 5,000, with jitter. */
  readonly reconnectAfter?: ((tries: number) => number) | undefined;
  /** Milliseconds before the nth attempt of a channel to join again. Default: 1, 2, 5, 10 seconds, with jitter. */
  readonly rejoinAfter?: ((tries: number) => number) | undefined;
  /** Hears what travels. Tokens do not reach it. */
  readonly logger?:
    | ((kind: "transport" | "push" | "receive", message: string, data?: unknown) => void)
    | undefined;
}

/** Delays before joining again, in milliseconds; the last one from then on. */
const REJOIN_DELAYS = [1000, 2000, 5000, 10_000];

/** @throws TypeError for a URL that leads nowhere */
function endpointOf(url: string): URL {
  const base = (globalThis as { readonly location?: { readonly href: string } }).location?.href;
  let endpoint: URL | undefined;
  try {
    endpoint = new URL(url, base);
  } catch {
    // Told below.
  }
  if (endpoint) {
    endpoint.protocol = endpoint.protocol.replace("http", "ws");
    endpoint.hash = "";
    if (/^wss?:$/.test(endpoint.protocol)) return endpoint;
  }
  throw new TypeError(
    `new Socket("${url}"): there is no page here that the URL could belong to. Write an absolute one, such as "wss://example.com/socket".`,
  );
}

/**
 * A connection to the channels of a server.
 * @example
 * const socket = new Socket("/socket", { token: () => fetchToken() });
 * socket.connect();
 * const room = socket.channel<RoomChannel>("room:1");
 * room.on("message", ({ body }) => show(body));
 * await room.join();
 */
export class ChannelSocket {
  readonly #options: ChannelSocketOptions;
  readonly #url: URL;
  readonly #channels = new Set<SocketChannel>();
  readonly #listeners = createListeners();
  readonly #line: ChannelLine;
  #connection: Connection | undefined;
  #ref = 0;

  /**
   * @param url of `app.channels`. A relative one belongs to the page; outside of pages it has to be absolute
   * @throws TypeError for a URL that leads nowhere
   */
  constructor(url: string, options: ChannelSocketOptions = {}) {
    this.#options = options;
    this.#url = endpointOf(url);
    const isOpen = () => this.connected;
    this.#line = {
      get isOpen() {
        return isOpen();
      },
      timeout: options.timeout ?? 10_000,
      maxQueue: options.maxQueue ?? 100,
      rejoinAfter: options.rejoinAfter ?? ((tries) => jittered(REJOIN_DELAYS, tries)),
      nextRef: () => this.#nextRef(),
      send: (frame) => this.#send(frame),
      enter: (channel) => {
        for (const older of this.#channels) if (older.topic === channel.topic) void older.leave();
        this.#channels.add(channel);
      },
      remove: (channel) => this.#channels.delete(channel),
    };
  }

  get connected(): boolean {
    return this.#connection?.isOpen ?? false;
  }

  /**
   * Connects, and again after each loss until {@link disconnect}.
   * @throws TypeError if there is no WebSocket
   */
  connect(): void {
    this.#connection ??= this.#connect();
    this.#connection.connect();
  }

  /**
   * Closes the connection. Pushes and joins without an answer reject; channels stay, and join again after the next
   * {@link connect}.
   */
  disconnect(): void {
    this.#connection?.disconnect();
    for (const channel of [...this.#channels]) channel.disconnected();
  }

  /**
   * Makes a channel, to be joined by its `join()`. An older one of the topic is left then.
   * @param payload of each join; a function is asked each time
   * @typeParam C its class on the server
   */
  channel<C = UntypedChannel>(topic: string, ...[payload]: JoinArguments<C>): Channel<C> {
    return new SocketChannel(this.#line, topic, payload) as object as Channel<C>;
  }

  /** @returns a function that ends it */
  onOpen(listener: () => unknown): () => void {
    return this.#listeners.on("open", listener);
  }

  /**
   * Hears the end of each connection, and of each attempt that fails.
   * @param listener gets the server's code and reason, undefined if the client has ended it
   */
  onClose(listener: (end: LineEnd | undefined) => unknown): () => void {
    return this.#listeners.on("close", listener);
  }

  /** Hears errors of the WebSocket, and of the functions for params and token. The next attempt follows by itself. */
  onError(listener: (error: unknown) => unknown): () => void {
    return this.#listeners.on("error", listener);
  }

  #nextRef(): string {
    // Numbers beyond are not exact, so two of them could be one.
    this.#ref = (this.#ref % Number.MAX_SAFE_INTEGER) + 1;
    return String(this.#ref);
  }

  #connect(): Connection {
    const { WebSocket = globalThis.WebSocket as WebSocketClass | undefined, token } = this.#options;
    const { heartbeat = 30_000, reconnectAfter = defaultReconnectAfter } = this.#options;
    if (!WebSocket)
      throw new TypeError(
        'There is no WebSocket here, as in Node 20: new Socket(url, { WebSocket }) takes that of the package "ws".',
      );
    return createConnection({
      WebSocket,
      heartbeat,
      timeout: this.#line.timeout,
      reconnectAfter,
      url: () => this.#address(),
      token: () => (typeof token === "function" ? token() : token),
      beat: () =>
        this.#send({
          joinRef: null,
          ref: this.#nextRef(),
          topic: PHOENIX,
          event: PHX_HEARTBEAT,
          payload: {},
        }),
      onOpen: () => {
        this.#log("transport", "connected");
        this.#each((channel) => channel.opened());
        this.#listeners.emit("open");
      },
      onMessage: (data) => this.#receive(data),
      onClose: (end) => {
        this.#log("transport", "closed", end && { code: end.code, reason: end.reason });
        this.#each((channel) => channel.lost());
        this.#listeners.emit("close", end);
      },
      onError: (error) => {
        this.#log("transport", "error", error);
        this.#listeners.emit("error", error);
      },
    });
  }

  /** URL of the next connection. */
  #address(): string {
    const { params } = this.#options;
    const url = new URL(this.#url);
    url.searchParams.set("vsn", CHANNEL_VERSION);
    for (const [name, value] of Object.entries((typeof params === "function" ? params() : params) ?? {}))
      if (value !== undefined) url.searchParams.set(name, String(value));
    return url.href;
  }

  #send(frame: ChannelFrame): boolean {
    const isSent = this.#connection?.send(writeClientMessage(frame)) ?? false;
    if (isSent) this.#log("push", `${frame.topic} ${frame.event}`, frame);
    return isSent;
  }

  #receive(data: string | Uint8Array): void {
    const frame = readServerMessage(data);
    if (!frame) return this.#log("transport", "something that is no message", data);
    this.#log("receive", `${frame.topic} ${frame.event}`, frame);
    this.#each((channel) => {
      if (channel.topic === frame.topic) channel.receive(frame);
    });
  }

  /** Channels may come and go meanwhile. */
  #each(action: (channel: SocketChannel) => void): void {
    [...this.#channels].forEach(action);
  }

  #log(kind: "transport" | "push" | "receive", message: string, data?: unknown): void {
    this.#options.logger?.(kind, message, data);
  }
}
