/**
 * The rosters of all nodes on each of them. Every node owns its records and tells the others of their changes; what gets lost on
 * the way is asked for as soon as a beat tells that it is missing, and a node that is not heard counts as gone.
 */
import type { PubSub } from "../pubsub/pubsub.ts";
import type { Tell } from "./fetch.ts";
import {
  type AskMessage,
  type DeltaMessage,
  type NodeMessage,
  read,
  type SnapshotMessage,
  TOPIC,
  write,
} from "./messages.ts";
import type { ResolvedTimes } from "./options.ts";
import type { Change, PresenceRecord } from "./record.ts";

/** Characters of metas in one message, beyond which it is two. */
const MOST_CHARACTERS = 256 * 1024;
/** Changes that are kept for nodes that have missed them; who has missed more gets everything. */
const MOST_KEPT = 50;

/** A node, as the others see it. */
export interface ReplicaHost {
  /** Own records, by their ids. */
  readonly own: ReadonlyMap<string, PresenceRecord>;
  /** A record of another node has changed. */
  changed(before: PresenceRecord | undefined, after: PresenceRecord | undefined): void;
  /** Has {@link Replica.flush} called at the end of this turn of the event loop. */
  flushSoon(): void;
  readonly tell: Tell;
}

/** Another node. */
interface Remote {
  readonly node: string;
  /** All changes until here are known. */
  clock: number;
  records: Map<number, PresenceRecord>;
  /** Beats in which it was not heard. */
  silent: number;
  /** It was asked for something that has not come. */
  isAsked: boolean;
  /** Parts of a snapshot that have come. */
  parts: Map<number, SnapshotMessage> | undefined;
}

export class Replica {
  readonly #pubsub: PubSub;
  readonly #times: ResolvedTimes;
  readonly #host: ReplicaHost;
  readonly #mostSilent: number;
  readonly #remotes = new Map<string, Remote>();
  #node = "";
  #clock = 0;
  /** The last changes, as they were sent. */
  #kept: (readonly [delta: unknown[], size: number])[] = [];
  #keptSize = 0;
  /** The least clock of another node that asks; undefined if none does. */
  #asked: number | undefined;
  /** Beats since the last own change. */
  #quiet = 0;
  #beats: NodeJS.Timeout | undefined;
  #stops: readonly (() => void)[] | undefined;

  constructor(pubsub: PubSub, times: ResolvedTimes, host: ReplicaHost) {
    this.#pubsub = pubsub;
    this.#times = times;
    this.#host = host;
    this.#mostSilent = Math.floor(times.silence / times.heartbeat);
  }

  /** Listens from now on, under a name that no node had before. */
  start(node: string): void {
    if (this.#stops) return;
    this.#node = node;
    this.#stops = [
      this.#pubsub.subscribe(TOPIC, (message) => this.#receive(message), this),
      // Without it the next beats would do the same, a while later.
      this.#pubsub.on?.("reconnected", () => this.#reconnected()) ?? (() => {}),
    ];
    this.#publish(write.ask(node, "", 0));
  }

