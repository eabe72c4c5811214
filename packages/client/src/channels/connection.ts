/** The WebSocket of channels: comes back after a loss with growing delays, beats, and asks for its token anew each time. */
import { CHANNEL_PROTOCOLS, tokenProtocol } from "../wire/channel-frames.ts";

/** A `WebSocket`, as far as channels use it: that of the page, of Node 22, Bun and Deno, or that of the package `ws`. */
export interface WebSocketLike {
  readonly readyState: number;
  binaryType: string;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}

export type WebSocketClass = new (url: string, protocols: string[]) => WebSocketLike;

/** End of a connection, as the server or the network gave it. */
export interface LineEnd {
  readonly code: number;
  readonly reason: string;
}

export interface ConnectionOptions {
  readonly WebSocket: WebSocketClass;
  /** Asked at each attempt. */
  url(): string;
  /** Asked at each attempt. */
  token(): string | undefined | Promise<string | undefined>;
  /** Longest wait for the connection to open, and for the answer to a heartbeat of a page that is shown again. */
  readonly timeout: number;
  readonly heartbeat: number;
  reconnectAfter(tries: number): number;
  /** Asks the server for a sign of life. */
  beat(): void;
  onOpen(): void;
  onMessage(data: string | Uint8Array): void;
  /** The connection is over, or an attempt has failed. @param end undefined if the client has ended it */
  onClose(end: LineEnd | undefined): void;
  onError(error: unknown): void;
}

export interface Connection {
  readonly isOpen: boolean;
  connect(): void;
  /** Closes for good. */
  disconnect(): void;
  /** @returns false if there is no connection to send it on */
  send(data: string | Uint8Array<ArrayBuffer>): boolean;
}

/** Delays before connecting again, in milliseconds; the last one from then on. */
const DELAYS = [10, 50, 100, 150, 200, 250, 500, 1000, 2000, 5000];
/** Tries that a server counts for which stops or has too many clients, and those of one that refuses this client. */
const BUSY = 7;
const REFUSED = DELAYS.length;

/** Many clients lose their server at once and should not all come back at once. */
export const jittered = (delays: readonly number[], tries: number): number =>
  (delays[Math.min(tries, delays.length) - 1] as number) * (0.5 + Math.random());

export const defaultReconnectAfter = (tries: number): number => jittered(DELAYS, tries);

const none = () => {};

export function createConnection(options: ConnectionOptions): Connection {
  let ws: WebSocketLike | undefined;
  /** Attempt or connection that counts: the answers of others are too late. */
  let current: object | undefined;
  let wanted = false;
  let tries = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let watch: ReturnType<typeof setTimeout> | undefined;
  /** Something was heard since the last heartbeat. */
  let heard = false;

  const isOpen = () => ws?.readyState === 1;

  /** Lets go of the socket: a dead connection may take minutes to say that it is closed. */
  const drop = (end?: LineEnd) => {
    clearTimeout(retry);
    clearTimeout(watch);
    const [own, attempt] = [ws, current];
    ws = current = undefined;
    if (own) {
      own.onopen = own.onmessage = own.onclose = null;
      // The package ws raises the error of a socket that is closed before it is open, if nothing listens.
      own.onerror = none;
      if (!end) own.close(1000);
    }
    if (attempt) options.onClose(end);
  };

  const lost = (end?: LineEnd) => {
    drop(end);
    // A listener may have ended it, or connected it again.
    if (!wanted || current) return;
    const code = `${end?.code}`;
    if (/^10(01|12|13)$/.test(code)) tries = Math.max(tries, BUSY - 1);
    else if (/^(100[23789]|4\d{3})$/.test(code)) tries = REFUSED;
    retry = setTimeout(open, options.reconnectAfter(++tries));
  };

  const beat = () => {
    if (!heard) return lost();
    ask(options.heartbeat);
  };
  const ask = (wait: number) => {
    heard = false;
    options.beat();
    clearTimeout(watch);
    watch = setTimeout(beat, wait);
  };

  const open = async () => {
    if (current) return;
    clearTimeout(retry);
    const own = {};
    current = own;
    watch = setTimeout(lost, options.timeout);
    try {
      const token = await options.token();
      if (current !== own) return;
      const protocols = [CHANNEL_PROTOCOLS[0] as string];
      if (token) protocols.push(tokenProtocol(token));
      ws = new options.WebSocket(options.url(), protocols);
    } catch (error) {
      if (current !== own) return;
      options.onError(error);
      return lost();
    }
    ws.binaryType = "arraybuffer";
    ws.onopen = () => {
      clearTimeout(watch);
      heard = true;
      watch = setTimeout(beat, options.heartbeat);
      options.onOpen();
    };
    ws.onmessage = ({ data }: { readonly data: string | ArrayBuffer }) => {
      heard = true;
      // Not when it opens: a server that closes at once would be asked a hundred times a second.
      tries = 0;
      options.onMessage(typeof data === "string" ? data : new Uint8Array(data));
    };
    ws.onerror = options.onError;
    ws.onclose = lost;
  };

  /** The network may have changed, or the device has slept. */
  const wake = () => {
    if (isOpen()) ask(options.timeout);
    else void open();
  };
  const pageEvents: { readonly [type: string]: () => void } = {
    online: wake,
    visibilitychange: wake,
    // A page with a connection is not kept for the way back.
    pagehide: () => drop(),
    pageshow: () => void open(),
  };
  /** Pages have these events; servers have none. */
  const watchPage = (verb: "addEventListener" | "removeEventListener") => {
    for (const [type, listener] of Object.entries(pageEvents))
      (globalThis as Partial<typeof globalThis>)[verb]?.(type, listener);
  };

  return {
    get isOpen() {
      return isOpen();
    },
    connect() {
      if (!wanted) watchPage("addEventListener");
      wanted = true;
      void open();
    },
    disconnect() {
      wanted = false;
      watchPage("removeEventListener");
      drop();
    },
    send(data) {
      if (!isOpen()) return false;
      ws?.send(data);
      return true;
    },
  };
}
