/** Hooks as authors write them: objects, classes or functions that look after one element of the page. */
import type { Js } from "../commands/js.ts";
import type { Json } from "../wire/frames.ts";

/** Life of an element that has a hook. `this` is also a {@link HookContext}. */
export interface HookCallbacks<El extends Element = HTMLElement> {
  /** It came into the page, and its view is joined. */
  mounted?(): void;
  /**
   * A patch is about to change it, or something in it.
   * @param to its new state, not in the page: its attributes, and its content if that is patched as a whole
   */
  beforeUpdate?(to: El): void;
  /** A patch has changed it, or something in it. */
  updated?(): void;
  /** It left the page, or has another hook now. */
  destroyed?(): void;
  /** Its view lost the connection. */
  disconnected?(): void;
  /** It is there again. */
  reconnected?(): void;
}

/** The context of a hook's callbacks. */
export interface HookContext<El extends Element = HTMLElement> {
  readonly el: El;
  /** The client of the page. */
  readonly liveSocket: HookSocket;
  /** Aborts when the element leaves, in any way: for `addEventListener`, `fetch`, and all that takes a signal. */
  readonly signal: AbortSignal;
  /** The server's `JS`, for scripts; patches keep its effects. */
  js(): HookJs;
  /**
   * Pushes an event to the element's view.
   * @returns the handler's reply. Rejects without a view or a connection, and if the event is refused; with
   *   `onReply` such a failure is silent
   */
  pushEvent<Reply = unknown>(event: string, payload?: Json, onReply?: (reply: Reply) => void): Promise<Reply>;
  /**
   * Pushes an event to the view or live component of each element that a selector matches, to those of one element, or
   * to a component by its number.
   */
  pushEventTo<Reply = unknown>(
    target: string | number | Element,
    event: string,
    payload?: Json,
    onReply?: (reply: Reply) => void,
  ): Promise<PromiseSettledResult<{ readonly reply: Reply }>[]>;
  /** Handles events that the server pushes, until the element leaves. */
  handleEvent<Payload = unknown>(name: string, callback: (payload: Payload) => void): HandleRef;
  removeHandleEvent(ref: HandleRef): void;
  /** Gives files to the upload of that name in the element's view. */
  upload(name: string, files: Iterable<Blob>): void;
  /** The same for the uploads in the matches of a selector, or in an element. */
  uploadTo(target: string | Element, name: string, files: Iterable<Blob>): void;
}

/** Result of {@link HookContext.handleEvent}. */
export type HandleRef = readonly [type: string, listener: EventListener];

/** Commands for a hook; its own element is the one that `exec` is about. */
export type HookJs = Omit<Js, "exec"> & { exec(encoded: string | readonly unknown[]): void };

/** The client as a hook sees it. */
export interface HookSocket {
  readonly connected: boolean;
  connect(): void;
  disconnect(): void;
}

/**
 * A hook as an object; each element has a copy of it as `this`.
 * @example
 * const Chart: Hook<{ chart: Chart }, HTMLCanvasElement> = {
 *   mounted() { this.chart = new Chart(this.el); },
 *   destroyed() { this.chart.destroy(); },
 * };
 */
export type Hook<State extends object = object, El extends Element = HTMLElement> = HookCallbacks<El> &
  Partial<State> &
  ThisType<HookContext<El> & HookCallbacks<El> & State>;

/**
 * A hook as a function, which runs when the element is mounted.
 * @returns a function to call when the element leaves, or callbacks for the rest of its life
 * @example
 * const Clock: HookFunction = (el, { signal }) => { el.addEventListener("click", show, { signal }); };
 */
export type HookFunction<El extends Element = HTMLElement> = {
  // A method, so that a function for one kind of element is one for any.
  hook(el: El, hook: HookContext<El>): void | (() => void) | Omit<HookCallbacks<El>, "mounted">;
}["hook"];

/** A hook as a class; best one that extends `ViewHook`. */
export type HookClass = new (hook: HookContext<never>) => HookCallbacks<never>;

/** All hooks of a page, by the names that `phx-hook` gives. */
export interface Hooks {
  readonly [name: string]: Hook | HookFunction | HookClass;
}
