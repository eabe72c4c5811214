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

/** Diffs that have been encoded, since all channels of a topic are told the same. */
const encoded = new WeakMap<AnyDiff, Map<string, Broadcast>>();

export class ChannelPresences implements PresenceHost {
  readonly #actor: ActorPresences;
  readonly #client: PresentClient;
  readonly #topic: string;
  readonly #outlet: Outlet;
  #told: AnyPresence | undefined;
  #isJoined = false;
  /** Refs of the state, which the diff that follows may name again. */
  #known: ReadonlySet<string> | undefined;

  constructor(actor: ActorPresences, client: PresentClient, topic: string, outlet: Outlet) {
    this.#actor = actor;
    this.#client = client;
    this.#topic = topic;
    this.#outlet = outlet;
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
    this.#outlet.push(PRESENCE_STATE, shape(entries));
  }

  #diff(diff: AnyDiff): void {
    const known = this.#known;
    this.#known = undefined;
    const isKnown = known && diff.joins.some(({ metas }) => metas.some(({ ref }) => known.has(ref)));
    if (!isKnown) return this.#outlet.hear(encode(this.#topic, diff));
    const joins = diff.joins.flatMap((entry) => {
      const metas = entry.metas.filter(({ ref }) => !known.has(ref));
      return metas.length ? [{ ...entry, metas }] : [];
    });
    if (joins.length + diff.leaves.length)
      this.#outlet.push(PRESENCE_DIFF, { joins: shape(joins), leaves: shape(diff.leaves) });
  }
}

function encode(topic: string, diff: AnyDiff): Broadcast {
  const byTopic = encoded.get(diff) ?? new Map<string, Broadcast>();
  encoded.set(diff, byTopic);
  const payload = () => ({ joins: shape(diff.joins), leaves: shape(diff.leaves) });
  const broadcast = byTopic.get(topic) ?? Broadcast.of(topic, PRESENCE_DIFF, payload());
  byTopic.set(topic, broadcast);
  return broadcast;
}

/** `{ key: { metas: [{ …, phx_ref }] } }`, without a prototype: a key may be `__proto__`. */
function shape(entries: readonly Entry[]): Record<string, object> {
  const all: Record<string, object> = Object.create(null);
  for (const { key, metas, ...extra } of entries) {
    const shaped = metas.map(({ ref, previousRef, ...meta }) => ({
      ...meta,
      phx_ref: ref,
      ...(previousRef !== undefined && { phx_ref_prev: previousRef }),
    }));
    all[key] = { ...extra, metas: shaped };
  }
  return all;
}
