/** The part of PubSub that an adapter brings: a broker that carries texts between nodes. */

/** A broker tells of itself by these. */
export interface BrokerEvents {
  /** A text has come on a channel; those that this node published may come too. */
  message(channel: string, text: string): void;
  /** It is connected, with no subscriptions: they follow. */
  up(): void;
  /** It is not connected, or no more, and goes on trying by itself. May be told again and again. */
  down(error: Error): void;
}

/**
 * Carries texts between nodes, at most once and in order per publisher. All the rest is done by {@link createPubSub}: local delivery,
 * counting of subscribers, serialisation, own messages that come back, limits, reports.
 */
export interface Broker {
  /** Begins to connect, and goes on trying until {@link close}. It may be opened again after that. */
  open(events: BrokerEvents): void;
  /** Asked after {@link BrokerEvents.up}, once for each channel. @returns a promise of its being in effect */
  subscribe(channel: string): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  /** Asked while it is up. @returns a promise that settles when the broker has the text, or does not get it any more */
  publish(channel: string, text: string): Promise<unknown>;
  /** Closes all connections. Nothing is told after that. */
  close(): Promise<void>;
}
