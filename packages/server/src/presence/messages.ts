/** Messages between the nodes of a presence, on one topic for all presences. What cannot be read is ignored, with a report. */
import { createRecord, type PresenceRecord } from "./record.ts";

export const TOPIC = "overwire:presence";
/** Nodes of another version are not understood: they are told apart while servers are replaced one by one. */
const VERSION = 1;

const DELTA = "d";
const BEAT = "b";
const ASK = "a";
const SNAPSHOT = "s";
const GONE = "g";

/** A record of its sender: number, revision, presence, key, time of arrival, data, and the previous revision. */
type Join = readonly [number, number, string, string, number, object, number?];

/** Changes of a node; they lead from the clock before to `clock`. */
export interface DeltaMessage {
  readonly kind: typeof DELTA;
  readonly node: string;
  readonly clock: number;
  readonly joins: readonly PresenceRecord[];
  /** Numbers of records. */
  readonly leaves: readonly number[];
}

/** A node lives, and has told all until `clock`. */
export interface BeatMessage {
  readonly kind: typeof BEAT;
  readonly node: string;
  readonly clock: number;
}

/** A node asks another one, or all if `asked` is empty, for everything after `clock`. */
export interface AskMessage {
  readonly kind: typeof ASK;
  readonly node: string;
  readonly asked: string;
  readonly clock: number;
}

/** All that a node has at `clock`, in parts. */
export interface SnapshotMessage {
  readonly kind: typeof SNAPSHOT;
  readonly node: string;
  readonly clock: number;
  readonly part: number;
  readonly parts: number;
  readonly joins: readonly PresenceRecord[];
}

/** A node goes, and all that it has with it. */
export interface GoneMessage {
  readonly kind: typeof GONE;
  readonly node: string;
}

export type NodeMessage = DeltaMessage | BeatMessage | AskMessage | SnapshotMessage | GoneMessage;

const joinOf = ({ number, revision, name, key, at, data, previous }: PresenceRecord): Join =>
  previous === undefined
    ? [number, revision, name, key, at, data]
    : [number, revision, name, key, at, data, previous];

/** Data of the broker. */
export const write = {
  delta: (node: string, clock: number, joins: readonly PresenceRecord[], leaves: readonly number[]) => [
    VERSION,
    DELTA,
    node,
    clock,
    joins.map(joinOf),
    leaves,
  ],
  beat: (node: string, clock: number) => [VERSION, BEAT, node, clock],
  ask: (node: string, asked: string, clock: number) => [VERSION, ASK, node, asked, clock],
  snapshot: (
    node: string,
    clock: number,
    [part, parts]: readonly [number, number],
    joins: readonly PresenceRecord[],
  ) => [VERSION, SNAPSHOT, node, clock, part, parts, joins.map(joinOf)],
  gone: (node: string) => [VERSION, GONE, node],
};

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** By a loop that ends at a hole: a text of some bytes can stand for a list of 4 billion of them. */
function areCounts(values: unknown): values is number[] {
  if (!Array.isArray(values)) return false;
  for (const value of values) if (!isCount(value)) return false;
  return true;
}

/** Longest name of a node; those of this version have 12 characters. */
const LONGEST_NAME = 64;

const isName = (value: unknown): value is string =>
  typeof value === "string" && value.length > 0 && value.length <= LONGEST_NAME;

/** @returns undefined if it is no message of this version */
export function read(message: unknown): NodeMessage | undefined {
  if (!Array.isArray(message)) return undefined;
  const [version, kind, node, ...rest] = message as readonly unknown[];
  if (version !== VERSION || !isName(node)) return undefined;
  const [first, second, third, fourth] = rest;
  switch (kind) {
    case DELTA: {
      const joins = readJoins(node, second);
      if (!isCount(first) || !joins || !areCounts(third)) return undefined;
      return { kind, node, clock: first, joins, leaves: third };
    }
    case BEAT:
      return isCount(first) ? { kind, node, clock: first } : undefined;
    case ASK:
      return typeof first === "string" && isCount(second)
        ? { kind, node, asked: first, clock: second }
        : undefined;
    case SNAPSHOT: {
      const joins = readJoins(node, fourth);
      if (!isCount(first) || !isCount(second) || !isCount(third) || second >= third || !joins)
        return undefined;
      return { kind, node, clock: first, part: second, parts: third, joins };
    }
    case GONE:
      return { kind, node };
    default:
      return undefined;
  }
}

function readJoins(node: string, joins: unknown): PresenceRecord[] | undefined {
  if (!Array.isArray(joins)) return undefined;
  const records: PresenceRecord[] = [];
  for (const join of joins as readonly unknown[]) {
    const record = Array.isArray(join) ? readJoin(node, join) : undefined;
    if (!record) return undefined;
    records.push(record);
  }
  return records;
}

function readJoin(node: string, join: readonly unknown[]): PresenceRecord | undefined {
  const [number, revision, name, key, at, data, previous] = join;
  if (!isCount(number) || !isCount(revision) || typeof name !== "string" || typeof key !== "string")
    return undefined;
  if (typeof at !== "number" || !Number.isFinite(at)) return undefined;
  if (typeof data !== "object" || data === null || Array.isArray(data)) return undefined;
  if (previous !== undefined && !isCount(previous)) return undefined;
  return createRecord({ node, number, revision, name, key, at, data, size: 0, previous });
}
