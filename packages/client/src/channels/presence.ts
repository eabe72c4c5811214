/** The roster of a channel in the client: who is there, as the server's presence tells by its state and its changes. */
import { PRESENCE_DIFF, PRESENCE_STATE } from "../wire/channel-frames.ts";
import { createListeners } from "./listeners.ts";

/** A tab or device of a key, as it was tracked. */
export type PresenceMeta<Meta = Readonly<Record<string, unknown>>> = Meta & {
  /** Its own name; another one after each update. */
  readonly phx_ref: string;
  /** Before its last update. */
  readonly phx_ref_prev?: string;
};

/** A key with its metas, in the order in which they came. */
export interface Present<Meta = Readonly<Record<string, unknown>>> {
  readonly metas: readonly PresenceMeta<Meta>[];
}

/** A key that is there. */
export interface PresenceEntry<Meta = Readonly<Record<string, unknown>>> extends Present<Meta> {
  readonly key: string;
}

/** The presences of a channel. */
export interface Roster<Meta = Readonly<Record<string, unknown>>> {
  /** Keys that are there, by their arrival. */
  list(): PresenceEntry<Meta>[];
  /** @param by makes each entry of the list */
  list<T>(by: (key: string, presence: Present<Meta>) => T): T[];
  /** @returns the presence of a key, undefined if it is not there */
  get(key: string): Present<Meta> | undefined;
  /**
   * Hears of metas that came.
   * @param listener gets the key, its presence before (undefined if it was not there), and those that came
   * @returns a function that ends it
   */
  onJoin(
    listener: (key: string, current: Present<Meta> | undefined, joined: Present<Meta>) => unknown,
  ): () => void;
  /**
   * Hears of metas that went.
   * @param listener gets the key, its presence without them (no metas if none are left), and those that went
   */
  onLeave(listener: (key: string, current: Present<Meta>, left: Present<Meta>) => unknown): () => void;
  /** Hears the list after each change. */
  onSync(listener: (list: PresenceEntry<Meta>[]) => unknown): () => void;
}

/** Maps, as keys may be `__proto__` and the like. */
type Presences = Map<string, Present>;

interface Diff {
  readonly joins: Presences;
  readonly leaves: Presences;
}

const presencesIn = (json: unknown): Presences => new Map(Object.entries(Object(json)));

const without = (presence: Present, refs: Present): Present => {
  const gone = new Set(refs.metas.map(({ phx_ref }) => phx_ref));
  return { ...presence, metas: presence.metas.filter(({ phx_ref }) => !gone.has(phx_ref)) };
};

/** The change from one roster to another. */
function difference(from: Presences, to: Presences): Diff {
  const [joins, leaves]: [Presences, Presences] = [new Map(), new Map()];
  const none = { metas: [] };
  for (const [key, presence] of to) {
    const joined = without(presence, from.get(key) ?? none);
    if (joined.metas.length) joins.set(key, joined);
  }
  for (const [key, presence] of from) {
    const left = without(presence, to.get(key) ?? none);
    if (left.metas.length) leaves.set(key, left);
  }
  return { joins, leaves };
}

/**
 * Follows the presence of a channel. Ask for it before the channel is joined, or right after.
 * @example
 * const roster = presenceOf<{ name: string }>(room);
 * roster.onSync((list) => show(list.map(({ metas }) => metas[0].name)));
 */
export function presenceOf<Meta = Readonly<Record<string, unknown>>>(channel: {
  readonly joinRef: string | undefined;
}): Roster<Meta> {
  const { on, emit } = createListeners();
  const presences: Presences = new Map();
  /** Join whose state has come. */
  let synced: string | undefined;
  /** Changes of a join whose state has not come yet. */
  let pending: { readonly joinRef: string | undefined; readonly diffs: Diff[] } | undefined;

  const apply = ({ joins, leaves }: Diff) => {
    for (const [key, joined] of joins) {
      const current = presences.get(key);
      const kept = current ? without(current, joined).metas : [];
      presences.set(key, { ...joined, metas: [...kept, ...joined.metas] });
      emit("join", key, current, joined);
    }
    for (const [key, left] of leaves) {
      const before = presences.get(key);
      if (!before) continue;
      const current = without(before, left);
      if (current.metas.length) presences.set(key, current);
      else presences.delete(key);
      emit("leave", key, current, left);
    }
  };
  const list = (by?: (key: string, presence: Present<Meta>) => unknown) =>
    Array.from(presences, ([key, presence]) =>
      by ? by(key, presence as Present<Meta>) : { ...presence, key },
    );
  const sync = () => emit("sync", list());

  // Its types know the messages of the author only.
  const { on: hear } = channel as object as { on(name: string, listener: (payload: never) => void): void };
  hear.call(channel, PRESENCE_STATE, (state) => {
    apply(difference(presences, presencesIn(state)));
    synced = channel.joinRef;
    if (pending?.joinRef === synced) pending?.diffs.forEach(apply);
    pending = undefined;
    sync();
  });
  hear.call(channel, PRESENCE_DIFF, (payload: { readonly joins: unknown; readonly leaves: unknown }) => {
    const diff = { joins: presencesIn(payload.joins), leaves: presencesIn(payload.leaves) };
    const { joinRef } = channel;
    if (synced === joinRef) {
      apply(diff);
      return sync();
    }
    if (pending?.joinRef !== joinRef) pending = { joinRef, diffs: [] };
    pending?.diffs.push(diff);
  });

  return {
    list: list as Roster<Meta>["list"],
    get: (key) => presences.get(key) as Present<Meta> | undefined,
    onJoin: (listener) => on("join", listener as (...values: never[]) => unknown),
    onLeave: (listener) => on("leave", listener),
    onSync: (listener) => on("sync", listener),
  };
}
