/** Several nodes' PubSub in one process, over a network that a test can cut. */

import { LocalPubSub } from "../../server/src/pubsub/local.ts";
import { deserialize, serialize } from "../../server/src/pubsub/message-data.ts";
import type { PubSub } from "../../server/src/pubsub/pubsub.ts";

/** A message that went over the network. */
export interface SentMessage {
  readonly from: number;
  readonly topic: string;
  /** Serialised, as it would travel. */
  readonly text: string;
}

export class PubSubNetwork {
  /** All that was sent, arrived or not, since a test emptied it. */
  readonly sent: SentMessage[] = [];
  /** Loses messages that it gives true for. */
  lose: (message: SentMessage, to: number) => boolean = () => false;
  readonly #nodes: (LocalPubSub | undefined)[] = [];
  readonly #cut = new Set<number>();

  /** Adds a node. @returns its PubSub, and its number for {@link cut} */
  join(): { readonly pubsub: PubSub; readonly node: number } {
    const local = new LocalPubSub();
    const node = this.#nodes.push(local) - 1;
    const pubsub: PubSub = {
      subscribe: (topic, receive, subscriber) => local.subscribe(topic, receive, subscriber),
      publish: (topic, message, except) => {
        const name = typeof topic === "string" ? topic : topic.name;
        local.publish(name, message, except);
        this.#send({ from: node, topic: name, text: serialize(name, message) });
      },
    };
    return { pubsub, node };
  }

  /** The node neither sends nor hears. */
  cut(node: number): void {
    this.#cut.add(node);
  }

  heal(node: number): void {
    this.#cut.delete(node);
  }

  /** The node has died: it is cut for ever. */
  kill(node: number): void {
    this.#nodes[node] = undefined;
  }

  /** Characters that were sent since a test emptied {@link sent}. */
  get size(): number {
    return this.sent.reduce((sum, { text }) => sum + text.length, 0);
  }

  #send(message: SentMessage): void {
    const { from, topic, text } = message;
    if (!this.#nodes[from]) return;
    this.sent.push(message);
    if (this.#cut.has(from)) return;
    this.#nodes.forEach((local, to) => {
      if (to !== from && local && !this.#cut.has(to) && !this.lose(message, to))
        local.publish(topic, deserialize(text));
    });
  }
}
