/** Messages of a channel to its client: pushes and broadcasts in order, and broadcasts of others as far as it lets them through. */
import { writePush } from "@overwire/client/wire";
import { isPromiseLike, promiseOf } from "../view/chain.ts";
import { Broadcast, type Broadcasts, type Listener } from "./broadcasts.ts";
import type { Intercept } from "./channel-host.ts";
import { checkMessage, encoding } from "./messages.ts";

/** The channel whose messages these are. */
export interface Sender {
  readonly topic: string;
  readonly joinRef: string | null;
  /** Nothing is handled any more. */
  readonly ended: boolean;
  /** A handler runs. */
  readonly busy: boolean;
  post(label: string, run: () => unknown): void;
  /** More waits for the join than may. */
  overflow(message: string): void;
}

/** The client, as far as it gets messages. */
export interface Receiver {
  send(message: string | Uint8Array): void;
  sendBroadcast(broadcast: Broadcast): void;
}

export class ChannelOutbox implements Listener {
  readonly #channel: Sender;
  readonly #client: Receiver;
  readonly #broadcasts: Broadcasts;
  /** Bytes of broadcasts that may wait for the join. */
  readonly #most: number;
  /** Messages that follow the answer to the join. */
  #early: (() => void)[] | undefined = [];
  #earlyBytes = 0;
  #isClosed = false;
  #intercepts: Map<string, Intercept> | undefined;
  /** Broadcasts that wait in the mailbox for their turn to be intercepted: later ones follow them. */
  #intercepting = 0;
  /** A broadcast of this channel's own is being delivered. */
  #isBroadcasting = false;

  constructor(channel: Sender, client: Receiver, broadcasts: Broadcasts, most: number) {
    this.#channel = channel;
    this.#client = client;
    this.#broadcasts = broadcasts;
    this.#most = most;
  }

  /** Broadcasts are heard. Before the join, so that none is lost between what it reads and its reply. */
  listen(): void {
    this.#broadcasts.add(this.#channel.topic, this);
  }

  /** Broadcasts are not heard any more, and what waits for the join is dropped. */
  deafen(): void {
    this.#broadcasts.delete(this.#channel.topic, this);
    this.#early = undefined;
  }

  /** Nothing is sent any more. */
  end(): void {
    this.#isClosed = true;
  }

  /** The join is answered: sends what has gathered. */
  open(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const send of early) if (!this.#channel.ended) send();
  }

  push(name: string, payload: unknown): void {
    checkMessage("push", name);
    if (this.#isClosed) return;
    const { joinRef, topic } = this.#channel;
    const message = encoding("push", name, () => writePush(joinRef, topic, name, payload));
    if (this.#early) this.#early.push(() => this.#client.send(message));
    else this.#client.send(message);
  }

  broadcast(name: string, payload: unknown, toAll: boolean): void {
    const broadcast = Broadcast.of(this.#channel.topic, name, payload);
    if (this.#early) this.#early.push(() => this.#broadcast(broadcast, toAll));
    else this.#broadcast(broadcast, toAll);
  }

  #broadcast(broadcast: Broadcast, toAll: boolean): void {
    if (this.#isClosed) return;
    const outer = this.#isBroadcasting;
    this.#isBroadcasting = true;
    try {
      this.#broadcasts.send(broadcast, toAll ? undefined : this);
    } finally {
      this.#isBroadcasting = outer;
    }
  }

  hear(broadcast: Broadcast): void {
    if (this.#early) return this.#keep(broadcast, this.#early);
    const intercept = this.#intercepts?.get(broadcast.event);
    if (!intercept && this.#intercepting === 0) return this.#client.sendBroadcast(broadcast);
    let run = () => (intercept ? intercept(broadcast.payload as never) : broadcast.payload);
    if (this.#isBroadcasting && this.#channel.busy && this.#intercepting === 0) {
      // In this channel's own turn: it keeps its place among what the handler pushes.
      const result = run();
      if (!isPromiseLike(result)) return this.#deliver(broadcast, result);
      run = () => result;
    }
    this.#intercepting++;
    this.#channel.post(`intercept ${broadcast.event}`, () => {
      const deliver = (result: unknown) => {
        this.#intercepting--;
        this.#deliver(broadcast, result);
      };
      const result = run();
      return isPromiseLike(result) ? promiseOf(result).then(deliver) : deliver(result);
    });
  }

  #deliver(broadcast: Broadcast, result: unknown): void {
    const { joinRef, ended } = this.#channel;
    if (result === undefined || ended) return;
    if (result === broadcast.payload) return this.#client.sendBroadcast(broadcast);
    const { topic, event } = broadcast;
    this.#client.send(encoding("intercept", event, () => writePush(joinRef, topic, event, result)));
  }

  #keep(broadcast: Broadcast, early: (() => void)[]): void {
    this.#earlyBytes += broadcast.message.length;
    if (this.#earlyBytes <= this.#most) early.push(() => this.hear(broadcast));
    else this.#channel.overflow(`more than ${this.#most} bytes of broadcasts wait for the join to end`);
  }

  intercept(name: string, run: Intercept): () => void {
    checkMessage("intercept", name);
    const intercepts = (this.#intercepts ??= new Map());
    if (intercepts.has(name)) throw new TypeError(`The channel intercepts ${JSON.stringify(name)} already.`);
    intercepts.set(name, run);
    return () => {
      if (intercepts.get(name) === run) intercepts.delete(name);
    };
  }
}
