/** Messages between actors, as an interface: within one process, or over a broker to other nodes. */
import type { Topic } from "../view/topic.ts";

/** Listeners of {@link PubSub.on}, by the event that they hear. */
export interface PubSubEvents {
  /** Other nodes cannot be reached, or no more; local messages go on. Once for each loss. */
  lost: (loss: { readonly error: Error }) => void;
  /** Other nodes are heard again, with all subscriptions. What was published elsewhere `since` then is lost. */
  reconnected: (gap: { readonly since: Date }) => void;
  /** A likely mistake: a message that is not data, or one on the broker that cannot be read. */
  warning: (warning: { readonly message: string; readonly error?: Error }) => void;
}

/**
 * Every subscriber of a topic gets its messages, the publisher included: in order per publisher, at most once, and after the
 * publisher's turn. Made by {@link createPubSub}, or by `redisPubSub` of `@overwire/server/redis`.
 */
export interface PubSub {
  /**
   * @param subscriber gets no message that this process publishes with it as `except`
   * @returns a function that ends the subscription
   */
  subscribe<T>(
    topic: Topic<T> | string,
    receive: (message: T) => void,
    subscriber?: object | undefined,
  ): () => void;
  /**
   * @param except a subscriber of this process that does not get the message
   * @throws MessageTooLargeError if it has more than 10 MB
   */
  publish<T>(topic: Topic<T> | string, message: T, except?: object | undefined): void;
  /**
   * Hears of the way to other nodes. Without other nodes there is nothing to hear.
   * @returns a function that ends it
   */
  on?<Event extends keyof PubSubEvents>(event: Event, listener: PubSubEvents[Event]): () => void;
  /**
   * Resolves when nothing is under way: what was subscribed hears other nodes, what has ended is closed.
   * @returns true if other nodes are heard; false at once if they cannot be reached
   */
  settled?(): Promise<boolean>;
  /** Sends what was published, and leaves the other nodes for good. Local messages go on. */
  close?(): Promise<void>;
}
