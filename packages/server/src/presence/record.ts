/** One arrival, as the node that it belongs to tells it to the others. Never changed: an update is another record. */
import type { PresenceMeta } from "../view/presence.ts";

export interface PresenceRecord {
  /** The same before and after an update. */
  readonly id: string;
  readonly node: string;
  /** Number within its node. */
  readonly number: number;
  /** Number of updates. */
  readonly revision: number;
  /** Of the presence. */
  readonly name: string;
  readonly key: string;
  /** Time of arrival by the clock of its node. */
  readonly at: number;
  /** As it was tracked. */
  readonly data: object;
  /** Characters of it when it is serialised; 0 if it is of another node. */
  readonly size: number;
  /** Revision in whose place it came; undefined if there was none. */
  readonly previous: number | undefined;
  /** As it is shown. */
  readonly meta: PresenceMeta<object>;
}

type Facts = Omit<PresenceRecord, "id" | "meta">;

const refOf = (id: string, revision: number) => (revision === 0 ? id : `${id}.${revision}`);

export function createRecord(facts: Facts): PresenceRecord {
  const { node, number, revision, previous, data } = facts;
  const id = `${node}.${number.toString(36)}`;
  const meta = Object.freeze({
    ...data,
    ref: refOf(id, revision),
    ...(previous !== undefined && { previousRef: refOf(id, previous) }),
  });
  // Named one by one, so that all records have one shape.
  const { name, key, at, size } = facts;
  return { id, node, number, revision, name, key, at, data, size, previous, meta };
}

/** Order of arrival, the same on all nodes: clocks differ, so it is not exact between nodes. */
export function compareArrival(one: PresenceRecord, other: PresenceRecord): number {
  if (one.at !== other.at) return one.at - other.at;
  if (one.node !== other.node) return one.node < other.node ? -1 : 1;
  return one.number - other.number;
}

/** Position at which a record stands, or would stand, among others. @param at gives the record at a position */
export function arrivalPosition(
  record: PresenceRecord,
  length: number,
  at: (index: number) => PresenceRecord,
): number {
  // Most come last.
  if (length === 0 || compareArrival(at(length - 1), record) < 0) return length;
  let low = 0;
  let high = length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareArrival(at(middle), record) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The records under one id before and after: the same ones are no change. */
export interface Change {
  before: PresenceRecord | undefined;
  after: PresenceRecord | undefined;
}

/** Changes that have not been told, by the ids of records: those in a row are one, and those that take each other back are none. */
export class Changes {
  #all = new Map<string, Change>();

  get size(): number {
    return this.#all.size;
  }

  add(before: PresenceRecord | undefined, after: PresenceRecord | undefined): void {
    const id = (before ?? after)?.id ?? "";
    const known = this.#all.get(id);
    if (!known) this.#all.set(id, { before, after });
    else if (known.before === after) this.#all.delete(id);
    else known.after = after;
  }

  /** The record that the others know under an id, if it has changed since; undefined if there is none. */
  told(record: PresenceRecord): PresenceRecord | undefined {
    const change = this.#all.get(record.id);
    return change ? change.before : record;
  }

  take(): Change[] {
    const all = [...this.#all.values()];
    this.#all = new Map();
    return all;
  }
}
