/** Messages of an app outside of its views: what it subscribes to, presences too, and the way to other nodes, of which it reports. */
import { presentIn } from "../presence/actor-presences.ts";
import type { Presences } from "../presence/presences.ts";
import type { PubSub, PubSubEvents } from "../pubsub/pubsub.ts";
import type { Report } from "../runtime/services.ts";
import { checkFunction } from "../view/check-arguments.ts";
import { type AnyPresence, checkPresence, Presence, type Present } from "../view/presence.ts";
import { type Topic, topicName } from "../view/topic.ts";

/** Events of {@link OverwireApp.on} that concern other nodes. */
export interface AppEvents {
  /** Other nodes cannot be reached, or no more. Messages within this node go on. */
  "pubsub:lost": PubSubEvents["lost"];
  /** Other nodes are heard again. What was published there `since` then is lost: read again what may have changed. */
  "pubsub:reconnected": PubSubEvents["reconnected"];
}

const EVENTS = { "pubsub:lost": "lost", "pubsub:reconnected": "reconnected" } as const;

/** Tells an event of the app from a method of Hono's `on`. */
export const isAppEvent = (name: unknown): name is keyof AppEvents =>
  typeof name === "string" && Object.hasOwn(EVENTS, name);

/**
 * `on` of an app, beside Hono's: hears of the way to other nodes.
 * @returns a function that ends it
 * @example app.on("pubsub:reconnected", ({ since }) => cache.dropChangedSince(since));
 */
export type OnAppEvent = <Event extends keyof AppEvents>(
  event: Event,
  listener: AppEvents[Event],
) => () => void;

/** A subscription, or a listener, that ends while the app is closed. */
interface Entry {
  readonly start: () => () => void;
  stop: () => void;
}

export class AppMessages {
  readonly #pubsub: PubSub;
  readonly #presences: Presences;
  readonly #report: (report: Report) => void;
  readonly #entries = new Set<Entry>();
  #isClosed = false;

  constructor(pubsub: PubSub, presences: Presences, report: (report: Report) => void) {
    this.#pubsub = pubsub;
    this.#presences = presences;
    this.#report = report;
    this.#listen("lost", ({ error }) => {
      const message = `Other nodes cannot be reached: ${error.message}. Messages within this node go on.`;
      report({ kind: "warning", event: "pubsub", message, error });
    });
    this.#listen("reconnected", ({ since }) => {
      const message = `Other nodes are reached again. What they published since ${since.toISOString()} is lost.`;
      report({ kind: "warning", event: "pubsub", message });
    });
    this.#listen("warning", ({ message }) => report({ kind: "warning", event: "pubsub", message }));
  }

  subscribe(topic: Topic<never> | string | AnyPresence, handler: (message: never) => unknown): () => void {
    const write = "app.subscribe(topic, (message) => { … })";
    checkFunction(handler, "The handler of app.subscribe", write);
    const isPresence = topic instanceof Presence;
    const name = isPresence ? topic.name : topicName(topic);
    const event = `${isPresence ? "change of presence" : "message on"} "${name}"`;
    const run = this.#guarded(handler as (told: unknown) => unknown, event, "app.subscribe");
    return this.#keep(() =>
      isPresence
        ? this.#presences.watch(topic, (diff) => void (diff && run(diff)))
        : this.#pubsub.subscribe(name, run),
    );
  }

  present(presence: AnyPresence): Present<object> {
    return presentIn(this.#presences, checkPresence(presence, "present"));
  }

  on<Event extends keyof AppEvents>(event: Event, listener: AppEvents[Event]): () => void {
    checkFunction(listener, "The listener of app.on", `app.on("${event}", () => { … })`);
    return this.#listen(
      EVENTS[event],
      this.#guarded(listener as (told: unknown) => unknown, event, "app.on"),
    );
  }

  /** Goes on, if it was closed. */
  open(): void {
    if (!this.#isClosed) return;
    this.#isClosed = false;
    for (const entry of this.#entries) entry.stop = entry.start();
  }

  /** Hears nothing more until it is opened. Resolves when no connection is left that only this app needed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const entry of this.#entries) entry.stop();
    await this.#pubsub.settled?.();
  }

  #listen<Event extends keyof PubSubEvents>(event: Event, listener: PubSubEvents[Event]): () => void {
    return this.#keep(() => this.#pubsub.on?.(event, listener) ?? (() => {}));
  }

  #keep(start: () => () => void): () => void {
    const entry: Entry = { start, stop: start() };
    this.#entries.add(entry);
    return () => {
      this.#entries.delete(entry);
      entry.stop();
    };
  }

  #guarded(run: (told: unknown) => unknown, event: string, what: string): (told: unknown) => Promise<void> {
    return async (told) => {
      try {
        await run(told);
      } catch (error) {
        this.#report({ kind: "crash", event, message: `${what}'s handler threw`, error });
      }
    };
  }
}
