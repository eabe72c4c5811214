/** The two ends of a socket as the app sees them: the part that a transport brings, and the part that it calls. */
import type { SessionChange } from "../runtime/session-change.ts";
import type { ViewProcess } from "../runtime/view-process.ts";

/** The request that opened a socket. */
export interface Upgrade {
  readonly headers: Headers;
  /** Absolute URL of the request; only its origin is used. */
  readonly url: string;
  /** The path below which another framework mounted the app, as in `app.use("/admin", handler(app))`. */
  readonly base?: string | undefined;
  /** `c.env` of handlers and middleware when a view joins: on Node its `incoming`. */
  readonly env?: object | undefined;
  /** The outermost app, if this one is mounted in another, so that its middleware runs for joins. */
  readonly fetch?: ((request: Request, env: object) => Response | Promise<Response>) | undefined;
}

/** The same socket, whose page has other cookies now. */
export const withSession = (
  { headers, url, base, env, fetch }: Upgrade,
  { cookies }: SessionChange,
): Upgrade => {
  const own = new Headers(headers);
  own.set("cookie", cookies(headers.get("cookie")));
  return { headers: own, url, base, env, fetch };
};

/** A message for many clients, encoded once. */
export interface SharedMessage {
  /** A text message, or a binary one. */
  readonly message: string | Uint8Array;
  /** The message in UTF-8. */
  readonly bytes: Uint8Array;
}

/** The client's side, implemented by a transport: `ws`, or memory in tests. */
export interface Peer {
  send(text: string): void;
  close(code: number, reason: string): void;
  /** Bytes that were sent but have not left yet. */
  readonly bufferedAmount: number;
}

/** The client's side of a socket of channels, whose messages may be binary. */
export interface ChannelPeer extends Peer {
  sendBinary(message: Uint8Array): void;
  /** Sends a message that many get; without it the other two do. */
  sendShared?(shared: SharedMessage): void;
}

/** The app's side, called by a transport: a socket of views, or of channels. */
export interface AppSocket {
  /** A message has come. Never throws. */
  message(text: string): void;
  /** A binary message has come: a part of a file, or a channel's. Never throws. */
  binary(message: Uint8Array): void;
  /**
   * The socket is closed: its views and channels end.
   * @param lost views wait for a while for their client to come back; see `isLost` of the wire
   */
  closed(lost?: boolean): void;
  /** The buffer is empty: what waited for room goes on. */
  drained(): void;
  /** Takes no more messages; resolves when no handler runs. */
  finish(): Promise<void>;
  /**
   * Ends its views or channels and closes the socket, because the server stops.
   * @param moves the client is expected by another node, and not with all others at once
   */
  shutdown(moves?: boolean): void;
}

/** A socket of views. */
export interface ClientSocket extends AppSocket {
  /** The view that the client knows under a number, for tests. */
  process(view: number): ViewProcess | undefined;
}
