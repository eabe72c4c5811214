/** Views that are joined, by their ids: the client of one whose connection is lost finds it again, for a while. */
import { Registry } from "../process/registry.ts";
import type { Limits } from "../process/services.ts";
import type { Gone } from "../process/spec.ts";
import type { ViewProcess } from "../process/view-process.ts";
import type { Nest } from "./nursery.ts";

/** A connection, as far as it can be lost. */
export interface Holder {
  readonly nest: Nest;
  /** Gives up a view without ending it: its client has come back on another connection. */
  release(id: string): ViewProcess | undefined;
}

export class LostViews {
  readonly #waiting: Registry;
  readonly #holders = new Map<string, Holder>();
  /** Views that have sent their page elsewhere, the oldest first: their clients may not have heard of it. */
  readonly #gone = new Map<string, { readonly gone: Gone; readonly until: number }>();
  readonly #limits: Limits;

  constructor(limits: Limits) {
    const { resumeTime, waitingViews } = limits;
    this.#limits = limits;
    this.#waiting = new Registry({ waitingTime: resumeTime, waitingViews }, "closed");
  }

  /** A connection has joined a view. */
  hold(process: ViewProcess, holder: Holder): void {
    this.#holders.set(process.id, holder);
  }

  /** The view has ended. */
  forget({ id, going }: ViewProcess, holder: Holder): void {
    if (this.#holders.get(id) !== holder) return;
    this.#holders.delete(id);
    const { resumeTime, waitingViews } = this.#limits;
    const now = Date.now();
    if (going && resumeTime) this.#gone.set(id, { gone: going, until: now + resumeTime });
    for (const [id, { until }] of this.#gone) {
      if (until > now && this.#gone.size <= waitingViews) break;
      this.#gone.delete(id);
    }
  }

  /** The connection is lost. */
  park(process: ViewProcess): void {
    process.detach();
    this.#waiting.wait(process);
  }

  /**
   * Finds the view that a client had before.
   * @param seen number of the last patch that it was shown
   * @returns undefined where it has ended, or where the client has missed what cannot be sent again
   */
  resume(id: string, seen: number, nest: Nest | undefined): ViewProcess | undefined {
    const holder = this.#holders.get(id);
    if (!holder) return undefined;
    // A line may be dead for long before the server notices.
    const process = this.#waiting.adopt(id) ?? holder.release(id);
    this.#holders.delete(id);
    if (!process || process.ended) return undefined;
    if (!process.screen.resumable(seen)) {
      process.end("closed");
      return undefined;
    }
    process.screen.seen(seen);
    nest?.takeOver(holder.nest);
    return process;
  }

  /** Where a view that its client cannot find any more has sent the page. It is told once. */
  wentTo(id: string): Gone | undefined {
    const { gone, until = 0 } = this.#gone.get(id) ?? {};
    this.#gone.delete(id);
    return until > Date.now() ? gone : undefined;
  }

  /**
   * Takes a nested view from the connection that had it before the page around it was resumed on another: its client may
   * have lost the line before it was told that it was joined.
   * @param nest of the connection that has the page now
   */
  reclaim({ id }: ViewProcess, nest: Nest): void {
    const holder = this.#holders.get(id);
    if (!holder || holder.nest === nest) return;
    this.#holders.delete(id);
    if (!this.#waiting.adopt(id)) holder.release(id);
  }

  /** Ends all that wait. */
  close(): void {
    this.#waiting.close();
  }
}
