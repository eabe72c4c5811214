/** What a view has for its page beside the tree: events that wait to be sent, and what was sent that its client may not have got. */
import type { Extras, Navigation, PushedEvent } from "../wire/messages.ts";

/** How much of it may be kept. */
export interface OutboxLimits {
  readonly pushedEvents: number;
  readonly queuedEvents: number;
  readonly bufferedBytes: number;
}

/** Events and a reply that one message brought. */
interface Unseen {
  /** Number of the message. */
  readonly sent: number;
  /** The client's event that it answered, 0 if none. */
  readonly ref: number;
  /** As it was sent: what the author holds of it may change. */
  readonly json: string;
  readonly events: number;
}

/** What is sent again to a client that comes back. */
export interface Again {
  readonly events: readonly PushedEvent[];
  /** Where a nested view sent the page. */
  readonly navigation: Navigation | undefined;
  readonly replies: readonly (readonly [ref: number, extras: Extras])[];
}

type Kept = Pick<Extras, "e" | "n" | "r" | "x">;

const nothing: Again = { events: [], navigation: undefined, replies: [] };

export class Outbox {
  readonly #limits: OutboxLimits;
  #waiting: PushedEvent[] | undefined;
  /** Size of those that wait, of as many as came while they could not be sent. */
  #waitingBytes = 0;
  #unseen: Unseen[] = [];
  #unseenEvents = 0;
  #unseenBytes = 0;
  /** Number of the newest message of which something was dropped. */
  #dropped = 0;
  /** An event was dropped that was never sent. */
  #isLossy = false;

  constructor(limits: OutboxLimits) {
    this.#limits = limits;
  }

  /** Events wait. */
  get any(): boolean {
    return this.#waiting !== undefined;
  }

  /** So many wait that a client which reads is sent them now, and one which does not is given up. */
  get much(): boolean {
    const { pushedEvents, bufferedBytes } = this.#limits;
    const count = this.#waiting?.length ?? 0;
    return count >= pushedEvents / 2 || this.#waitingBytes >= bufferedBytes / 2;
  }

  /**
   * Takes an event for the page.
   * @param blocked there is nobody to send it to, or only somebody who does not read
   * @returns whether there was room
   * @throws TypeError for what has no JSON
   */
  push(event: PushedEvent, blocked: boolean): boolean {
    const { pushedEvents, bufferedBytes } = this.#limits;
    const waiting = (this.#waiting ??= []);
    if (blocked) {
      const size = JSON.stringify(event).length;
      if (waiting.length >= pushedEvents || this.#waitingBytes + size > bufferedBytes) {
        this.#isLossy = true;
        return false;
      }
      this.#waitingBytes += size;
    }
    waiting.push(event);
    return true;
  }

  /** Events that are to be sent now. */
  take(): readonly PushedEvent[] | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#waitingBytes = 0;
    return waiting;
  }

  /**
   * Keeps what a message brings until the client says that it has it.
   * @param nested its navigations are kept too: a page's own can be told by its URL
   */
  keep(sent: number, ref: number, { e, n, r, x }: Extras, nested: boolean): void {
    const isReply = ref > 0 && (r !== undefined || x !== undefined);
    if (!e && !isReply && !(n && nested)) return;
    const kept: Kept = {
      ...(e && { e }),
      ...(n && nested && { n }),
      ...(isReply && r !== undefined && { r }),
      ...(isReply && x && { x }),
    };
    const json = JSON.stringify(kept);
    const events = e?.length ?? 0;
    this.#unseen.push({ sent, ref: isReply ? ref : 0, json, events });
    this.#unseenEvents += events;
    this.#unseenBytes += json.length;
    const { pushedEvents, queuedEvents, bufferedBytes } = this.#limits;
    // A reply for each event that may be under way, and as many events of the view's own.
    while (
      this.#unseen.length > 2 * queuedEvents ||
      this.#unseenEvents > pushedEvents ||
      this.#unseenBytes > bufferedBytes
    ) {
      this.#dropped = (this.#unseen[0] as Unseen).sent;
      this.#forget(1);
    }
  }

  /** The client has got all messages up to this one. */
  seen(sent: number): void {
    const next = this.#unseen.findIndex((each) => each.sent > sent);
    this.#forget(next < 0 ? this.#unseen.length : next);
  }

  /** Whether something is gone that a client has not got which was shown all up to this message. */
  lacks(seen: number): boolean {
    return this.#isLossy || seen < this.#dropped;
  }

  /** Nothing waits, and nothing is kept. */
  get empty(): boolean {
    return !this.#waiting && !this.#unseen.length;
  }

  /** In characters, as far as it was counted. */
  get size(): number {
    return this.#waitingBytes + this.#unseenBytes;
  }

  /** All events of a view that is over, for a client that was shown all up to this message. */
  unseen(seen: number): readonly PushedEvent[] {
    this.seen(seen);
    return [...this.again().events, ...(this.take() ?? [])];
  }

  /** Events that are answered by what is kept. */
  get refs(): readonly number[] {
    return this.#unseen.flatMap(({ ref }) => ref || []);
  }

  /** What the client has not seen, in order. It is not kept any longer. */
  again(): Again {
    this.#isLossy = false;
    if (!this.#unseen.length) return nothing;
    const events: PushedEvent[] = [];
    const replies: (readonly [ref: number, extras: Extras])[] = [];
    let navigation: Navigation | undefined;
    for (const { ref, json } of this.#unseen) {
      const { e, n, ...reply } = JSON.parse(json) as Kept;
      if (e) events.push(...e);
      if (n) navigation = n;
      if (ref) replies.push([ref, reply]);
    }
    this.#forget(this.#unseen.length);
    return { events, navigation, replies };
  }

  #forget(count: number): void {
    for (const { events, json } of this.#unseen.splice(0, count)) {
      this.#unseenEvents -= events;
      this.#unseenBytes -= json.length;
    }
  }
}
