/** Joined views by their ids, and those that wait for their client after a lost connection. */
import type { Nest } from "../runtime/child-registry.ts";
import type { Limits } from "../runtime/services.ts";
import type { Gone } from "../runtime/view-init.ts";
import { leastFair, type Owner } from "../runtime/view-owner.ts";
import type { ViewProcess } from "../runtime/view-process.ts";
import type { Extras } from "../wire/frames.ts";
import { Registry } from "./waiting-views.ts";

/** A connection, as far as it can be lost. */
export interface Holder {
  readonly nest: Nest;
  /** Gives up a view without ending it, and tells its client that another connection has joined the view. */
  release(id: string): ViewProcess | undefined;
}

/** A view that was mounted anew for a join. Its client knows it by the token of another one until it has the answer. */
export interface Remount {
  /** Identifies the join: the id in its token, and the URL of a live navigation. */
  readonly asked: string;
  /** The answer's. */
  readonly extras: Extras;
}

interface Remounted {
  readonly id: string;
  readonly extras: Extras;
  readonly until: number;
}

/** The view that one join attached to a connection. */
interface Held {
  readonly process: ViewProcess;
  readonly holder: Holder;
  /** Of the join, 0 if it said none. */
  readonly attempt: number;
}

/** A view that has redirected its page. */
interface Departed {
  readonly id: string;
  readonly gone: Gone;
  readonly owner: Owner | undefined;
  readonly until: number;
}

/** The network may deliver an old connection's join late. */
const isLate = (attempt: number, held: Held): boolean => held.attempt > 0 && attempt <= held.attempt;

/** A join of a view that its client had before. */
export interface Resuming {
  /** Number of the last patch that the client was shown, 0 for none. */
  readonly seen: number;
  readonly attempt: number | undefined;
  readonly nest: Nest | undefined;
}

export class LostViews {
  readonly #waiting: Registry;
  readonly #held = new Map<string, Held>();
  /** Views that were mounted anew for a join, by {@link Remount.asked}, the oldest first. */
  readonly #remounts = new Map<string, Remounted>();
  /** Their {@link Remount.asked} by the ids of the views. */
  readonly #asked = new Map<string, string>();
  /** Views that have sent their page elsewhere, the oldest first: their clients may not have heard of it. */
  readonly #gone = new Map<string, Departed>();
  readonly #limits: Limits;

  constructor(limits: Limits) {
    const { resumeTime, waitingViews } = limits;
    this.#limits = limits;
    this.#waiting = new Registry({ waitingTime: resumeTime, waitingViews }, "closed");
  }

  /** Views that are joined, or wait for their client. */
  get size(): number {
    return this.#held.size;
  }

  /** A connection has joined a view. */
  hold(process: ViewProcess, holder: Holder, attempt = 0): void {
    this.#held.set(process.id, { process, holder, attempt });
  }

  /** A join has mounted a view anew: the same join finds it as long as it may be sent again. */
  remounted({ id }: ViewProcess, { asked, extras }: Remount): void {
    const now = performance.now();
    for (const { id, until } of this.#remounts.values()) {
      if (until > now) break;
      this.#forgetRemount(id);
    }
    this.#forgetRemount(this.#remounts.get(asked)?.id);
    this.#remounts.set(asked, { id, extras, until: now + 2 * this.#limits.resumeTime });
    this.#asked.set(id, asked);
  }

  /** The view of an id that a connection has joined. */
  held(id: string): ViewProcess | undefined {
    return this.#held.get(id)?.process;
  }

  /** The view has ended. */
  forget({ id, going, owner }: ViewProcess, holder: Holder): void {
    const { resumeTime, waitingViews } = this.#limits;
    const isHeld = this.#held.get(id)?.holder === holder;
    // Without that a client could fill the memory with joins that it leaves at once.
    if (!isHeld || !going || !resumeTime) this.#forgetRemount(id);
    if (!isHeld) return;
    this.#held.delete(id);
    const now = performance.now();
    if (going && resumeTime) this.#gone.set(id, { id, gone: going, owner, until: now + resumeTime });
    for (const [id, { until }] of this.#gone) {
      if (until > now) break;
      this.#forgetGone(id);
    }
    if (this.#gone.size <= waitingViews) return;
    for (const { id } of leastFair(this.#gone.values(), Math.max(1, waitingViews / 16))) this.#forgetGone(id);
  }

  #forgetGone(id: string): void {
    this.#gone.delete(id);
    this.#forgetRemount(id);
  }

  #forgetRemount(id: string | undefined): void {
    const asked = id === undefined ? undefined : this.#asked.get(id);
    if (id === undefined || asked === undefined) return;
    this.#asked.delete(id);
    this.#remounts.delete(asked);
  }

  /** The connection is lost. */
  park(process: ViewProcess): void {
    process.detach();
    this.#waiting.wait(process);
  }

  /**
   * Finds the view that a client had before.
   * @returns `taken` if a later join of the client has the view; undefined if the view has ended, or the client has missed
   *   what cannot be sent again
   */
  resume(id: string, { seen, attempt = 0, nest }: Resuming): ViewProcess | "taken" | undefined {
    const held = this.#held.get(id);
    if (!held) return undefined;
    if (isLate(attempt, held)) return "taken";
    const process = this.#claim(id, held);
    if (!process || process.ended) return undefined;
    if (!process.screen.resumable(seen)) {
      process.end("closed");
      return undefined;
    }
    process.screen.seen(seen);
    nest?.takeOver(held.holder.nest);
    nest?.shelter(process);
    return process;
  }

  /** The view that was mounted anew for a join whose answer may have been lost. */
  findRemounted(asked: string): Remounted | undefined {
    return this.#remounts.get(asked);
  }

  /** Where a view that its client cannot find any more has sent the page. It is told once. */
  wentTo(id: string): Gone | undefined {
    const { gone, until = 0 } = this.#gone.get(id) ?? {};
    this.#forgetGone(id);
    return until > performance.now() ? gone : undefined;
  }

  /**
   * Takes a nested view from the connection that had it before the page around it was resumed on another: its client may
   * have lost the connection before it was told that it was joined.
   * @param nest of the connection that has the page now
   * @returns `taken` if a later join of the client has the view
   */
  reclaim({ id }: ViewProcess, nest: Nest, attempt = 0): "taken" | undefined {
    const held = this.#held.get(id);
    if (!held || held.holder.nest === nest) return undefined;
    if (isLate(attempt, held)) return "taken";
    this.#claim(id, held);
    return undefined;
  }

  /** Ends those that wait for an owner. */
  disconnect(means: (owner: Owner | undefined) => boolean): void {
    this.#waiting.disconnect(means);
    for (const [id, { owner }] of this.#gone) if (means(owner)) this.#forgetGone(id);
  }

  /** Ends all that wait. */
  close(): void {
    this.#waiting.close();
  }

  /** A connection may be dead for long before the server notices. */
  #claim(id: string, { holder }: Held): ViewProcess | undefined {
    this.#held.delete(id);
    return this.#waiting.adopt(id) ?? holder.release(id);
  }
}
