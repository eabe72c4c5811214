/** Base of all that has a mailbox: messages, subscriptions and time, which end with it. */
import { checkFunction, checkTimer } from "./check-arguments.ts";
import { type Topic, topicName } from "./topic.ts";

/** Display name of a view, component or channel: its class. */
export const nameOf = (actor: object): string => actor.constructor.name || "anonymous view";

/** The runner of an actor, as far as the actor sees it. */
export interface ActorHost {
  /** Runs something in the actor's turn. */
  post(label: string, run: () => unknown): void;
  /** Ends with the actor the thing that `stop` ends; returns a function that ends it sooner. */
  onDispose(stop: () => void): () => void;
  /** @param subscriber gets no message that is published with it as `except` */
  subscribe(topic: string, receive: (message: unknown) => void, subscriber: object): () => void;
  publish(topic: string, message: unknown, except?: object): void;
  /** Hands a message to `handleInfo`, if no hook of the actor halts. */
  dispatchInfo(message: unknown, own: () => unknown): unknown;
}

let entering: ActorHost | undefined;

/** Runs a constructor of an actor, which finds its host from its first field on. */
export function enterActor<A>(host: ActorHost, make: () => A): A {
  const outer = entering;
  entering = host;
  try {
    return make();
  } finally {
    entering = outer;
  }
}

/** An object that handles one message at a time, in order. */
export abstract class Actor {
  readonly #host: ActorHost | undefined = entering;

  /**
   * Gets messages on a topic, as long as the view lives.
   * @param handler runs in the view's turn; without one messages go to the view's `handleInfo`
   * @returns a function that ends the subscription sooner
   */
  subscribe<T>(topic: Topic<T> | string, handler?: (message: T) => unknown): () => void {
    const host = this.#hostFor("subscribe");
    if (handler !== undefined)
      checkFunction(handler, "The handler of this.subscribe", "this.subscribe(topic, (message) => { … })");
    const name = topicName(topic as Topic<never>);
    const label = `message on "${name}"`;
    const own = (this as { handleInfo?(message: unknown): unknown }).handleInfo;
    const run =
      (handler as ((message: unknown) => unknown) | undefined) ??
      ((message) => host.dispatchInfo(message, () => own?.call(this, message)));
    return host.onDispose(host.subscribe(name, (message) => host.post(label, () => run(message)), this));
  }

  /** Sends a message to all who subscribe to the topic, this view included. */
  publish<T>(topic: Topic<T> | string, message: T): void {
    this.#hostFor("publish").publish(topicName(topic as Topic<never>), message);
  }

  /** Sends a message to all who subscribe to the topic but this view, or this live component. */
  publishFrom<T>(topic: Topic<T> | string, message: T): void {
    this.#hostFor("publishFrom").publish(topicName(topic as Topic<never>), message, this);
  }

  /**
   * Runs a handler in the view's turn every `ms` milliseconds, as long as the view lives.
   * @returns a function that ends it sooner
   */
  setInterval(handler: () => unknown, ms: number): () => void {
    const host = this.#hostFor("setInterval");
    checkTimer(handler, ms, "setInterval");
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
    // A view alone is no reason for a process to go on. Fake clocks of test runners may return a number.
    (timer as Partial<NodeJS.Timeout>).unref?.();
    return host.onDispose(() => clearInterval(timer));
  }

  /**
   * Runs a handler in the view's turn after `ms` milliseconds, if the view still lives.
   * @returns a function that cancels it
   */
  setTimeout(handler: () => unknown, ms: number): () => void {
    const host = this.#hostFor("setTimeout");
    checkTimer(handler, ms, "setTimeout");
    const timer = setTimeout(() => {
      stop();
      host.post("setTimeout", handler);
    }, ms);
    (timer as Partial<NodeJS.Timeout>).unref?.();
    const stop = host.onDispose(() => clearTimeout(timer));
    return stop;
  }

  #hostFor(what: string): ActorHost {
    return this.#host ?? detached(this, what);
  }
}

/** @throws Error that says what a view needs that was made with `new` */
export function detached(actor: object, what: string): never {
  const name = nameOf(actor);
  throw new Error(
    `${name}.${what} needs a running view, but this one was made with new. Use app.live(path, ${name}), or live(${name}) in a test.`,
  );
}
