/** Joined views by their ids, and those that wait for their client after a lost connection. */

import type { Extras } from "@overwire/client/wire";
import { EndedSessions } from "../http/ended-sessions.ts";
import type { ConnectionChildren } from "../runtime/child-registry.ts";
import type { Limits } from "../runtime/services.ts";
import type { CompletedRedirect } from "../runtime/view-init.ts";
import { chooseEvicted, type ViewOwner } from "../runtime/view-owner.ts";
import type { ViewProcess } from "../runtime/view-process.ts";
import type { EndReason } from "../view/view-host.ts";
import { WaitingViews } from "./waiting-views.ts";

/** A connection, as far as it can be lost. */
export interface ResumableConnection {
  readonly children: ConnectionChildren;
  /** Gives up a view without ending it, and tells its client that another connection has joined the view. */
  release(id: string): ViewProcess | undefined;
}

/** A view that was mounted anew for a join. Its client knows it by the token of another one until it has the answer. */
export interface Remount {
  /** Identifies the join: the id in its token, and the URL of a live navigation. */
  readonly joinKey: string;
  /** The answer's. */
  readonly extras: Extras;
}

interface Remounted {
  readonly id: string;
  readonly extras: Extras;
  readonly until: number;
}

/** The view that one join attached to a connection. */
interface TrackedView {
  readonly viewProcess: ViewProcess;
  readonly connection: ResumableConnection;
  /** Number of the join, 0 if it said none. */
  readonly attempt: number;
}

/** A view that has redirected its page. */
interface RedirectedView {
  readonly id: string;
  readonly redirect: CompletedRedirect;
  readonly owner: ViewOwner | undefined;
  readonly until: number;
}

/** The network may deliver an old connection's join late. */
const isLate = (attempt: number, tracked: TrackedView): boolean =>
  tracked.attempt > 0 && attempt <= tracked.attempt;

/** A join of a view that its client had before. */
export interface ResumeRequest {
  /** Number of the last patch that the client was shown, 0 for none. */
  readonly seen: number;
  readonly attempt: number | undefined;
  readonly children: ConnectionChildren | undefined;
}

export class ResumableViews {
  readonly #waiting: WaitingViews;
  readonly #joined = new Map<string, TrackedView>();
  /** Views that were mounted anew for a join, by {@link Remount.joinKey}, the oldest first. */
  readonly #remounts = new Map<string, Remounted>();
  /** Their {@link Remount.joinKey} by the ids of the views. */
  readonly #joinKeys = new Map<string, string>();
  /** Views that have redirected their page, the oldest first: their clients may not have heard of it. */
  readonly #redirected = new Map<string, RedirectedView>();
  /** Views whose session has ended: their pages come back with the cookies of another. */
  readonly #disconnected = new EndedSessions();
  readonly #limits: Limits;

  constructor(limits: Limits) {
    const { resumeTime, waitingViews } = limits;
    this.#limits = limits;
    this.#waiting = new WaitingViews({ waitingTime: resumeTime, waitingViews }, "closed");
  }

  /** Tells if the view ended with its session. */
  wasDisconnected(id: string): boolean {
    return this.#disconnected.hasId(id);
  }

  /** Views that are joined, or wait for their client. */
  get size(): number {
    return this.#joined.size;
  }

  /** A connection has joined a view. */
  track(viewProcess: ViewProcess, connection: ResumableConnection, attempt = 0): void {
    this.#joined.set(viewProcess.id, { viewProcess, connection, attempt });
  }

  /** A join has mounted a view anew: the same join finds it as long as it may be sent again. */
  trackRemount({ id }: ViewProcess, { joinKey, extras }: Remount): void {
    const now = performance.now();
    for (const { id, until } of this.#remounts.values()) {
      if (until > now) break;
      this.#forgetRemount(id);
    }
    this.#forgetRemount(this.#remounts.get(joinKey)?.id);
    this.#remounts.set(joinKey, { id, extras, until: now + 2 * this.#limits.resumeTime });
    this.#joinKeys.set(id, joinKey);
  }

  /** The view of an id that a connection has joined. */
  joined(id: string): ViewProcess | undefined {
    return this.#joined.get(id)?.viewProcess;
  }

