/** Messages of a view for its page besides the tree: events that wait to be sent, and sent ones that its client may have missed. */
import { type Extras, type Navigation, type PushedEvent, SESSION } from "@overwire/client/wire";

/** Bounds on the messages that are kept. */
export interface UnackedMessageLimits {
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
  /** Serialised when it was sent: the author may change the object afterwards. */
  readonly json: string;
  readonly events: number;
}

/** Messages that are sent again to a client that comes back. */
export interface ResentMessages {
  readonly events: readonly PushedEvent[];
  /** Navigation of the page by a nested view. */
  readonly navigation: Navigation | undefined;
  readonly replies: readonly (readonly [ref: number, extras: Extras])[];
}

type UnackedExtras = Pick<Extras, "e" | "r" | "x"> & { readonly n?: Navigation };

const nothing: ResentMessages = { events: [], navigation: undefined, replies: [] };

export class UnackedMessages {
  readonly #limits: UnackedMessageLimits;
  #waiting: PushedEvent[] | undefined;
  /** Size of the waiting events, counted from when they could not be sent. */
  #waitingBytes = 0;
  #unseen: Unseen[] = [];
  #unseenEvents = 0;
  #unseenBytes = 0;
  /** Number of the newest message of which something was dropped. */
  #dropped = 0;
  /** An event was dropped that was never sent. */
  #isLossy = false;

  constructor(limits: UnackedMessageLimits) {
    this.#limits = limits;
  }

  /** Events wait. */
  get any(): boolean {
    return this.#waiting !== undefined;
  }

  /** So many events wait that they are sent now, or the client is given up if it does not read. */
  get much(): boolean {
    const { pushedEvents, bufferedBytes } = this.#limits;
    const count = this.#waiting?.length ?? 0;
    return count >= pushedEvents / 2 || this.#waitingBytes >= bufferedBytes / 2;
  }

  /**
   * Takes an event for the page.
   * @param blocked there is no client, or it does not read
   * @returns true if there was room
   * @throws TypeError if the payload has no JSON
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
   * Keeps the contents of a message until the client acknowledges it.
   * @param nested its navigations are kept too: a page's own can be told by its URL
   */
  keep(sent: number, ref: number, { e, n: to, r, x }: Extras, isChild: boolean): void {
    // A session is offered again by the view itself, as long as it waits for it.
    const n = to && isChild && to[0] !== SESSION ? to : undefined;
    const isReply = ref > 0 && (r !== undefined || x !== undefined);
    if (!e && !isReply && !n) return;
    const kept: UnackedExtras = {
      ...(e && { e }),
      ...(n && { n }),
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

  /** Tells if events or replies were dropped that are newer than this message, the last one that the client was shown. */
  lacks(seen: number): boolean {
    return this.#isLossy || seen < this.#dropped;
  }

  /** Nothing waits, and nothing is kept. */
  get empty(): boolean {
    return !this.#waiting && !this.#unseen.length;
  }

  /** Size in characters, as far as it was counted. */
  get size(): number {
    return this.#waitingBytes + this.#unseenBytes;
  }

  /** All events of an ended view that are newer than this message, the last one that the client was shown. */
  unseen(seen: number): readonly PushedEvent[] {
    this.seen(seen);
    return [...this.again().events, ...(this.take() ?? [])];
  }

  /** Events whose replies are kept. */
  get refs(): readonly number[] {
    return this.#unseen.flatMap(({ ref }) => ref || []);
  }

  /** Takes out the events and replies that the client has not seen, in order. */
  again(): ResentMessages {
    this.#isLossy = false;
    if (!this.#unseen.length) return nothing;
    const events: PushedEvent[] = [];
    const replies: (readonly [ref: number, extras: Extras])[] = [];
    let navigation: Navigation | undefined;
    for (const { ref, json } of this.#unseen) {
      const { e, n, ...reply } = JSON.parse(json) as UnackedExtras;
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
