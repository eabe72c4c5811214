/** PubSub within one process. */
import type { PubSub } from "../runtime/services.ts";
import { currentLink, withLink } from "../view/message-chain.ts";

type Receive = (message: unknown) => void;

/**
 * Topics in memory. Messages are delivered after the publisher's turn, in the order of publishing, so a subscriber never
 * runs inside a publisher's handler.
 */
export class LocalPubSub implements PubSub {
  readonly #topics = new Map<string, Set<Receive>>();
  #pending: [topic: string, message: unknown, link: number][] = [];

  subscribe(topic: string, receive: Receive): () => void {
    const receivers = this.#topics.get(topic) ?? new Set();
    this.#topics.set(topic, receivers);
    // A function of its own, so that one receiver may subscribe twice.
    const own: Receive = (message) => receive(message);
    receivers.add(own);
    return () => {
      receivers.delete(own);
      if (receivers.size === 0 && this.#topics.get(topic) === receivers) this.#topics.delete(topic);
    };
  }

  publish(topic: string, message: unknown): void {
    if (this.#pending.push([topic, message, currentLink()]) === 1) queueMicrotask(() => this.#deliver());
  }

  #deliver(): void {
    const batch = this.#pending;
    this.#pending = [];
    for (const [topic, message, link] of batch) {
      // A copy: a receiver that subscribes while a message is delivered gets the next one.
      const receivers = [...(this.#topics.get(topic) ?? [])];
      withLink(link, () => {
        for (const receive of receivers) deliver(receive, message);
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