  /** The view has ended. */
  viewEnded(
    { id, completedRedirect, owner }: ViewProcess,
    connection: ResumableConnection,
    reason: EndReason,
  ): void {
    if (reason === "disconnected") this.#disconnected.add(id);
    const { resumeTime, waitingViews } = this.#limits;
    const isHeld = this.#joined.get(id)?.connection === connection;
    // Without that a client could fill the memory with joins that it leaves at once.
    if (!isHeld || !completedRedirect || !resumeTime) this.#forgetRemount(id);
    if (!isHeld) return;
    this.#joined.delete(id);
    const now = performance.now();
    if (completedRedirect && resumeTime)
      this.#redirected.set(id, { id, redirect: completedRedirect, owner, until: now + resumeTime });
    for (const [id, { until }] of this.#redirected) {
      if (until > now) break;
      this.#forgetGone(id);
    }
    if (this.#redirected.size <= waitingViews) return;
    for (const { id } of chooseEvicted(this.#redirected.values(), Math.max(1, waitingViews / 16)))
      this.#forgetGone(id);
  }

  #forgetGone(id: string): void {
    this.#redirected.delete(id);
    this.#forgetRemount(id);
  }

  #forgetRemount(id: string | undefined): void {
    const joinKey = id === undefined ? undefined : this.#joinKeys.get(id);
    if (id === undefined || joinKey === undefined) return;
    this.#joinKeys.delete(id);
    this.#remounts.delete(joinKey);
  }

  /** The connection is lost. */
  suspend(viewProcess: ViewProcess): void {
    viewProcess.detach();
    this.#waiting.wait(viewProcess);
  }

  /**
   * Finds the view that a client had before.
   * @returns `taken` if a later join of the client has the view; undefined if the view has ended, or the
   *   client has missed messages that cannot be sent again
   */
  resume(id: string, { seen, attempt = 0, children }: ResumeRequest): ViewProcess | "taken" | undefined {
    const tracked = this.#joined.get(id);
    if (!tracked) return undefined;
    if (isLate(attempt, tracked)) return "taken";
    const viewProcess = this.#claim(id, tracked);
    if (!viewProcess || viewProcess.ended) return undefined;
    if (!viewProcess.renderer.canResume(seen)) {
      viewProcess.end("closed");
      return undefined;
    }
    viewProcess.renderer.seen(seen);
    children?.takeFrom(tracked.connection.children);
    children?.registerView(viewProcess);
    return viewProcess;
  }

  /** The view that was mounted anew for a join whose answer may have been lost. */
  findRemounted(joinKey: string): Remounted | undefined {
    return this.#remounts.get(joinKey);
  }

  /** Redirect of a view that its client cannot find any more. It is told once. */
  takeRedirect(id: string): CompletedRedirect | undefined {
    const { redirect, until = 0 } = this.#redirected.get(id) ?? {};
    this.#forgetGone(id);
    return until > performance.now() ? redirect : undefined;
  }

  /**
   * Takes a nested view from the connection that had it before the page around it was resumed on another: its client may
   * have lost the connection before it was told that it was joined.
   * @param children of the connection that has the page now
   * @returns `taken` if a later join of the client has the view
   */
  reclaim({ id }: ViewProcess, children: ConnectionChildren, attempt = 0): "taken" | undefined {
    const tracked = this.#joined.get(id);
    if (!tracked || tracked.connection.children === children) return undefined;
    if (isLate(attempt, tracked)) return "taken";
    this.#claim(id, tracked);
    return undefined;
  }

  /** Ends those that wait for an owner. */
  disconnect(matches: (owner: ViewOwner | undefined) => boolean): void {
    this.#waiting.disconnect(matches);
    for (const [id, { owner }] of this.#redirected) if (matches(owner)) this.#forgetGone(id);
  }

  /** The next joins of those that wait for their clients ask their guards. */
  recheck(matches: (owner: ViewOwner | undefined) => boolean): void {
    this.#waiting.recheck(matches);
  }

  /** Ends all that wait. */
  close(): void {
    this.#waiting.close();
  }

  /** A connection may be dead for long before the server notices. */
  #claim(id: string, { connection }: TrackedView): ViewProcess | undefined {
    this.#joined.delete(id);
    return this.#waiting.claim(id) ?? connection.release(id);
  }
}
