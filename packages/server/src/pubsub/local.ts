/** PubSub within one process. */

import { currentLink, withLink } from "../view/message-chain.ts";
import { type Topic, topicName } from "../view/topic.ts";
import type { PubSub } from "./pubsub.ts";

type Receive = (message: unknown) => void;

/** An object of its own, so that one receiver may subscribe twice. */
interface Subscription {
  readonly receive: Receive;
  readonly subscriber: object | undefined;
}

/**
 * Topics in memory. Messages are delivered after the publisher's turn, in the order of publishing, so a subscriber never
 * runs inside a publisher's handler.
 */
export class LocalPubSub implements PubSub {
  readonly #topics = new Map<string, Set<Subscription>>();
  #pending: [topic: string, message: unknown, except: object | undefined, link: number][] = [];

  subscribe<T>(topic: Topic<T> | string, receive: (message: T) => void, subscriber?: object): () => void {
    const name = topicName(topic as Topic<never>);
    const receivers = this.#topics.get(name) ?? new Set();
    this.#topics.set(name, receivers);
    const own: Subscription = { receive: receive as Receive, subscriber };
    receivers.add(own);
    return () => {
      receivers.delete(own);
      if (receivers.size === 0 && this.#topics.get(name) === receivers) this.#topics.delete(name);
    };
  }

  publish<T>(topic: Topic<T> | string, message: T, except?: object): void {
    const name = topicName(topic as Topic<never>);
    if (this.#pending.push([name, message, except, currentLink()]) === 1)
      queueMicrotask(() => this.#deliver());
  }

  #deliver(): void {
    const batch = this.#pending;
    this.#pending = [];
    for (const [topic, message, except, link] of batch) {
      // A copy: a receiver that subscribes while a message is delivered gets the next one.
      const receivers = [...(this.#topics.get(topic) ?? [])];
      withLink(link, () => {
        for (const { receive, subscriber } of receivers)
          if (!except || subscriber !== except) deliver(receive, message);
      });
    }
  }
}

/** An error of one receiver is thrown in a task of its own, so that the others get the message. */
function deliver(receive: Receive, message: unknown): void {
  try {
    receive(message);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
