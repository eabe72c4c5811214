/** The two ends of a socket as the app sees them: the part that a transport brings, and the part that it calls. */
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

/** The client's side, implemented by a transport: `ws`, or memory in tests. */
export interface Peer {
  send(text: string): void;
  close(code: number, reason: string): void;
  /** Bytes that were sent but have not left yet. */
  readonly bufferedAmount: number;
}

/** The app's side, called by a transport. */
export interface ClientSocket {
  /** A message has come. Never throws. */
  message(text: string): void;
  /** A binary message has come: a part of a file. Never throws. */
  binary(message: Uint8Array): void;
  /**
   * The socket is closed: its views end.
   * @param lost they wait for a while for their client to come back; see `isLost` of the wire
   */
  closed(lost?: boolean): void;
  /** The buffer is empty: views that waited for room go on. */
  drained(): void;
  /** The view that the client knows under a number, for tests. */
  process(view: number): ViewProcess | undefined;
  /** Takes no more messages; resolves when no handler of its views runs. */
  finish(): Promise<void>;
  /** Ends its views and closes the socket, because the server stops. */
  shutdown(): void;
}
