/** Views that wait for a socket: painted by an HTTP request, or left alone by a connection that was lost. */
import type { Limits } from "../runtime/services.ts";
import { chooseEvicted, type ViewOwner } from "../runtime/view-owner.ts";
import type { ViewProcess } from "../runtime/view-process.ts";
import type { EndReason } from "../view/view-host.ts";

/** Bounded in time and number: a view that is not claimed ends, the oldest first. */
export class WaitingViews {
  readonly #limits: Pick<Limits, "waitingTime" | "waitingViews">;
  readonly #reason: EndReason;
  /** In the order in which they time out. */
  readonly #waiting = new Map<string, { readonly viewProcess: ViewProcess; readonly until: number }>();
  #timer: NodeJS.Timeout | undefined;

  /** @param reason of the end of views that no client has claimed */
  constructor(limits: Pick<Limits, "waitingTime" | "waitingViews">, reason: EndReason = "unclaimed") {
    this.#limits = limits;
    this.#reason = reason;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Keeps a process until it is adopted, or its time or the room for it is over. */
  wait(viewProcess: ViewProcess): void {
    this.#waiting.set(viewProcess.id, { viewProcess, until: performance.now() + this.#limits.waitingTime });
    if (this.#waiting.size > this.#limits.waitingViews) this.#makeRoom();
    // One timer for the oldest is enough: all wait equally long.
    this.#timer ??= setTimeout(() => this.#sweep(), this.#limits.waitingTime).unref();
  }

  /** A waiting process, which goes on waiting. */
  find(id: string): ViewProcess | undefined {
    return this.#waiting.get(id)?.viewProcess;
  }

  /** Hands a waiting process over to its socket; undefined if it waits no more. */
  claim(id: string): ViewProcess | undefined {
    const viewProcess = this.#waiting.get(id)?.viewProcess;
    this.#waiting.delete(id);
    return viewProcess?.ended ? undefined : viewProcess;
  }

  /** Ends those that wait for an owner. */
  disconnect(matches: (owner: ViewOwner | undefined) => boolean): void {
    for (const [id, { viewProcess }] of this.#waiting) {
      if (!matches(viewProcess.owner)) continue;
      this.#waiting.delete(id);
      viewProcess.host.clientGone();
      viewProcess.end("disconnected");
    }
  }

  /** The next joins of those that wait for an owner ask their guards. */
  recheck(matches: (owner: ViewOwner | undefined) => boolean): void {
    for (const { viewProcess } of this.#waiting.values())
      if (matches(viewProcess.owner)) viewProcess.init.isDue = true;
  }

  /** Ends all that wait. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#waiting.size) this.#endOldest("shutdown");
  }

  #sweep(): void {
    // A clock that is set back must not keep anything.
    const now = performance.now();
    this.#timer = undefined;
    for (const { until } of this.#waiting.values()) {
      if (until > now) {
        this.#timer = setTimeout(() => this.#sweep(), Math.ceil(until - now)).unref();
        return;
      }
      this.#endOldest();
    }
  }

  // Some at a time: choosing one costs as much as choosing many.
  #makeRoom(): void {
    const { waitingViews } = this.#limits;
    const all = [...this.#waiting.values()].map(({ viewProcess }) => viewProcess);
    for (const viewProcess of chooseEvicted(
      all,
      Math.max(this.size - waitingViews, Math.floor(waitingViews / 16)),
    )) {
      this.#waiting.delete(viewProcess.id);
      viewProcess.end(this.#reason);
    }
  }

  #endOldest(reason = this.#reason): void {
    for (const [id, { viewProcess }] of this.#waiting) {
      this.#waiting.delete(id);
      viewProcess.end(reason);
      return;
    }
  }
}
