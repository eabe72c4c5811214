/** The client of one page: its socket, its views, and what a person does to them. The only place that puts them together. */
import { ATTR_SOCKET, ATTR_TOKEN, type Json, type ServerFrame, SOCKET_PATH } from "@overwire/server/wire";
import { type Bindings, bind, type Metadata } from "./behaviour/bindings.ts";
import { createTiming } from "./behaviour/timing.ts";
import { createSocket, type Socket } from "./net/socket.ts";
import { createPolicy } from "./patch/policy.ts";
import { createView, type View } from "./view.ts";

/** How a {@link LiveSocket} works. */
export interface LiveSocketOptions {
  /** Goes with every join. */
  readonly params?: { readonly [key: string]: Json };
  /** Begins the names of all bindings. Default `phx-`. */
  readonly bindingPrefix?: string;
  /** Path of the app's WebSocket. Default: what the page says. */
  readonly url?: string;
  /** What else goes with events of a type: `{ click: (event) => ({ altKey: event.altKey }) }`. */
  readonly metadata?: Metadata;
  /** The page. Default: the global one. */
  readonly window?: Window & typeof globalThis;
  /** Default: the window's. */
  readonly WebSocket?: typeof WebSocket;
  /** Nothing is debounced or throttled; for tests. */
  readonly immediate?: boolean;
  /** Values that win over all others in the events that are pushed now; for tests. */
  readonly extraValues?: () => object | undefined;
}

/**
 * Connects the live views of a page to the server and keeps them connected.
 * @example new LiveSocket({ params: { locale: navigator.language } }).connect();
 */
export class LiveSocket {
  readonly #win: Window & typeof globalThis;
  readonly #views: View[] = [];
  readonly #socket: Socket;
}
