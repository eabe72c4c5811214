/** Everyone who is there in one presence, and those who watch it. */
import type { AnyDiff, AnyPresence, PresenceEntry } from "../view/presence.ts";
import { callFetch, type Extras, type Fetch, type Tell } from "./fetch.ts";
import { arrivalPosition, type Change, Changes, compareArrival, type PresenceRecord } from "./record.ts";

type Entry = PresenceEntry<object>;
export type Watcher = (diff: AnyDiff | undefined) => void;

/** All that is there under one key. */
interface Slot {
  readonly key: string;
  /** Sorted by arrival; never empty while it stands in the roster. */
  readonly records: PresenceRecord[];
  extra: object | undefined;
  /** Made when it is first asked for. */
  entry: Entry | undefined;
}

const first = (slot: Slot) => slot.records[0] as PresenceRecord;
const none: readonly Entry[] = Object.freeze([]);

export class Roster {
  readonly name: string;
  readonly #tell: Tell;
  readonly #slots = new Map<string, Slot>();
  /** Sorted by arrival of their first records. */
  readonly #order: Slot[] = [];
  readonly #watchers = new Set<Watcher>();
  readonly #changes = new Changes();
  #list: readonly Entry[] | undefined = none;
  #fetch: Fetch | undefined;
  /** Keys that were there before {@link #fetch}. */
  #unfetched = false;
  /** Undefined if no fetch is under way. */
  #fetching: Promise<void> | undefined;

  constructor(name: string, tell: Tell) {
    this.name = name;
    this.#tell = tell;
  }

  /** Nothing would be lost with it. */
  get unused(): boolean {
    return !this.#slots.size && !this.#watchers.size && !this.#changes.size;
  }

  get size(): number {
    return this.#order.length;
  }

  /** Resolves when what has been fetched is shown; undefined if nothing is under way. */
  get fetching(): Promise<void> | undefined {
    return this.#fetching;
  }

  list(): readonly Entry[] {
    return (this.#list ??= Object.freeze(this.#order.map(entryOf)));
  }

  get(key: string): Entry | undefined {
    const slot = this.#slots.get(key);
    return slot && entryOf(slot);
  }

  /**
   * The first presence of the name that can fetch decides how.
   * @returns true if there is something to fetch
   */
  use({ fetch }: AnyPresence): boolean {
    if (!fetch || this.#fetch) return false;
    // All that is known so far has been shown as it is.
    this.flush();
    this.#fetch = fetch;
    this.#unfetched = this.#slots.size > 0;
    return this.#unfetched;
  }

  watch(watcher: Watcher): () => void {
    // An object of its own, so that one may watch twice.
    const own: Watcher = (diff) => watcher(diff);
    this.#watchers.add(own);
    return () => void this.#watchers.delete(own);
  }

  change(before: PresenceRecord | undefined, after: PresenceRecord | undefined): void {
    if (!this.#fetch) this.#apply(before, after);
    this.#changes.add(before, after);
  }

  /** Tells the watchers what has changed, after it was fetched. */
  flush(): void {
    // The next diff has all that changes meanwhile.
    if (this.#fetching || (!this.#changes.size && !this.#unfetched)) return;
    const changes = this.#changes.take();
    const fetch = this.#fetch;
    if (!fetch) return this.#notify(changes, this.#leavesOf(changes));
    const keys = new Set(this.#unfetched ? this.#slots.keys() : []);
    this.#unfetched = false;
    for (const { after } of changes) if (after) keys.add(after.key);
    if (!keys.size) return void this.#show(changes);
    this.#fetching = callFetch(fetch, [...keys], this.name, this.#tell).then((extras) => {
      this.#fetching = undefined;
      this.#show(changes, keys, extras);
      this.flush();
    });
  }

  #show(changes: readonly Change[], keys?: Iterable<string>, extras?: Extras): void {
    const leaves = this.#leavesOf(changes);
    for (const { before, after } of changes) this.#apply(before, after);
    const isNews = keys !== undefined && extras !== undefined && this.#complete(keys, extras);
    this.#notify(changes, leaves, isNews);
  }

  #complete(keys: Iterable<string>, extras: Extras): boolean {
    let isNews = false;
    for (const key of keys) {
      const slot = this.#slots.get(key);
      const extra = extras(key);
      if (!slot || slot.extra === extra) continue;
      slot.extra = extra;
      this.#touch(slot);
      isNews = true;
    }
    return isNews;
  }

  #apply(before: PresenceRecord | undefined, after: PresenceRecord | undefined): void {
    if (before && after && (before.key !== after.key || before.at !== after.at)) {
      this.#apply(before, undefined);
      return this.#apply(undefined, after);
    }
    const { key } = (before ?? after) as PresenceRecord;
    const slot = this.#slots.get(key) ?? { key, records: [], extra: undefined, entry: undefined };
    const { records } = slot;
    const index = before ? records.indexOf(before) : -1;
    if (index !== -1 && after) {
      records[index] = after;
      return this.#touch(slot);
    }
    const was = records[0];
    if (index !== -1) records.splice(index, 1);
    else if (after)
      records.splice(
        arrivalPosition(after, records.length, (at) => records[at] as PresenceRecord),
        0,
        after,
      );
    else return;
    this.#place(slot, was);
  }

  /** @param was its first record before */
  #place(slot: Slot, was: PresenceRecord | undefined): void {
    this.#touch(slot);
    const now = slot.records[0];
    if (was === now) return;
    const order = this.#order;
    const at = (record: PresenceRecord, skipped: Slot | undefined) =>
      arrivalPosition(record, order.length, (index) => {
        const there = order[index] as Slot;
        return there === skipped ? record : first(there);
      });
    if (was) order.splice(at(was, slot), 1);
    if (now) order.splice(at(now, undefined), 0, slot);
    if (now) this.#slots.set(slot.key, slot);
    else this.#slots.delete(slot.key);
  }

  #touch(slot: Slot): void {
    slot.entry = this.#list = undefined;
  }

  #notify(changes: readonly Change[], leaves: readonly Entry[], isNews = false): void {
    if (!this.#watchers.size || (!changes.length && !isNews)) return;
    const joins = () => this.#entriesOf(changes.flatMap(({ after }) => after ?? []));
    const diff = changes.length ? { joins: joins(), leaves } : undefined;
    for (const watcher of [...this.#watchers]) {
      try {
        watcher(diff);
      } catch (error) {
        const message = "a watcher of a presence threw";
        this.#tell({ kind: "crash", event: `presence "${this.name}"`, message, error });
      }
    }
  }

  /** Before they are applied: what was fetched goes with the last of a key. */
  #leavesOf(changes: readonly Change[]): readonly Entry[] {
    return this.#watchers.size ? this.#entriesOf(changes.flatMap(({ before }) => before ?? [])) : none;
  }

  #entriesOf(records: PresenceRecord[]): readonly Entry[] {
    const byKey = new Map<string, PresenceRecord[]>();
    for (const record of records.sort(compareArrival)) {
      const own = byKey.get(record.key);
      if (own) own.push(record);
      else byKey.set(record.key, [record]);
    }
    return Array.from(byKey, ([key, own]) => freeze(key, own, this.#slots.get(key)?.extra));
  }
}

const entryOf = (slot: Slot): Entry => (slot.entry ??= freeze(slot.key, slot.records, slot.extra));

function freeze(key: string, records: readonly PresenceRecord[], extra: object | undefined): Entry {
  return Object.freeze({ ...extra, key, metas: Object.freeze(records.map(({ meta }) => meta)) });
}
