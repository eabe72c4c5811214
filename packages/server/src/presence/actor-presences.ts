/** The presences of an app as one actor sees them: what it tracks and watches ends with it. */
import {
  type AnyDiff,
  type AnyPresence,
  alreadyTracked,
  type PresenceHost,
  type Present,
  presenceKey,
  type Tracked,
} from "../view/presence.ts";
import { copyMeta } from "./meta-copy.ts";
import type { Presences } from "./presences.ts";
import { OwnTracked, type PresentClient } from "./tracked.ts";

export class ActorPresences implements PresenceHost {
  readonly #client: PresentClient;
  readonly #onDispose: (stop: () => void) => () => void;
  /** All that is tracked, by presence and key. */
  readonly #tracked = new Map<string, Map<string, Tracked<object>>>();

  /**
   * @param client of the actor, or of the view around it
   * @param onDispose ends something with the actor, or sooner by the function that it returns
   */
  constructor(client: PresentClient, onDispose: (stop: () => void) => () => void) {
    this.#client = client;
    this.#onDispose = onDispose;
  }

  track(presence: AnyPresence, key: string, meta: object, actor: string): Tracked<object> {
    const { name } = presence;
    const ofName = this.#tracked.get(name) ?? new Map<string, Tracked<object>>();
    if (ofName.has(key)) alreadyTracked(actor, name, key);
    const record = this.#client.presences.prepare(name, key, copyMeta(meta));
    const tracked = new OwnTracked(this.#client, presence, record, () => {
      ofName.delete(key);
      forget();
    });
    ofName.set(key, tracked);
    this.#tracked.set(name, ofName);
    const forget = this.#onDispose(() => tracked.end());
    this.#client.add(tracked);
    return tracked;
  }

  present(presence: AnyPresence): Present<object> {
    return presentIn(this.#client.presences, presence);
  }

  watch(presence: AnyPresence, changed: (diff: AnyDiff | undefined) => void): () => void {
    return this.#onDispose(this.#client.presences.watch(presence, changed));
  }

  forActor(onDispose: (stop: () => void) => () => void): ActorPresences {
    return new ActorPresences(this.#client, onDispose);
  }
}

const nobody: readonly [] = Object.freeze([]);

/** A reading of everyone who is there now. */
export function presentIn(presences: Presences, presence: AnyPresence): Present<object> {
  presences.listen();
  return new CurrentlyPresent(presences, presence);
}

/** An object of a class, so that it is no state of the view whose field it is. */
class CurrentlyPresent implements Present<object> {
  readonly #presences: Presences;
  readonly #presence: AnyPresence;

  constructor(presences: Presences, presence: AnyPresence) {
    this.#presences = presences;
    this.#presence = presence;
  }

  list() {
    return this.#presences.find(this.#presence)?.list() ?? nobody;
  }

  get(key: string | number) {
    return this.#presences.find(this.#presence)?.get(presenceKey(key));
  }

  get size() {
    return this.#presences.find(this.#presence)?.size ?? 0;
  }
}
