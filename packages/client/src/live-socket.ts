/** The client of one page: its socket, its views, and what a person does to them. The only place that puts them together. */
import { ATTR_SOCKET, ATTR_TOKEN, HEARTBEAT, type Json, SOCKET_PATH } from "@overwire/server/wire";
import { bind, type Metadata } from "./behaviour/bindings.ts";
import { createTiming } from "./behaviour/timing.ts";
import { keepFocus } from "./dom/focus.ts";
import { reload } from "./net/reload.ts";
import { createSocket, type Socket } from "./net/socket.ts";
import { createPolicy } from "./patch/policy.ts";
import { createView, type View, type ViewContext } from "./view.ts";

/** How a {@link LiveSocket} works. */
export interface LiveSocketOptions {
  /** Goes with every join. */
  readonly params?: { readonly [key: string]: Json };
  /** Begins the names of all bindings. Default `phx-`. */
  readonly bindingPrefix?: string;
  /** Path or URL of the app's WebSocket. Default: what the page says. */
  readonly url?: string;
  /** What else goes with events of a type: `{ click: (event) => ({ altKey: event.altKey }) }`. */
  readonly metadata?: Metadata;
  /** The page. Default: the global one. */
  readonly window?: Window & typeof globalThis;
  /** Default: the window's. */
  readonly WebSocket?: typeof WebSocket;
  /** Debounces and throttles nothing; for tests. */
  readonly immediate?: boolean;
  /** Values that win over all others in the events that are pushed now; for tests. */
  readonly extraValues?: () => object | undefined;
}

/**
 * Connects the live views of a page to the server and keeps them connected.
 * @example new LiveSocket({ params: { locale: navigator.language } }).connect();
 */
export class LiveSocket {
  readonly #views: readonly View[];
  readonly #socket: Socket;
  #patching = false;

  constructor(options: LiveSocketOptions = {}) {
    const {
      window: win = window,
      bindingPrefix: prefix = "phx-",
      params = {},
      metadata = {},
      immediate,
    } = options;
    const containers = [...win.document.querySelectorAll(`[${ATTR_TOKEN}]`)];
    const path = options.url ?? containers[0]?.getAttribute(ATTR_SOCKET) ?? SOCKET_PATH;
    const socket = createSocket({
      win,
      WebSocket: options.WebSocket ?? win.WebSocket,
      url: new win.URL(path, win.location.href).href.replace(/^http/, "ws"),
      onOpen: () => {
        for (const view of this.#views) view.join();
      },
      onClose: () => {
        for (const view of this.#views) view.disconnected();
      },
      onFrame: (frame) => {
        if (frame[0] !== HEARTBEAT) this.#views[frame[1] - 1]?.receive(frame);
      },
    });
    this.#socket = socket;
    const context: ViewContext = {
      win,
      params,
      policy: createPolicy(`${prefix}update`),
      send: socket.send,
      get connected() {
        return socket.connected;
      },
      patching: (change) => {
        this.#patching = true;
        try {
          keepFocus(win.document, change);
        } finally {
          this.#patching = false;
        }
      },
      reload: () => reload(win),
    };
    this.#views = containers.map((el, index) => createView(el, index + 1, context));
    const isPatching = () => this.#patching;
    bind({
      win,
      prefix,
      metadata,
      timing: createTiming(win, prefix, immediate),
      views: this.#views,
      get patching() {
        return isPatching();
      },
      extraValues: options.extraValues ?? (() => undefined),
      viewOf: (el) => this.#views.find((view) => view.el.contains(el)),
    });
  }

  /** Opens the socket and joins the page's views; goes on until {@link disconnect}. */
  connect(): void {
    this.#socket.connect();
  }

  /** Closes the socket for good. The views end. */
  disconnect(): void {
    this.#socket.disconnect();
  }

  /** Whether the socket is open. */
  get connected(): boolean {
    return this.#socket.connected;
  }

  /** Whether all views are joined and no event waits for its answer. */
  get idle(): boolean {
    return this.#socket.connected && this.#views.every((view) => view.idle);
  }
}
