/** A page under test: the real client in happy-dom, joined to the real view. */
import type { LiveSocket } from "@overwire/client";
import type { LiveView } from "@overwire/server";
import type { Element, Window } from "happy-dom";
import type { Activity } from "./activity.ts";
import { readText } from "./describe.ts";
import { LiveElement, LiveForm, type Page } from "./element.ts";
import type { FormValues } from "./fields.ts";
import { findAll, findOne, type TextFilter } from "./find.ts";
import type { Wire } from "./memory-socket.ts";

/** How long an action waits for its answer, in milliseconds. */
const PATIENCE = 5000;

/** What a driver is made of; `live()` puts it together. */
export interface Parts {
  readonly window: Window;
  readonly container: Element;
  readonly socket: LiveSocket;
  readonly wire: Wire;
  readonly activity: Activity;
  /** Makes the next events carry these values too. */
  withValues(values: object | undefined): void;
}

/**
 * Drives one live page. Every action waits for its own answer and the patch it brings, and returns the view's HTML.
 * @typeParam V the view's class
 */
export class LiveDriver<V extends LiveView<string> = LiveView<string>> {
  readonly #parts: Parts;
  readonly #page: Page;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#page = {
      window: parts.window,
      container: parts.container,
      act: (...action) => this.#act(...action),
    };
  }

  /** The page's window, of happy-dom. */
  get window(): Window {
    return this.#parts.window;
  }

  /** The element that contains the view; Testing Library's queries work on it. */
  get container(): HTMLElement {
    return this.#parts.container as unknown as HTMLElement;
  }

  /** The view's object on the server. */
  get instance(): V {
    return this.#process.view as unknown as V;
  }

  /** The view's HTML. */
  html(): string {
    return this.#parts.container.innerHTML;
  }

  /** What a reader sees of the view, or of the one element that fits: whitespace joined, ends trimmed. */
  text(selector?: string): string {
    const { container } = this.#parts;
    return readText(selector === undefined ? container : findOne(container, selector));
  }

  /** The page's title. */
  title(): string {
    return this.#parts.window.document.title;
  }

  /** The page's address: path and query. */
  url(): string {
    const { pathname, search } = this.#parts.window.location;
    return pathname + search;
  }

  /** An element, looked up when something is done with it. @param text what it contains, whitespace aside, or a pattern */
  element(selector: string, text?: TextFilter): LiveElement {
    return new LiveElement(this.#page, selector, text);
  }

  /** A form to be filled in: values for fields it does not have, or that they do not offer, are refused. */
  form(selector: string, values: FormValues = {}): LiveForm {
    return new LiveForm(this.#page, selector, values);
  }

  /** Whether there is such an element, or several. */
  hasElement(selector: string, text?: TextFilter): boolean {
    return findAll(this.#parts.container, selector, text).length > 0;
  }

  /** Waits until the view is joined, nothing is under way on either side, and the page shows it. */
  async settled(): Promise<string> {
    const { socket, wire, activity } = this.#parts;
    do {
      await activity.until(() => socket.idle, "the view to be joined and answered", PATIENCE);
      await wire.connection?.process(1)?.whenIdle();
      // One turn of the loop lets messages between views, and frames under way, arrive.
      await new Promise((next) => setImmediate(next));
    } while (!socket.idle || !wire.connection?.process(1)?.idle);
    return this.html();
  }

  /** Cuts the connection, as a lost network does. The page stays, until {@link reconnect}. */
  async disconnect(): Promise<void> {
    const { wire, activity, socket } = this.#parts;
    wire.cut();
    await activity.until(
      () => !socket.connected,
      "the client to notice that the connection is gone",
      PATIENCE,
    );
  }

  /** Restores the connection and waits until the view is joined again. */
  async reconnect(): Promise<string> {
    const { wire, window } = this.#parts;
    wire.restore();
    window.dispatchEvent(new window.Event("online"));
    return this.settled();
  }

  /** Closes the page; the view ends. */
  async close(): Promise<void> {
    this.#parts.socket.disconnect();
    await this.#parts.window.happyDOM.close();
  }

  get #process() {
    const process = this.#parts.wire.connection?.process(1);
    if (!process) throw new Error("The view is not joined: it was closed, disconnected, or it crashed.");
    return process;
  }

  async #act(what: string, action: () => void, values?: object): Promise<string> {
    const { socket, wire, activity, withValues } = this.#parts;
    await activity.until(() => socket.idle, `the view to be joined before ${what}`, PATIENCE);
    const process = this.#process;
    const name = process.viewName;
    wire.takeRefusal();
    withValues(values);
    try {
      action();
    } finally {
      withValues(undefined);
    }
    await activity.until(() => process.ended || socket.idle, `the answer to ${what}`, PATIENCE);
    if (process.failure) {
      const { event, error } = process.failure;
      throw new Error(
        `${name} crashed in ${event}, at ${what}: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      );
    }
    const refusal = wire.takeRefusal();
    if (refusal) throw new Error(`${name} refused an event, at ${what}: ${refusal}`);
    return this.html();
  }
}
