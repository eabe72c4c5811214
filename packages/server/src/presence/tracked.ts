/** Own arrivals of a client's actors: there while the client is, for a while longer if it is lost. */
import type { AnyPresence, Tracked } from "../view/presence.ts";
import { copyMeta } from "./meta-copy.ts";
import type { Presences } from "./presences.ts";
import type { PresenceRecord } from "./record.ts";

/** The client of a view or a channel: its actors are present only if it has come. */
export class PresentClient {
  readonly presences: Presences;
  readonly #all = new Set<OwnTracked>();
  #isJoined = false;
  #grace: NodeJS.Timeout | undefined;

  constructor(presences: Presences) {
    this.presences = presences;
  }

  get isJoined(): boolean {
    return this.#isJoined;
  }

  /** It has come, or come back. */
  joined(): void {
    this.#isJoined = true;
    this.#endGrace();
    for (const tracked of this.#all) {
      // A component that left with the rendering for the client's return.
      if (tracked.hasEnded) this.remove(tracked);
      else tracked.enter();
    }
  }

  /** Its connection is lost: it may come back. */
  lost(): void {
    if (!this.#isJoined) return;
    this.#isJoined = false;
    const { graceTime } = this.presences.times;
    if (!graceTime || !this.#all.size) return this.#leaveAll();
    this.#grace = setTimeout(() => this.#leaveAll(), graceTime);
    // Fake clocks of test runners may return a number.
    (this.#grace as Partial<NodeJS.Timeout>).unref?.();
  }

  /** It is not to come back. */
  gone(): void {
    this.#isJoined = false;
    this.#leaveAll();
  }

  add(tracked: OwnTracked): void {
    this.#all.add(tracked);
    if (this.#isJoined) tracked.enter();
  }

  /** It counts as there no more. */
  remove(tracked: OwnTracked): void {
    tracked.leave();
    this.#all.delete(tracked);
  }

  /** Its actor has ended: if that is because the client is lost, it may be on its way to another node. */
  release(tracked: OwnTracked): void {
    if (this.#grace === undefined) this.remove(tracked);
  }

  #leaveAll(): void {
    this.#endGrace();
    for (const tracked of this.#all) tracked.leave();
  }

  #endGrace(): void {
    clearTimeout(this.#grace);
    this.#grace = undefined;
  }
}

/** One arrival of one actor. */
export class OwnTracked implements Tracked<object> {
  readonly #client: PresentClient;
  readonly #presence: AnyPresence;
  /** The actor does not track it any more. */
  readonly #untracked: () => void;
  #record: PresenceRecord;
  #state: "waiting" | "there" | "left" | "untracked" = "waiting";
  #hasEnded = false;

  constructor(client: PresentClient, presence: AnyPresence, record: PresenceRecord, untracked: () => void) {
    this.#client = client;
    this.#presence = presence;
    this.#record = record;
    this.#untracked = untracked;
  }

  /** Its actor has ended. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get ref(): string {
    return this.#record.meta.ref;
  }

  update(next: object | ((meta: object) => object)): void {
    const { name, key, data } = this.#record;
    if (this.#state === "untracked")
      throw new Error(
        `${JSON.stringify(key)} of the presence ${JSON.stringify(name)} was untracked, so its meta cannot be updated. Track it anew.`,
      );
    // A handler that was under way when its actor ended.
    if (this.#hasEnded) return;
    const meta = typeof next === "function" ? next(copyMeta(data).data) : next;
    this.#record = this.#client.presences.update(this.#record, copyMeta(meta));
  }

  untrack(): void {
    if (this.#state === "untracked" || this.#hasEnded) return;
    this.#client.remove(this);
    this.#state = "untracked";
    this.#untracked();
  }

  /** The actor has ended. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#client.release(this);
  }

  /** The client is there. */
  enter(): void {
    if (this.#state === "there" || this.#hasEnded) return;
    const { presences } = this.#client;
    const { name, key } = this.#record;
    if (this.#state === "left") this.#record = presences.prepare(name, key, this.#record);
    this.#record = presences.enter(this.#presence, this.#record);
    this.#state = "there";
  }

  leave(): void {
    if (this.#state !== "there") return;
    this.#client.presences.leave(this.#record);
    this.#state = "left";
  }
}
