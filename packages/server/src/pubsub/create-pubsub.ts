/** `createPubSub`: topics in this process, and over a broker on other nodes. */
import { isProduction } from "../template/mode.ts";
import { type Topic, topicName } from "../view/topic.ts";
import type { Broker } from "./broker.ts";
import { BrokerLink } from "./broker-link.ts";
import { LocalPubSub } from "./local.ts";
import { deserialize, NotDataError, serialize } from "./message-data.ts";
import type { PubSub, PubSubEvents } from "./pubsub.ts";

/** Topics of which is remembered that they have been warned of. */
const MOST_WARNED = 1000;

/** Options of {@link createPubSub}. */
export interface PubSubOptions {
  /** Carries messages to other nodes. Default: there are none. */
  readonly broker?: Broker | undefined;
  /** Sets the channels of this app apart from those of others on the same broker. Default `overwire`. */
  readonly namespace?: string | undefined;
}

/** PubSub whose parts are all there: what {@link createPubSub} makes. */
export type FullPubSub = Required<PubSub>;

/**
 * Makes a PubSub: within this process, or with a broker over all nodes. Hand it to `createApp`, and import it wherever something is
 * published that has no view or app at hand.
 * @throws TypeError if the namespace is empty or has a colon
 * @example
 * export const pubsub = createPubSub();
 * const app = createApp({ pubsub });
 * pubsub.publish(posts, post);
 */
export function createPubSub(options: PubSubOptions = {}): FullPubSub {
  return new TopicPubSub(options);
}

class TopicPubSub implements FullPubSub {
  readonly #local = new LocalPubSub();
  readonly #link: BrokerLink | undefined;
  readonly #listeners: { readonly [Event in keyof PubSubEvents]: Set<PubSubEvents[Event]> } = {
    lost: new Set(),
    reconnected: new Set(),
    warning: new Set(),
  };
  readonly #warned = new Set<string>();

  constructor({ broker, namespace = "overwire" }: PubSubOptions) {
    if (typeof namespace !== "string" || namespace === "" || namespace.includes(":"))
      throw new TypeError(
        `The namespace of a PubSub is a name without a colon, such as "shop", but got ${JSON.stringify(namespace)}.`,
      );
    if (broker)
      this.#link = new BrokerLink(broker, namespace, {
        receive: (topic, text) => this.#receive(topic, text),
        lost: (error) => this.#emit("lost", { error }),
        reconnected: (since) => this.#emit("reconnected", { since }),
        refused: (message, error) => this.#warn(`${message}: ${error.message}`, error),
      });
  }

  subscribe<T>(topic: Topic<T> | string, receive: (message: T) => void, subscriber?: object): () => void {
    const name = topicName(topic as Topic<never>);
    const stop = this.#local.subscribe(name, receive, subscriber);
    const leave = this.#link?.join(name);
    return () => {
      stop();
      leave?.();
    };
  }

  publish<T>(topic: Topic<T> | string, message: T, except?: object): void {
    const name = topicName(topic as Topic<never>);
    // Without other nodes only development asks if there could be some.
    const text = this.#link || !isProduction() ? this.#serialize(name, message) : undefined;
    this.#local.publish(name, message, except);
    if (text !== undefined) this.#link?.send(name, text);
  }

  on<Event extends keyof PubSubEvents>(event: Event, listener: PubSubEvents[Event]): () => void {
    const listeners: Set<PubSubEvents[Event]> = this.#listeners[event];
    // An object of its own, so that one function may listen twice.
    const own = ((told: never) => (listener as (told: never) => void)(told)) as PubSubEvents[Event];
    listeners.add(own);
    const leave = this.#link?.use();
    return () => {
      listeners.delete(own);
      leave?.();
    };
  }

  async settled(): Promise<boolean> {
    return this.#link ? this.#link.settled() : true;
  }

  async close(): Promise<void> {
    await this.#link?.close();
  }

  /** @returns undefined if the message is no data, which has been warned of */
  #serialize(topic: string, message: unknown): string | undefined {
    if (!this.#link && this.#warned.has(topic)) return undefined;
    try {
      return serialize(topic, message);
    } catch (error) {
      if (!(error instanceof NotDataError)) throw error;
      this.#warnOnce(topic, error.message, error);
      return undefined;
    }
  }

  #receive(topic: string, text: string): void {
    let message: unknown;
    try {
      message = deserialize(text);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#warnOnce(topic, `A message on "${topic}" came from the broker and cannot be read: ${reason}`);
      return;
    }
    this.#local.publish(topic, message);
  }

  #warnOnce(topic: string, message: string, error?: Error): void {
    if (this.#warned.has(topic)) return;
    if (this.#warned.size >= MOST_WARNED) this.#warned.clear();
    this.#warned.add(topic);
    this.#warn(message, error);
  }

  #warn(message: string, error?: Error): void {
    this.#emit("warning", { message, ...(error && { error }) });
  }

  #emit<Event extends keyof PubSubEvents>(event: Event, told: Parameters<PubSubEvents[Event]>[0]): void {
    const listeners = [...this.#listeners[event]] as ((told: unknown) => void)[];
    if (listeners.length === 0) console.warn(`[overwire] pubsub ${event}: ${lineOf(told)}`);
    for (const listener of listeners) {
      try {
        listener(told);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

/** A line for the console of a process without an app. */
const lineOf = (told: { error?: Error } | { message: string } | { since: Date }): string =>
  "since" in told
    ? `messages of other nodes since ${told.since.toISOString()} are lost`
    : "message" in told
      ? told.message
      : String(told.error?.message);
