/** The way of one PubSub to other nodes: subscriptions that are counted, a broker that may be lost, and bounds on what waits. */
import { randomBytes } from "node:crypto";
import type { Broker } from "./broker.ts";

/** Characters of texts that the broker may have pending, before it counts as lost. */
const MOST_UNSENT = 64 * 1024 * 1024;
/** Characters of texts that wait while it connects for the first time. */
const MOST_WAITING = 1024 * 1024;
/** Milliseconds that what was published has to leave, before the broker is closed. */
const FAREWELL = 2000;
/** Characters of a node's name, at the beginning of all that it publishes. */
const NAME_LENGTH = 16;

/** Told by the link. */
export interface LinkEvents {
  /** A message of another node. */
  receive(topic: string, text: string): void;
  lost(error: Error): void;
  reconnected(since: Date): void;
  /** The broker refuses a subscription or message. */
  refused(message: string, error: Error): void;
}

interface Channel {
  readonly topic: string;
  subscribers: number;
}

/**
 * `idle`: it is not needed. `connecting`: for the first time, and what is published waits. `up`: all is heard. `lost`: reported, and
 * what is published is dropped.
 */
type Phase = "idle" | "connecting" | "up" | "lost" | "closed";

export class BrokerLink {
  readonly #broker: Broker;
  readonly #namespace: string;
  readonly #events: LinkEvents;
  /** A text that begins with it is this node's own. */
  readonly #name = randomBytes((NAME_LENGTH / 4) * 3).toString("base64url");
  readonly #channels = new Map<string, Channel>();
  /** Subscriptions that are under way. */
  readonly #pending = new Set<Promise<void>>();
  #phase: Phase = "idle";
  #uses = 0;
  /** Counts the openings of the broker: what belongs to an older one is ignored. */
  #session = 0;
  #isConnected = false;
  /** Counts connections and losses: what belongs to an older one is ignored. */
  #epoch = 0;
  #lostAt = new Date(0);
  #unsent = 0;
  #isCongested = false;
  #waiting: (readonly [channel: string, text: string])[] = [];
  #waitingSize = 0;
  #closing: Promise<void> = Promise.resolve();
  #wakes: (() => void)[] = [];

  constructor(broker: Broker, namespace: string, events: LinkEvents) {
    this.#broker = broker;
    this.#namespace = namespace;
    this.#events = events;
  }

