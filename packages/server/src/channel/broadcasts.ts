/** Broadcasts to the channels of a topic: on this node at once, each encoded once; on the others by PubSub. */
import { writeBroadcast } from "@overwire/client/wire";
import type { PubSub } from "../pubsub/pubsub.ts";
import type { Report } from "../runtime/services.ts";
import { nameValue } from "../template/wrong-list.ts";
import { checkMessage, encoding } from "./messages.ts";

/** Precedes the names of topics on PubSub, so that no topic of the app's is taken for a channel's. */
const PREFIX = "overwire:channel:";

const encoder = new TextEncoder();

/** A message to all clients of a topic. */
export class Broadcast {
  readonly topic: string;
  readonly event: string;
  /** JSON of the payload, or its bytes: so it travels to other nodes. */
  readonly data: string | Uint8Array;
  /** Message to clients that do not intercept it. */
  readonly message: string | Uint8Array;
  #bytes: Uint8Array | undefined;
  #payload: unknown;

  /** @throws RangeError for a name that is too long */
  constructor(topic: string, event: string, data: string | Uint8Array) {
    this.topic = topic;
    this.event = event;
    this.data = data;
    this.message =
      typeof data === "string"
        ? `${writeBroadcast(topic, event, 0).slice(0, -2)}${data}]`
        : writeBroadcast(topic, event, data);
  }

  /**
   * Encodes a payload.
   * @throws TypeError for a payload that has no JSON, and a topic or name that is none, RangeError for one that is too long
   */
  static of(topic: string, event: string, payload: unknown): Broadcast {
    if (typeof topic !== "string" || topic === "")
      throw new TypeError(
        `The topic of a broadcast is ${nameValue(topic)}. Write app.broadcast("room:1", "message", { … }).`,
      );
    checkMessage("broadcast", event);
    const data =
      payload instanceof Uint8Array
        ? payload
        : encoding("broadcast", event, () => JSON.stringify(payload ?? {}) ?? "{}");
    return new Broadcast(topic, event, data);
  }

  /**
   * Reads what another node has sent: it may be broken, or of another version.
   * @throws Error if clients, or those who intercept it, could not read it
   */
  static read(topic: string, message: unknown): Broadcast {
    const [event, data] = Array.isArray(message) ? (message as readonly unknown[]) : [];
    checkMessage("broadcast", event);
    if (typeof data === "string") JSON.parse(data);
    else if (!(data instanceof Uint8Array)) throw new TypeError("Its payload is neither JSON nor bytes.");
    return new Broadcast(topic, event, data);
  }

  /** The message in UTF-8, made once for all clients. */
  get bytes(): Uint8Array {
    const { message } = this;
    return typeof message === "string" ? (this.#bytes ??= encoder.encode(message)) : message;
  }

  /** Payload for those who intercept it: as another node would get it, and frozen, since all of them have the same. */
  get payload(): unknown {
    if (typeof this.data !== "string") return this.data;
    return (this.#payload ??= frozen(JSON.parse(this.data)));
  }
}

function frozen(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  for (const each of Object.values(value)) frozen(each);
  return Object.freeze(value);
}

/** One who hears the broadcasts of a topic. */
export interface Listener {
  hear(broadcast: Broadcast): void;
}

interface Audience {
  readonly listeners: Set<Listener>;
  readonly stop: () => void;
}

export class Broadcasts {
  readonly #pubsub: PubSub;
  readonly #report: (report: Report) => void;
  readonly #topics = new Map<string, Audience>();

  constructor(pubsub: PubSub, report: (report: Report) => void) {
    this.#pubsub = pubsub;
    this.#report = report;
  }

  add(topic: string, listener: Listener): void {
    let audience = this.#topics.get(topic);
    if (!audience) {
      const receive = (message: unknown) => this.#receive(topic, message);
      audience = { listeners: new Set(), stop: this.#pubsub.subscribe(PREFIX + topic, receive, this) };
      this.#topics.set(topic, audience);
    }
    audience.listeners.add(listener);
  }

  delete(topic: string, listener: Listener): void {
    const audience = this.#topics.get(topic);
    if (!audience?.listeners.delete(listener) || audience.listeners.size > 0) return;
    this.#topics.delete(topic);
    audience.stop();
  }

  /** @param except does not hear it */
  send(broadcast: Broadcast, except?: Listener): void {
    this.#deliver(broadcast, except);
    // This node has heard it: at once, so that it keeps its place among what the sender pushes.
    this.#pubsub.publish(PREFIX + broadcast.topic, [broadcast.event, broadcast.data], this);
  }

  #receive(topic: string, message: unknown): void {
    let broadcast: Broadcast;
    try {
      broadcast = Broadcast.read(topic, message);
    } catch (error) {
      const ignored = `a broadcast of another node on ${JSON.stringify(topic)} was ignored, as it is none that this version reads`;
      return this.#report({ kind: "refused", event: "broadcast", message: ignored, error });
    }
    this.#deliver(broadcast, undefined);
  }

  #deliver(broadcast: Broadcast, except: Listener | undefined): void {
    const listeners = this.#topics.get(broadcast.topic)?.listeners;
    if (!listeners) return;
    for (const listener of listeners) if (listener !== except) listener.hear(broadcast);
  }
}
