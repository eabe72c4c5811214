/** Options of a page's client. */
import type { Metadata } from "../bindings/host.ts";
import type { Hooks } from "../hooks/hook-types.ts";
import type { Uploaders, UploadsHost } from "../uploads/uploads.ts";
import type { Json } from "../wire/frames.ts";

type Data = { readonly [key: string]: Json };

/** Options of a {@link LiveSocket}. */
export interface LiveSocketOptions {
  /** Goes with every join: data, or a function that makes it. */
  readonly params?: Data | (() => Data);
  /** By the names that `phx-hook` gives. */
  readonly hooks?: Hooks;
  /** Begins the names of all bindings. Default `phx-`. */
  readonly bindingPrefix?: string;
  /** Path or URL of the app's WebSocket. Default: the page's. */
  readonly url?: string;
  /** Values that go with events of a type: `{ click: (event) => ({ altKey: event.altKey }) }`. */
  readonly metadata?: Metadata;
  /** Time for which a lost connection does not show, in milliseconds. Default 2,000. */
  readonly reconnectingAfter?: number;
  /** Callbacks of patches that change the page. */
  readonly dom?: {
    /**
     * Is asked of each element before it is patched, and of those around it. May change its new state;
     * `false` leaves the element alone, with all that is in it.
     */
    onBeforeElUpdated?(from: Element, to: Element): unknown;
    /** Around every change of the page; must call `start`, at once or in a transition of the browser's. */
    onDocumentPatch?(start: () => void): void;
  };
  /** The page. Default: the global one. */
  readonly window?: Window & typeof globalThis;
  /** Default: the window's. */
  readonly WebSocket?: typeof WebSocket;
  /** Debounces, throttles and hides nothing; for tests. */
  readonly immediate?: boolean;
  /** Values that win over all others in the events that are pushed now; for tests. */
  readonly extraValues?: () => object | undefined;
  /** Hears of a command whose `to` fits no element of the page; for tests. */
  readonly foundNothing?: (command: string, to: unknown, source: Element) => void;
  /** Uploaders of files that do not go to the app, by the name that the server gives; `S3` is there. */
  readonly uploaders?: Uploaders;
  /** Holds a file back before more than its first `sent` bytes are sent; for tests. */
  readonly uploadGate?: UploadsHost["gate"];
}