  /** Goes, with all own records. */
  stop(): void {
    if (!this.#stops) return;
    if (this.#clock) this.#publish(write.gone(this.#node));
    for (const stop of this.#stops) stop();
    this.#stops = undefined;
    clearInterval(this.#beats);
    this.#beats = this.#asked = undefined;
    this.#clock = this.#quiet = 0;
    this.#kept = [];
    this.#keptSize = 0;
    this.#remotes.clear();
  }

  /** Tells the others of own changes, and answers those who asked. */
  flush(changes: readonly Change[]): void {
    if (!this.#stops) return;
    for (const [part, size] of inParts(changes, ({ after }) => after)) {
      const joins = part.flatMap(({ after }) => after ?? []);
      const leaves = part.flatMap(({ before, after }) => (before && !after ? before.number : []));
      const delta = write.delta(this.#node, ++this.#clock, joins, leaves);
      this.#keep(delta, size);
      this.#publish(delta);
      this.#quiet = 0;
      this.#beat();
    }
    this.#answer();
  }

  #keep(delta: unknown[], size: number): void {
    const kept = this.#kept;
    kept.push([delta, size]);
    this.#keptSize += size;
    while (kept.length > MOST_KEPT || this.#keptSize > MOST_CHARACTERS)
      this.#keptSize -= kept.shift()?.[1] ?? 0;
  }

  #answer(): void {
    const asked = this.#asked;
    this.#asked = undefined;
    if (asked === undefined || asked >= this.#clock) return;
    const missed = this.#clock - asked;
    if (missed <= this.#kept.length) {
      for (const [delta] of this.#kept.slice(-missed)) this.#publish(delta);
      return;
    }
    const parts = inParts([...this.#host.own.values()], (record) => record);
    if (parts.length === 0) parts.push([[], 0]);
    parts.forEach(([records], index) => {
      this.#publish(write.snapshot(this.#node, this.#clock, [index, parts.length], records));
    });
  }

  #publish(message: unknown[]): void {
    try {
      this.#pubsub.publish(TOPIC, message, this);
    } catch (error) {
      const text = "other nodes could not be told of a change of presence";
      this.#host.tell({ kind: "warning", event: "presence", message: text, error });
    }
  }

  #reconnected(): void {
    this.#publish(write.ask(this.#node, "", 0));
    if (this.#clock) this.#publish(write.beat(this.#node, this.#clock));
  }

  // Time.

  /** There is something to beat for, or to listen for. */
  #beat(): void {
    this.#beats ??= setInterval(() => this.#tick(), this.#times.heartbeat);
    // Presence alone is no reason for a process to go on. Fake clocks of test runners may return a number.
    (this.#beats as Partial<NodeJS.Timeout>).unref?.();
  }

  #tick(): void {
    // A node that has nothing any more beats on until all have heard of that, or have not heard it for long enough to forget it.
    const isBeating = this.#host.own.size > 0 || (this.#clock > 0 && ++this.#quiet <= this.#mostSilent);
    if (isBeating) this.#publish(write.beat(this.#node, this.#clock));
    // Beats are counted and not milliseconds: when this process stood still it could not hear the others.
    for (const remote of this.#remotes.values()) {
      remote.isAsked = false;
      if (++remote.silent >= this.#mostSilent) this.#forget(remote);
    }
    if (isBeating || this.#remotes.size) return;
    clearInterval(this.#beats);
    this.#beats = undefined;
  }

  // Messages of other nodes.

  #receive(text: unknown): void {
    const message = read(text);
    if (!message) {
      const ignored = "a message on presence was ignored, as it is none that this version reads";
      return this.#host.tell({ kind: "refused", event: "presence", message: ignored });
    }
    if (message.node !== this.#node && this.#stops) this.#take(message);
  }

  #take(message: NodeMessage): void {
    const known = this.#remotes.get(message.node);
    if (known) known.silent = 0;
    switch (message.kind) {
      case "a":
        return this.#takeAsk(message);
      case "g":
        return known && this.#forget(known);
      case "b":
        if (message.clock > (known?.clock ?? 0)) this.#ask(known ?? this.#meet(message.node));
        return;
      case "d":
        return this.#takeDelta(known ?? this.#meet(message.node), message);
      case "s":
        return this.#takeSnapshot(known ?? this.#meet(message.node), message);
    }
  }

  #meet(node: string): Remote {
    const remote: Remote = {
      node,
      clock: 0,
      records: new Map(),
      silent: 0,
      isAsked: false,
      parts: undefined,
    };
    this.#remotes.set(node, remote);
    this.#beat();
    return remote;
  }

  #takeAsk({ asked, clock }: AskMessage): void {
    const isForAll = asked === "";
    if (isForAll ? !this.#host.own.size : asked !== this.#node) return;
    this.#asked = Math.min(this.#asked ?? clock, clock);
    this.#host.flushSoon();
  }

  #takeDelta(remote: Remote, { clock, joins, leaves }: DeltaMessage): void {
    if (clock <= remote.clock) return;
    if (clock > remote.clock + 1) return this.#ask(remote);
    for (const number of leaves) this.#change(remote, number, undefined);
    for (const record of joins) this.#change(remote, record.number, record);
    this.#isUpTo(remote, clock);
  }

  #takeSnapshot(remote: Remote, snapshot: SnapshotMessage): void {
    const { clock, part, parts } = snapshot;
    if (clock <= remote.clock) return;
    const [other] = remote.parts?.values() ?? [];
    if (!remote.parts || other?.clock !== clock || other.parts !== parts) remote.parts = new Map();
    remote.parts.set(part, snapshot);
    if (remote.parts.size < parts) return;
    const gone = new Set(remote.records.keys());
    for (const { joins } of remote.parts.values())
      for (const record of joins) {
        gone.delete(record.number);
        if (remote.records.get(record.number)?.revision !== record.revision)
          this.#change(remote, record.number, record);
      }
    for (const number of gone) this.#change(remote, number, undefined);
    this.#isUpTo(remote, clock);
  }

  #isUpTo(remote: Remote, clock: number): void {
    remote.clock = clock;
    remote.isAsked = false;
    remote.parts = undefined;
  }

  #change(remote: Remote, number: number, after: PresenceRecord | undefined): void {
    const before = remote.records.get(number);
    if (after) remote.records.set(number, after);
    else remote.records.delete(number);
    // An honest node changes neither name nor key of a record.
    if (before && after && before.name !== after.name) this.#host.changed(before, undefined);
    if (before || after)
      this.#host.changed(before?.name === after?.name || !after ? before : undefined, after);
  }

  /** Asks a node for what was missed, once until it comes or the next beat does. */
  #ask(remote: Remote): void {
    if (remote.isAsked) return;
    remote.isAsked = true;
    this.#publish(write.ask(this.#node, remote.node, remote.clock));
  }

  #forget(remote: Remote): void {
    this.#remotes.delete(remote.node);
    for (const record of remote.records.values()) this.#host.changed(record, undefined);
  }
}

/** Items with their size in characters, for several messages, so that none is too large; no parts of no items. */
function inParts<T>(
  items: readonly T[],
  recordOf: (item: T) => PresenceRecord | undefined,
): [items: T[], size: number][] {
  const parts: [T[], number][] = [];
  let last: [T[], number] | undefined;
  for (const item of items) {
    const record = recordOf(item);
    const size = record ? record.size + record.key.length + record.name.length + 50 : 10;
    if (!last || last[1] + size > MOST_CHARACTERS) {
      last = [[], 0];
      parts.push(last);
    }
    last[0].push(item);
    last[1] += size;
  }
  return parts;
}
