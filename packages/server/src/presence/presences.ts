/** All presences of one node: its own arrivals, those of the other nodes, and everyone who watches. */
import { randomBytes } from "node:crypto";
import type { PubSub } from "../pubsub/pubsub.ts";
import { currentLink, withLink } from "../view/message-chain.ts";
import type { AnyPresence } from "../view/presence.ts";
import type { Tell } from "./fetch.ts";
import { checkSize, type MetaCopy } from "./meta-copy.ts";
import { type PresenceTimes, type ResolvedTimes, resolveTimes } from "./options.ts";
import { Changes, createRecord, type PresenceRecord } from "./record.ts";
import { Replica } from "./replica.ts";
import { Roster, type Watcher } from "./roster.ts";

// Tests may replace the global one, and then nothing would go on.
const nextTurn = setImmediate;

export class Presences {
  readonly times: ResolvedTimes;
  readonly #tell: Tell;
  readonly #replica: Replica | undefined;
  readonly #rosters = new Map<string, Roster>();
  /** Own records by their ids. */
  readonly #own = new Map<string, PresenceRecord>();
  /** Own records that the other nodes have not been told of. */
  readonly #untold = new Changes();
  /** With something to tell. */
  readonly #changed = new Set<Roster>();
  /** A node that restarts is another node. */
  #node = newNode();
  #lastNumber = 0;
  #lastTime = 0;
  #flushes = false;
  /** Number in a chain of messages that the changes cause. */
  #link = 0;

  /** @param pubsub to the other nodes; undefined if there are none */
  constructor(pubsub: PubSub | undefined, times: PresenceTimes | undefined, tell: Tell) {
    this.times = resolveTimes(times);
    this.#tell = tell;
    if (!pubsub) return;
    this.#replica = new Replica(pubsub, this.times, {
      own: this.#own,
      changed: (before, after) => this.#show(before, after),
      flushSoon: () => this.#flushSoon(),
      tell,
    });
  }

  /** Hears the other nodes from now on: not before the app uses a presence. */
  listen(): void {
    this.#replica?.start(this.#node);
  }

  // For actors of this node.

  /** An own record that is not there yet. @throws RangeError if it is too large */
  prepare(name: string, key: string, meta: MetaCopy): PresenceRecord {
    checkSize(name, key, meta);
    const { data, size } = meta;
    const facts = { node: this.#node, number: ++this.#lastNumber, at: 0, revision: 0, previous: undefined };
    return createRecord({ ...facts, name, key, data, size });
  }

  /** @returns the record that is there now */
  enter(presence: AnyPresence, prepared: PresenceRecord): PresenceRecord {
    this.#lastTime = Math.max(this.#lastTime, Date.now());
    const isOfThisNode = prepared.node === this.#node;
    const { name, key } = prepared;
    const own = isOfThisNode ? prepared : this.prepare(name, key, prepared);
    const record = createRecord({ ...own, at: this.#lastTime });
    this.#lookAt(presence);
    this.#change(undefined, record);
    return record;
  }

  /** @returns the record in its place, which is there if it was. @throws RangeError if it is too large */
  update(record: PresenceRecord, meta: MetaCopy): PresenceRecord {
    checkSize(record.name, record.key, meta);
    const { data, size } = meta;
    const updated = { ...record, data, size };
    if (this.#own.get(record.id) !== record) return createRecord(updated);
    const previous = this.#untold.told(record)?.revision;
    const next = createRecord({ ...updated, revision: record.revision + 1, previous });
    this.#change(record, next);
    return next;
  }

  leave(record: PresenceRecord): void {
    if (this.#own.get(record.id) === record) this.#change(record, undefined);
  }

  /** @returns undefined as long as the presence is empty, and not watched */
  find(presence: AnyPresence): Roster | undefined {
    this.listen();
    return this.#rosters.has(presence.name) ? this.#lookAt(presence) : undefined;
  }

  /** @returns a function that ends it */
  watch(presence: AnyPresence, watcher: Watcher): () => void {
    const roster = this.#lookAt(presence);
    const stop = roster.watch(watcher);
    return () => {
      stop();
      this.#release(roster);
    };
  }

  /** Takes away all that is there of this node, before it goes. The app itself can go on, as another node. */
  close(): void {
    for (const record of this.#own.values()) this.#change(record, undefined);
    // The others need not hear of each: they go with the node.
    this.#untold.take();
    this.#flush();
    this.#replica?.stop();
    // Others are not gone because this node does not hear them any more, so that no watcher is told.
    this.#rosters.clear();
    this.#node = newNode();
  }

  #change(before: PresenceRecord | undefined, after: PresenceRecord | undefined): void {
    if (after) this.#own.set(after.id, after);
    else if (before) this.#own.delete(before.id);
    this.#untold.add(before, after);
    this.#show(before, after);
  }

  #show(before: PresenceRecord | undefined, after: PresenceRecord | undefined): void {
    const roster = this.#rosterOf(((before ?? after) as PresenceRecord).name);
    roster.change(before, after);
    this.#flushSoon(roster);
  }

  #lookAt(presence: AnyPresence): Roster {
    this.listen();
    const roster = this.#rosterOf(presence.name);
    if (roster.use(presence)) this.#flushSoon(roster);
    return roster;
  }

  #rosterOf(name: string): Roster {
    const roster = this.#rosters.get(name) ?? new Roster(name, this.#tell);
    this.#rosters.set(name, roster);
    return roster;
  }

  /** Rosters of rooms that are empty would be kept for ever. */
  #release(roster: Roster): void {
    if (roster.fetching) void roster.fetching.then(() => this.#release(roster));
    else if (roster.unused && this.#rosters.get(roster.name) === roster) this.#rosters.delete(roster.name);
  }

  /** Changes of one turn of the event loop are told together. */
  #flushSoon(roster?: Roster): void {
    if (roster) this.#changed.add(roster);
    this.#link = Math.max(this.#link, currentLink());
    if (this.#flushes) return;
    this.#flushes = true;
    nextTurn(() => this.#flush());
  }

  #flush(): void {
    this.#flushes = false;
    const untold = this.#untold.take();
    this.#replica?.flush(untold);
    const changed = [...this.#changed];
    this.#changed.clear();
    const link = this.#link;
    this.#link = 0;
    withLink(link, () => {
      for (const roster of changed) roster.flush();
    });
    for (const roster of changed) this.#release(roster);
  }
}

const newNode = () => randomBytes(9).toString("base64url");
