/** The class that authors extend: a view's life, its state in fields, and everything it may ask for. */
import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Template } from "../template/html.ts";
import { createEvent, type EventHandle, type EventPayload } from "./event.ts";
import { type EndReason, enteredHost, type Session, type ViewContext, type ViewHost } from "./host.ts";
import type { ParamsOf } from "./params.ts";
import { type Topic, topicName } from "./topic.ts";

declare const routed: unique symbol;

/** A view's class, as `app.live` and `live()` take it. */
export interface ViewClass<Path extends string = string> {
  new (): LiveView<Path>;
  readonly name: string;
}

/** A view's name for a person: that of its class. */
export const nameOf = (view: object): string => view.constructor.name || "anonymous view";

/**
 * A page, or part of one, that lives on the server. Its own data fields are its state: after every handler the view is
 * rendered and what changed is sent, nothing has to be marked. It handles one message at a time, in order; an async
 * handler holds the next one back.
 * @typeParam Path the route it is made for; types `this.params`
 * @example
 * class Counter extends LiveView {
 *   count = 0;
 *   inc = this.event(() => { this.count++; });
 *   render() { return html`<button phx-click=${this.inc}>${this.count}</button>`; }
 * }
 */
export abstract class LiveView<Path extends string = string> {
  /** Only the type. */
  declare readonly [routed]?: Path;

  /** The page's title. Set it like any field. */
  declare pageTitle?: string | undefined;

  readonly #host: ViewHost | undefined = enteredHost();

  /** What the view shows. Called after every handler: synchronous, without side effects. */
  abstract render(): Template;

  /** Once per life of the view, before its first render. */
  mount?(): void | Promise<void>;

  /** After {@link mount}, with `params` and `url` set. */
  handleParams?(): void | Promise<void>;

  /** Events that no field declares. Without it they are refused. What it returns is the reply. */
  handleEvent?(name: string, payload: EventPayload): unknown;

  /** Messages by {@link send} and {@link subscribe} that have no handler of their own. */
  handleInfo?(message: unknown): void | Promise<void>;

  /** When the view ends, whatever the reason. */
  terminate?(reason: EndReason): void;

  /** Params of the route and of the query string. */
  get params(): ParamsOf<Path> {
    return this.#attached("params").params as ParamsOf<Path>;
  }

  /** The page's URL. */
  get url(): URL {
    return this.#attached("url").url;
  }

  /** The person's session, read-only; it is that of the request that mounted the view. */
  get session(): Readonly<Session> {
    return this.#attached("session").session;
  }

  /** What the app put there before the view was mounted. */
  get context(): ViewContext {
    return this.#attached("context").context;
  }

  /**
   * Declares an event that the browser may call, under the name of the field it is assigned to.
   * @param schema any Standard Schema (zod, valibot, arktype): a payload that fails never reaches the handler
   * @param handler gets the payload; what it returns is the reply
   */
  event<Reply>(handler: (payload: EventPayload) => Reply): EventHandle<EventPayload, Reply>;
  event<Schema extends StandardSchemaV1, Reply>(
    schema: Schema,
    handler: (payload: StandardSchemaV1.InferOutput<Schema>) => Reply,
  ): EventHandle<StandardSchemaV1.InferInput<Schema>, Reply>;
  event(
    first: StandardSchemaV1 | ((payload: never) => unknown),
    second?: (payload: never) => unknown,
  ): EventHandle<never> {
    return second
      ? createEvent(first as StandardSchemaV1, second)
      : createEvent(undefined, first as (payload: never) => unknown);
  }

  /**
   * Gets what is published on a topic, as long as the view lives.
   * @param handler runs in the view's turn; without one messages go to {@link handleInfo}
   * @returns what ends the subscription sooner
   */
  subscribe<T>(topic: Topic<T> | string, handler?: (message: T) => unknown): () => void {
    const host = this.#attached("subscribe");
    const name = topicName(topic as Topic<never>);
    const label = `message on "${name}"`;
    const run = (handler ?? ((message: unknown) => this.handleInfo?.(message))) as (
      message: unknown,
    ) => unknown;
    return host.owns(host.subscribe(name, (message) => host.post(label, () => run(message))));
  }

  /** Sends a message to all who subscribe to the topic, this view included. */
  publish<T>(topic: Topic<T> | string, message: T): void {
    this.#attached("publish").publish(topicName(topic as Topic<never>), message);
  }

  /** Sends a message to this view's own {@link handleInfo}, after what is waiting already. */
  send(message: unknown): void {
    this.#attached("send").post("handleInfo", () => this.handleInfo?.(message));
  }

  /**
   * Runs a handler in the view's turn every `ms` milliseconds, as long as the view lives.
   * @returns what ends it sooner
   */
  setInterval(handler: () => unknown, ms: number): () => void {
    const host = this.#attached("setInterval");
    let waiting = false;
    const run = () => {
      waiting = false;
      return handler();
    };
    const timer = setInterval(() => {
      // A view that is busy for longer than the interval misses ticks rather than collecting them.
      if (waiting) return;
      waiting = true;
      host.post("setInterval", run);
    }, ms);
    return host.owns(() => clearInterval(timer));
  }

  /**
   * Runs a handler in the view's turn after `ms` milliseconds, if the view still lives.
   * @returns what cancels it
   */
  setTimeout(handler: () => unknown, ms: number): () => void {
    const host = this.#attached("setTimeout");
    const timer = setTimeout(() => {
      stop();
      host.post("setTimeout", handler);
    }, ms);
    const stop = host.owns(() => clearTimeout(timer));
    return stop;
  }

  /** Sends an event to the page: `phx:<name>` on its window, with the payload as `detail`. */
  pushEvent(name: string, payload: unknown = {}): void {
    this.#attached("pushEvent").pushEvent(name, payload);
  }

  /** Renders and sends what changed now, in the middle of a long handler. */
  flush(): void {
    this.#attached("flush").flush();
  }

  #attached(what: string): ViewHost {
    if (this.#host) return this.#host;
    const name = nameOf(this);
    throw new Error(
      `${name}.${what} needs a running view, but this one was made with new. Use app.live(path, ${name}), or live(${name}) in a test.`,
    );
  }
}
