/** Redis as a broker: one session after the other, each with connections of its own, so that nothing of a lost one goes on. */
import type { Broker, BrokerEvents } from "./broker.ts";

/** Milliseconds between two questions if a connection still lives. Two without an answer are a loss. */
const HEARTBEAT = 5000;
const SHORTEST_DELAY = 50;
const LONGEST_DELAY = 3000;

/** Connections that live and are lost together. */
export interface RedisSession {
  connect(): Promise<void>;
  subscribe(channel: string): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  publish(channel: string, text: string): Promise<unknown>;
  ping(): Promise<unknown>;
  destroy(): void;
}

/** Told by a session. */
export interface SessionEvents {
  message(channel: string, text: string): void;
  failed(error: Error): void;
}

export class RedisBroker implements Broker {
  readonly #makeSession: (events: SessionEvents) => RedisSession;
  #events: BrokerEvents | undefined;
  #session: RedisSession | undefined;
  #attempts = 0;
  /** Until the next attempt, or the next heartbeat. */
  #timer: NodeJS.Timeout | undefined;

  constructor(makeSession: (events: SessionEvents) => RedisSession) {
    this.#makeSession = makeSession;
  }

  open(events: BrokerEvents): void {
    this.#events = events;
    this.#attempts = 0;
    this.#start();
  }

  subscribe(channel: string): Promise<unknown> {
    return this.#session?.subscribe(channel) ?? notConnected();
  }

  unsubscribe(channel: string): Promise<unknown> {
    return this.#session?.unsubscribe(channel) ?? notConnected();
  }

  publish(channel: string, text: string): Promise<unknown> {
    return this.#session?.publish(channel, text) ?? notConnected();
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    const session = this.#session;
    this.#session = undefined;
    this.#events = undefined;
    session?.destroy();
  }

  #start(): void {
    const events = this.#events;
    const session: RedisSession = this.#makeSession({
      message: (channel, text) => events?.message(channel, text),
      failed: (error) => this.#fail(session, error),
    });
    this.#session = session;
    session.connect().then(
      () => {
        if (session !== this.#session) return;
        this.#attempts = 0;
        this.#beat(session);
        events?.up();
      },
      (error) => this.#fail(session, error),
    );
  }

  #fail(session: RedisSession, error: Error): void {
    if (session !== this.#session) return;
    this.#session = undefined;
    clearTimeout(this.#timer);
    this.#events?.down(error);
    session.destroy();
    const most = Math.min(LONGEST_DELAY, SHORTEST_DELAY * 2 ** this.#attempts++);
    // Nodes that have lost the same Redis do not come back all at once.
    this.#timer = setTimeout(() => this.#start(), most / 2 + (Math.random() * most) / 2).unref();
  }

  #beat(session: RedisSession): void {
    let hasAnswered = false;
    session.ping().then(
      () => {
        hasAnswered = true;
      },
      (error) => this.#fail(session, error),
    );
    this.#timer = setTimeout(() => {
      if (hasAnswered) this.#beat(session);
      else this.#fail(session, new Error(`Redis gave no answer in ${HEARTBEAT} ms.`));
    }, HEARTBEAT).unref();
  }
}

const notConnected = () => Promise.reject(new Error("Redis is not connected."));