  /** The link is needed. @returns a function that says that it is not any more; the last one closes it */
  use(): () => void {
    this.#uses++;
    this.#open();
    return once(() => {
      if (--this.#uses === 0) this.#leave("idle");
    });
  }

  /** Hears a topic. @returns a function that ends it */
  join(topic: string): () => void {
    const name = this.#channelOf(topic);
    const channel = this.#channels.get(name) ?? { topic, subscribers: 0 };
    if (channel.subscribers++ === 0) {
      this.#channels.set(name, channel);
      if (this.#isConnected) this.#subscribe(name);
    }
    const stopUsing = this.use();
    return once(() => {
      if (--channel.subscribers === 0) {
        this.#channels.delete(name);
        if (this.#isConnected) promised(() => this.#broker.unsubscribe(name)).catch(ignore);
      }
      stopUsing();
    });
  }

  /** Publishes to the other nodes, if they can be reached. */
  send(topic: string, message: string): void {
    if (this.#phase === "closed") return;
    this.#open();
    const text = this.#name + message;
    const channel = this.#channelOf(topic);
    if (this.#isConnected) {
      if (!this.#isCongested) this.#publish(channel, text);
    } else if (this.#phase === "connecting" && this.#waitingSize + text.length <= MOST_WAITING) {
      this.#waitingSize += text.length;
      this.#waiting.push([channel, text]);
    }
  }

  /** @returns true when all that is subscribed hears other nodes, false if they cannot be heard now */
  async settled(): Promise<boolean> {
    while (this.#phase === "connecting") await this.#change();
    while (this.#pending.size > 0) await Promise.all(this.#pending);
    if (this.#phase === "idle" || this.#phase === "closed") await this.#closing;
    return this.#phase === "up";
  }

  async close(): Promise<void> {
    if (this.#phase === "connecting" && this.#waiting.length > 0)
      await this.#until(() => this.#phase !== "connecting");
    this.#leave("closed");
    await this.#closing;
  }

  #open(): void {
    if (this.#phase !== "idle") return;
    this.#phase = "connecting";
    const session = ++this.#session;
    const isCurrent = () => session === this.#session;
    void this.#closing.then(() => {
      if (!isCurrent()) return;
      const down = (error: Error) => void (isCurrent() && this.#down(error));
      promised(() =>
        this.#broker.open({
          message: (channel, text) => this.#receive(channel, text),
          up: () => void (isCurrent() && this.#up()),
          down,
        }),
      ).catch(down);
    });
  }

  async #up(): Promise<void> {
    this.#disconnected();
    const epoch = this.#epoch;
    this.#isConnected = true;
    const waiting = this.#waiting;
    this.#forgetWaiting();
    for (const [channel, text] of waiting) this.#publish(channel, text);
    for (const name of this.#channels.keys()) this.#subscribe(name);
    while (this.#pending.size > 0) await Promise.all(this.#pending);
    if (epoch === this.#epoch && !this.#isCongested) this.#found();
  }

  #down(error: Error): void {
    this.#disconnected();
    this.#forgetWaiting();
    this.#lose(error);
  }

  #lose(error: Error): void {
    if (this.#phase === "lost") return;
    this.#phase = "lost";
    this.#lostAt = new Date();
    this.#wake();
    this.#events.lost(error);
  }

  #found(): void {
    const wasLost = this.#phase === "lost";
    this.#phase = "up";
    this.#wake();
    if (wasLost) this.#events.reconnected(this.#lostAt);
  }

  #subscribe(name: string): void {
    const epoch = this.#epoch;
    const done = promised(() => this.#broker.subscribe(name)).then(ignore, (error) => {
      if (epoch === this.#epoch) this.#events.refused(`The broker refuses to subscribe to "${name}"`, error);
    });
    this.#pending.add(done);
    void done.then(() => this.#pending.delete(done));
  }

  #publish(channel: string, text: string): void {
    const size = text.length;
    if (this.#unsent + size > MOST_UNSENT) {
      this.#isCongested = true;
      const waiting = Math.round(this.#unsent / 1024 / 1024);
      return this.#lose(new Error(`The broker is slower than what is published: ${waiting} MB wait.`));
    }
    this.#unsent += size;
    const epoch = this.#epoch;
    const sent = () => epoch === this.#epoch && this.#sent(size);
    promised(() => this.#broker.publish(channel, text)).then(sent, (error) => {
      if (epoch === this.#epoch) this.#events.refused(`The broker refuses a message on "${channel}"`, error);
      sent();
    });
  }

  #sent(size: number): void {
    this.#unsent -= size;
    if (this.#unsent > 0) return;
    if (this.#isCongested) {
      this.#isCongested = false;
      this.#found();
    } else if (this.#wakes.length > 0) this.#wake();
  }

  #receive(channel: string, text: string): void {
    if (text.startsWith(this.#name)) return;
    const topic = this.#channels.get(channel)?.topic;
    if (topic !== undefined) this.#events.receive(topic, text.slice(NAME_LENGTH));
  }

  #leave(next: "idle" | "closed"): void {
    const isOpen = this.#phase !== "idle" && this.#phase !== "closed";
    if (this.#phase !== "closed") this.#phase = next;
    if (isOpen) {
      this.#session++;
      this.#forgetWaiting();
      this.#closing = this.#end();
    }
    this.#wake();
  }

  async #end(): Promise<void> {
    await this.#until(() => !this.#isConnected || this.#unsent === 0);
    this.#disconnected();
    await promised(() => this.#broker.close()).catch(ignore);
  }

  /** Ends all that the connection had under way. */
  #disconnected(): void {
    this.#epoch++;
    this.#isConnected = false;
    this.#isCongested = false;
    this.#unsent = 0;
    this.#pending.clear();
  }

  #forgetWaiting(): void {
    this.#waiting = [];
    this.#waitingSize = 0;
  }

  // A broker gets bytes of UTF-8, which have no halves of a character: these are written as JSON.
  #channelOf(topic: string): string {
    return HALF.test(topic) ? `${this.#namespace}!${JSON.stringify(topic)}` : `${this.#namespace}:${topic}`;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#wakes.push(resolve));
  }

  #wake(): void {
    const wakes = this.#wakes;
    this.#wakes = [];
    for (const wake of wakes) wake();
  }

  /** Waits for a condition, for a while. The timer keeps the process, whose sockets do not. */
  async #until(isDone: () => boolean): Promise<void> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#wake();
    }, FAREWELL);
    while (!isDone() && !isLate) await this.#change();
    clearTimeout(timer);
  }
}

const HALF = /\p{Surrogate}/u;

const ignore = () => {};

/** An error that an adapter throws at once is one like those that it tells later. */
async function promised(run: () => unknown): Promise<void> {
  await run();
}

function once(run: () => void): () => void {
  let hasRun = false;
  return () => {
    if (hasRun) return;
    hasRun = true;
    run();
  };
}
