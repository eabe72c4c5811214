/** Presences of a channel: the first one that it tracks or shows is told to its client, in the shape of Phoenix. */
import { PRESENCE_DIFF, PRESENCE_STATE } from "@overwire/client/wire";
import type { ActorPresences } from "../presence/actor-presences.ts";
import type { PresentClient } from "../presence/tracked.ts";
import type {
  AnyDiff,
  AnyPresence,
  PresenceEntry,
  PresenceHost,
  Present,
  Tracked,
} from "../view/presence.ts";
import { Broadcast } from "./broadcasts.ts";

/** Takes messages for the client. */
interface Outlet {
  push(name: string, payload: unknown): void;
  /** A broadcast that is for this channel's client alone, or for others too. */
  hear(broadcast: Broadcast): void;
}

type Entry = PresenceEntry<object>;

/** Reports a value of a presence that has no JSON. */
type Tell = (presence: string, key: string, error: unknown) => void;

/** Values of metas and entries that have been looked at: undefined if they have JSON, otherwise the error. */
const checked = new WeakMap<object, { readonly error: unknown } | undefined>();
/** Presences of each app of which such a value was reported. */
const reported = new WeakMap<object, Set<string>>();

/** Diffs that have been encoded, since all channels of a topic are told the same. */
const encoded = new WeakMap<AnyDiff, Map<string, Broadcast>>();

export class ChannelPresences implements PresenceHost {
  readonly #actor: ActorPresences;
  readonly #client: PresentClient;
  readonly #topic: string;
  readonly #outlet: Outlet;
  readonly #report: Tell;
  #told: AnyPresence | undefined;
  #isJoined = false;
  /** Refs of the state, which the diff that follows may name again. */
  #known: ReadonlySet<string> | undefined;

  /** @param report is told once for each presence of the app that a value of it has no JSON */
  constructor(actor: ActorPresences, client: PresentClient, topic: string, outlet: Outlet, report: Tell) {
    this.#actor = actor;
    this.#client = client;
    this.#topic = topic;
    this.#outlet = outlet;
    this.#report = report;
  }

  track(presence: AnyPresence, key: string, meta: object, actor: string): Tracked<object> {
    const tracked = this.#actor.track(presence, key, meta, actor);
    this.#tell(presence);
    return tracked;
  }

  present(presence: AnyPresence): Present<object> {
    this.#tell(presence);
    return this.#actor.present(presence);
  }

  watch(presence: AnyPresence, changed: (diff: AnyDiff | undefined) => void): () => void {
    return this.#actor.watch(presence, changed);
  }

  forActor(onDispose: (stop: () => void) => () => void): PresenceHost {
    return this.#actor.forActor(onDispose);
  }

  /** The client has been answered: it is present from now on, and told who else is. */
  joined(): void {
    this.#isJoined = true;
    this.#client.joined();
    this.#state();
  }

  /** The connection is lost. */
  lost(): void {
    this.#client.lost();
  }

  #tell(presence: AnyPresence): void {
    if (this.#told) return;
    this.#told = presence;
    this.#actor.watch(presence, (diff) => {
      if (!this.#isJoined) return;
      // Without a diff only the things have changed that were fetched.
      if (diff) this.#diff(diff);
      else this.#state();
    });
    if (this.#isJoined) this.#state();
  }

  #state(): void {
    if (!this.#told) return;
    const entries = this.#actor.present(this.#told).list();
    this.#known = new Set(entries.flatMap(({ metas }) => metas.map(({ ref }) => ref)));
    this.#outlet.push(PRESENCE_STATE, shape(entries, this.#tellOnce));
  }

  #diff(diff: AnyDiff): void {
    const known = this.#known;
    this.#known = undefined;
    const isKnown = known && diff.joins.some(({ metas }) => metas.some(({ ref }) => known.has(ref)));
    if (!isKnown) return this.#outlet.hear(encode(this.#topic, diff, this.#tellOnce));
    const joins = diff.joins.flatMap((entry) => {
      const metas = entry.metas.filter(({ ref }) => !known.has(ref));
      return metas.length ? [{ ...entry, metas }] : [];
    });
    if (joins.length + diff.leaves.length)
      this.#outlet.push(PRESENCE_DIFF, shapeDiff({ joins, leaves: diff.leaves }, this.#tellOnce));
  }

  readonly #tellOnce = (key: string, error: unknown): void => {
    const { presences } = this.#client;
    const names = reported.get(presences) ?? new Set<string>();
    reported.set(presences, names);
    const name = this.#told?.name ?? "";
    if (names.has(name)) return;
    names.add(name);
    this.#report(name, key, error);
  };
}

type TellOnce = (key: string, error: unknown) => void;

function encode(topic: string, diff: AnyDiff, tell: TellOnce): Broadcast {
  const byTopic = encoded.get(diff) ?? new Map<string, Broadcast>();
  encoded.set(diff, byTopic);
  const broadcast = byTopic.get(topic) ?? Broadcast.of(topic, PRESENCE_DIFF, shapeDiff(diff, tell));
  byTopic.set(topic, broadcast);
  return broadcast;
}

const shapeDiff = ({ joins, leaves }: AnyDiff, tell: TellOnce) => ({
  joins: shape(joins, tell),
  leaves: shape(leaves, tell),
});

/** `{ key: { metas: [{ …, phx_ref }] } }`, without a prototype: a key may be `__proto__`. */
function shape(entries: readonly Entry[], tell: TellOnce): Record<string, object> {
  const all: Record<string, object> = Object.create(null);
  for (const entry of entries) {
    const { key, metas, ...extra } = entry;
    const shaped = metas.map((original) => {
      const { ref, previousRef, ...meta } = original;
      return {
        ...withJson(original, meta, key, tell),
        phx_ref: ref,
        ...(previousRef !== undefined && { phx_ref_prev: previousRef }),
      };
    });
    all[key] = { ...withJson(entry, extra, key, tell), metas: shaped };
  }
  return all;
}

/** Leaves out what has no JSON, such as a bigint, which other views may show: the rest of the roster is told all the same. */
function withJson(original: object, data: object, key: string, tell: TellOnce): object {
  if (!checked.has(original)) checked.set(original, errorOfJson(data));
  const broken = checked.get(original);
  if (!broken) return data;
  tell(key, broken.error);
  return {};
}

function errorOfJson(data: object): { readonly error: unknown } | undefined {
  try {
    JSON.stringify(data);
    return undefined;
  } catch (error) {
    return { error };
  }
}
