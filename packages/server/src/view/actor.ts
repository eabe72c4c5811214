/** Base of all that has a mailbox: messages, subscriptions and time, which end with it. */
import { checkFunction, checkTimer } from "./check-arguments.ts";
import {
  type AnyPresence,
  checkPresence,
  Presence,
  type PresenceDiff,
  type PresenceHost,
  type PresenceKey,
  type Present,
  presenceKey,
  type Tracked,
} from "./presence.ts";
import { type Topic, topicName } from "./topic.ts";

/** Says how a class is run, for errors of objects that were made with `new`. */
export const howToRun = Symbol("howToRun");

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
  /** The app's presences, as this actor takes part in them. */
  readonly presences: PresenceHost;
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
  /** @internal */
  static [howToRun](name: string): string {
    return `a running view, but this one was made with new. Use app.live(path, ${name}), or live(${name}) in a test.`;
  }

  readonly #host: ActorHost | undefined = entering;

  /** Gets the changes of a presence, of all nodes and in order, this view's own among them. */
  subscribe<Meta extends object, Extra extends object>(
    presence: Presence<Meta, Extra>,
    handler?: (diff: PresenceDiff<Meta, Extra>) => unknown,
  ): () => void;
  /**
   * Gets messages on a topic, as long as the view lives.
   * @param handler runs in the view's turn; without one messages go to the view's `handleInfo`
   * @returns a function that ends the subscription sooner
   */
  subscribe<T>(topic: Topic<T> | string, handler?: (message: T) => unknown): () => void;
  subscribe(topic: Topic<never> | string | AnyPresence, handler?: (message: never) => unknown): () => void {
    const host = this.#hostFor("subscribe");
    if (handler !== undefined)
      checkFunction(handler, "The handler of this.subscribe", "this.subscribe(topic, (message) => { … })");
    const isPresence = topic instanceof Presence;
    const name = isPresence ? topic.name : topicName(topic);
    const label = `${isPresence ? "change of presence" : "message on"} "${name}"`;
    const own = (this as { handleInfo?(message: unknown): unknown }).handleInfo;
    const run =
      (handler as ((message: unknown) => unknown) | undefined) ??
      ((message) => host.dispatchInfo(message, () => own?.call(this, message)));
    const receive = (message: unknown) => host.post(label, () => run(message));
    if (isPresence) return host.presences.watch(topic, (diff) => diff && receive(diff));
    return host.onDispose(host.subscribe(name, receive, this));
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
   * Says that someone is there: from now on, or from the time at which a client joins, until the view ends. A connection that
   * is lost counts as there for `createApp({ presence: { graceTime } })`.
   * @param key names who it is: several arrivals under one key are several metas of one entry
   * @param meta tells more of this arrival; data, as messages are
   * @throws Error if this view tracks the key already
   * @example
   * me = this.track(lobby, this.session.userId, { name: "Ada", status: "online" });
   * away = this.event(() => this.me.update((meta) => ({ ...meta, status: "away" })));
   */
  track<Meta extends object>(
    presence: Presence<Meta, object>,
    key: PresenceKey,
    meta: NoInfer<Meta>,
  ): Tracked<Meta> {
    const host = this.#hostFor("track");
    const known = checkPresence(presence, "track");
    // The runner keeps metas of all types.
    return host.presences.track(known, presenceKey(key), meta, nameOf(this)) as unknown as Tracked<Meta>;
  }

  /**
   * Everyone who is there, on all nodes. Kept in a field it is live: the view is rendered again when someone comes, goes, or is
   * updated.
   * @example
   * members = this.present(lobby);
   * // html`${each(this.members.list(), ({ key }) => key, ({ metas }) => html`<li>${metas[0]?.name}</li>`)}`
   */
  present<Meta extends object, Extra extends object>(presence: Presence<Meta, Extra>): Present<Meta, Extra> {
    const host = this.#hostFor("present");
    const { presences } = host;
    const known = checkPresence(presence, "present");
    let isWaiting = false;
    const render = () => {
      isWaiting = false;
    };
    presences.watch(known, () => {
      // Changes that come while the view is busy are shown by one rendering.
      if (isWaiting) return;
      isWaiting = true;
      host.post(`change of presence "${known.name}"`, render);
    });
    return presences.present(known) as Present<object> as Present<Meta, Extra>;
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

/** @throws Error that says what an actor needs that was made with `new` */
export function detached(actor: Actor, what: string): never {
  const name = nameOf(actor);
  const { [howToRun]: advice } = actor.constructor as typeof Actor;
  throw new Error(`${name}.${what} needs ${advice(name)}`);
}
