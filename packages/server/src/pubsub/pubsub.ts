/** Messages between actors, as an interface: within one process, or over a broker. */

/**
 * Every subscriber of a topic gets its messages, the publisher included: in order per publisher, at most once, and after the
 * publisher's turn.
 */
export interface PubSub {
  /**
   * @param subscriber gets no message that this process publishes with it as `except`
   * @returns a function that ends the subscription
   */
  subscribe(topic: string, receive: (message: unknown) => void, subscriber?: object): () => void;
  /** @param except a subscriber of this process that does not get the message */
  publish(topic: string, message: unknown, except?: object): void;
}
