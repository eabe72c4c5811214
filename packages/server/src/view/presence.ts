/** Presences: names under which actors are there, and the handles by which they say so and see who else is. */
import { nameValue } from "../template/wrong-list.ts";
import { checkFunction } from "./check-arguments.ts";

declare const noTopic: unique symbol;

/** Something that more is known of than its meta says, by the keys of a presence. Keys may be missing. */
export type Fetched<Extra extends object> = ReadonlyMap<string, Extra> | { readonly [key: string]: Extra };

/** Options of {@link presence}. */
export interface PresenceOptions<Extra extends object = object> {
  /**
   * Completes entries by what their metas do not say, a user's row of the database: called with all keys of a change at
   * once, on each node that looks at the presence. The properties of its results stand in the entries beside `key` and `metas`.
   */
  readonly fetch?: ((keys: readonly string[]) => Fetched<Extra> | Promise<Fetched<Extra>>) | undefined;
}

/** Keys of a presence as they are given; they are strings in its entries. */
export type PresenceKey = string | number;

/** One arrival under a key: what was tracked, and a reference that changes with each update. */
export type PresenceMeta<Meta extends object> = Meta & {
  readonly ref: string;
  /** Of the meta in whose place it came. */
  readonly previousRef?: string | undefined;
};

/** All that is there under one key, sorted by arrival: a meta for each tab of a user. */
export type PresenceEntry<Meta extends object, Extra extends object = object> = {
  readonly key: string;
  readonly metas: readonly PresenceMeta<Meta>[];
} & Readonly<Partial<Extra>>;

/** A change of a presence: entries with those metas only that came or went. An update is both. */
export interface PresenceDiff<Meta extends object, Extra extends object = object> {
  readonly joins: readonly PresenceEntry<Meta, Extra>[];
  readonly leaves: readonly PresenceEntry<Meta, Extra>[];
}

/** A presence whose metas have a type; made by {@link presence}. */
export class Presence<Meta extends object, Extra extends object = object> {
  readonly name: string;
  readonly fetch: PresenceOptions<Extra>["fetch"];
  /** Only the type. */
  declare readonly meta?: Meta;
  /** It is no topic: nothing can be published on it. */
  declare readonly message?: typeof noTopic;

  constructor(name: string, { fetch }: PresenceOptions<Extra> = {}) {
    if (typeof name !== "string")
      throw new TypeError(`A presence has a name, presence("lobby"), but it is ${nameValue(name)}.`);
    if (fetch !== undefined)
      checkFunction(fetch, "The fetch of a presence", 'presence("lobby", { fetch: async (keys) => … })');
    this.name = name;
    this.fetch = fetch;
  }
}

/**
 * Names a presence and the type of its metas, for `track`, `present` and `subscribe`.
 * @typeParam Meta tells of one arrival: data, as messages are
 * @typeParam Extra result of `fetch` for one key
 * @example
 * const lobby = presence<{ name: string; status: "online" | "away" }>("lobby");
 * const room = (id: string) => presence<Meta>(`room:${id}`);
 */
export const presence = <
  Meta extends object = { readonly [name: string]: unknown },
  Extra extends object = object,
>(
  name: string,
  options?: PresenceOptions<Extra>,
): Presence<Meta, Extra> => new Presence<Meta, Extra>(name, options);

/** An actor's own arrival. It ends with its actor. */
export interface Tracked<Meta extends object> {
  /** Of the meta that is there now, or will be once a client has joined. */
  readonly ref: string;
  /**
   * Puts another meta in the place of the present one: a leave and a join at once, and the same place in the order.
   * @param next the meta, or a function from the present one to it
   * @throws Error if it was untracked
   */
  update(next: Meta | ((meta: Meta) => Meta)): void;
  /** Leaves, sooner than with the end of the actor. */
  untrack(): void;
}

/** Everyone who is there now, on all nodes. */
export interface Present<Meta extends object, Extra extends object = object> {
  /** The entries, sorted by arrival: the same array as long as nothing has changed. */
  list(): readonly PresenceEntry<Meta, Extra>[];
  get(key: PresenceKey): PresenceEntry<Meta, Extra> | undefined;
  /** Number of keys. */
  readonly size: number;
}

/** A presence of any type, as the app's registry knows it. */
export type AnyPresence = Presence<object>;
export type AnyDiff = PresenceDiff<object>;

/** The app's presences, as far as one actor takes part in them. */
export interface PresenceHost {
  /** @param actor its display name, for errors */
  track(presence: AnyPresence, key: string, meta: object, actor: string): Tracked<object>;
  present(presence: AnyPresence): Present<object>;
  /** @param changed gets a diff, or undefined if only what was fetched has changed */
  watch(presence: AnyPresence, changed: (diff: AnyDiff | undefined) => void): () => void;
  /** The same for another actor of the same client. @param onDispose ends something with that actor */
  forActor(onDispose: (stop: () => void) => () => void): PresenceHost;
}

/** @throws TypeError if it is no presence */
export function checkPresence(value: unknown, method: string): AnyPresence {
  if (value instanceof Presence) return value;
  throw new TypeError(
    `this.${method} expects what presence<Meta>("lobby") made, but it is ${nameValue(value)}.`,
  );
}

/** A key as it stands in entries. @throws TypeError if it is neither a string nor a number */
export function presenceKey(key: unknown): string {
  if (typeof key === "string" || typeof key === "number") return String(key);
  throw new TypeError(
    `A key of a presence is a string or a number, as the id of a user, but it is ${nameValue(key)}.`,
  );
}

/** @throws Error that names the actor, and what to write instead */
export function alreadyTracked(actor: string, presence: string, key: string): never {
  throw new Error(
    `${actor} tracks ${JSON.stringify(key)} in the presence ${JSON.stringify(presence)} already. Keep what this.track returned: me.update(…) changes its meta, me.untrack() ends it.`,
  );
}
