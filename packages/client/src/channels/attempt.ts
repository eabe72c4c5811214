/** An attempt to connect, and the WebSocket that it comes to. */
import { CHANNEL_PROTOCOLS, tokenProtocol } from "../wire/channel-frames.ts";
import type { LineEnd } from "./delays.ts";

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

export interface AttemptOptions {
  readonly WebSocket: WebSocketClass;
  /** Asked at each attempt. */
  url(): string;
  /** Asked at each attempt. */
  token(): string | undefined | Promise<string | undefined>;
  onError(error: unknown): void;
}

export interface ConnectionAttempt {
  ws?: WebSocketLike;
  /** It does not count any more: its answers are too late. */
  isOver: boolean;
}

export interface AttemptEvents {
  opened(): void;
  received(data: string | Uint8Array): void;
  lost(end?: LineEnd): void;
}

const none = () => {};

export async function connect(
  attempt: ConnectionAttempt,
  options: AttemptOptions,
  { opened, received, lost }: AttemptEvents,
): Promise<void> {
  let ws: WebSocketLike;
  try {
    const token = await options.token();
    if (attempt.isOver) return;
    const protocols = [CHANNEL_PROTOCOLS[0] as string];
    if (token) protocols.push(tokenProtocol(token));
    ws = attempt.ws = new options.WebSocket(options.url(), protocols);
  } catch (error) {
    if (attempt.isOver) return;
    options.onError(error);
    return lost();
  }
  ws.binaryType = "arraybuffer";
  ws.onopen = opened;
  ws.onmessage = ({ data }: { readonly data: string | ArrayBuffer }) =>
    received(typeof data === "string" ? data : new Uint8Array(data));
  ws.onerror = options.onError;
  ws.onclose = lost;
}

/** Lets go of the socket: a dead connection may take minutes to say that it is closed. */
export function release(attempt: ConnectionAttempt, end: LineEnd | undefined): void {
  const { ws } = attempt;
  attempt.isOver = true;
  if (!ws) return;
  ws.onopen = ws.onmessage = ws.onclose = null;
  // The package ws raises the error of a socket that is closed before it is open, if nothing listens.
  ws.onerror = none;
  if (!end) ws.close(1000);
}
