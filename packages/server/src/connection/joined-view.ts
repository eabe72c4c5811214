/** A number that the client gave a view: the view, or its join with the events that came before it was done. */
import { type ClientFrame, type EVENT, FORM, hadUnsafeKey, NAVIGATE, weightOf } from "@overwire/client/wire";
import type { EventBudget } from "../runtime/event-budget.ts";
import type { Limits } from "../runtime/services.ts";
import type { ViewProcess } from "../runtime/view-process.ts";
import { decodePayload } from "./event-payload.ts";
import type { PendingJoin } from "./join-queue.ts";

/** Answered under its ref. */
export type EventFrame = Extract<
  ClientFrame,
  readonly [typeof EVENT | typeof FORM | typeof NAVIGATE, ...unknown[]]
>;

export class JoinedView {
  /** Undefined while it is being joined. */
  viewProcess: ViewProcess | undefined;
  /** Undefined when it is done. */
  join: PendingJoin | undefined;
  /** A right may have been withdrawn while it was joined. */
  recheck = false;
  /** Number of the join. */
  readonly attempt: number | undefined;
  readonly #budget: EventBudget;
  /** Each with the size of its message, and its weight in memory. */
  #waiting: (readonly [frame: EventFrame, bytes: number, weight: number])[] | undefined;

  constructor(join: PendingJoin, attempt: number | undefined, budget: EventBudget) {
    this.join = join;
    this.attempt = attempt;
    this.#budget = budget;
  }

  /**
   * Keeps an event until the join is done.
   * @returns the limit that it would exceed
   */
  queue(frame: EventFrame, bytes: number, { queuedEvents, queuedBytes }: Limits): string | undefined {
    const weight = bytes + weightOf(frame[0] === FORM ? frame[5] : frame[4]);
    if (!this.#budget.hasRoom(weight)) {
      this.#budget.refuse();
      return `${queuedBytes} bytes of events`;
    }
    const waiting = (this.#waiting ??= []);
    if (waiting.length >= queuedEvents) return `${queuedEvents} events`;
    waiting.push([frame, bytes, weight]);
    this.#budget.add(weight);
    return undefined;
  }

  /** Hands over the queue, which its caller may drop. */
  take(): readonly (readonly [frame: EventFrame, bytes: number, weight: number])[] {
    const all = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const [, , weight] of all) this.#budget.add(-weight);
    return all;
  }
}

/** Brings a view an event. */
export function deliverEvent(viewProcess: ViewProcess, frame: EventFrame, bytes: number): void {
  if (frame[0] === NAVIGATE) {
    viewProcess.patch(frame[2], frame[3], frame[4], bytes);
    return;
  }
  const isForm = frame[0] === FORM;
  // Decoded in its turn: a form takes more room than its text, by which waiting events are weighed.
  const payload = isForm || hadUnsafeKey(frame) ? () => decodePayload(frame) : frame[4];
  const weight = payload === frame[4] ? bytes : bytes + weightOf(isForm ? frame[5] : frame[4]);
  viewProcess.event(frame[2], frame[3], payload, isForm ? frame[6] : frame[5], weight);
}
