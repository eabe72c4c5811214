/** The last changes of a view's streams that its client may not have got: enough to go on after a short loss of the connection. */
import type { StreamChange } from "@overwire/client/wire";
import { Raw } from "../../template/raw.ts";
import { ComponentSlot } from "../../template/render-context.ts";
import { type Rendered, RenderedList, RenderedMemo, RenderedTemplate } from "../../template/rendered-tree.ts";
import type { StreamQueue } from "../../template/stream-queue.ts";

interface Entry {
  readonly queue: StreamQueue;
  /** Number of the message that brought them. */
  readonly sent: number;
  /** The stream began with them. */
  readonly afresh: boolean;
  readonly changes: readonly StreamChange<unknown>[];
  readonly weight: number;
}

/** Characters of items, about their size on the wire. More is not kept: the server holds no lists. */
const MOST = 65_536;
/** The same for the items with which a stream begins. */
const MOST_AT_FIRST = 16_384;
/** Weight of an item, a deletion or a slot besides its text. */
const EACH = 16;

export class UnackedStreamChanges {
  #entries: Entry[] = [];
  #weight = 0;
  readonly #dropped: (queue: StreamQueue, sent: number) => void;

  /** @param dropped is told of changes that are not kept any longer */
  constructor(dropped: (queue: StreamQueue, sent: number) => void) {
    this.#dropped = dropped;
  }

  add(queue: StreamQueue, sent: number, afresh: boolean, changes: readonly StreamChange<unknown>[]): void {
    const weight = EACH + changes.reduce((sum, change) => sum + weigh(change), 0);
    // Live components change by themselves, so their logged content may be out of date.
    if (weight === Number.POSITIVE_INFINITY || (afresh && weight > MOST_AT_FIRST)) {
      this.forget(queue);
      this.#dropped(queue, sent);
      return;
    }
    this.#entries.push({ queue, sent, afresh, changes, weight });
    this.#weight += weight;
    let surplus = 0;
    while (this.#weight > MOST) {
      const { queue, sent, weight } = this.#entries[surplus++] as Entry;
      this.#weight -= weight;
      this.#dropped(queue, sent);
    }
    if (surplus) this.#entries.splice(0, surplus);
  }

  /** The client has got all messages up to this one. */
  seen(sent: number): void {
    if (!this.#entries.length) return;
    this.#keep((entry) => {
      if (entry.sent <= sent) this.#dropped(entry.queue, entry.sent);
      return entry.sent > sent;
    });
  }

  forget(queue: StreamQueue): void {
    if (this.#entries.length) this.#keep((entry) => entry.queue !== queue);
  }

  /** Takes out the changes of a stream that the client has missed. The message that sends them has to be added again. */
  take(queue: StreamQueue): {
    readonly afresh: boolean;
    readonly changes: readonly StreamChange<unknown>[];
  } {
    const own = this.#entries.filter((entry) => entry.queue === queue);
    this.forget(queue);
    const start = own.findLastIndex(({ afresh }) => afresh);
    return {
      afresh: start >= 0,
      changes: own.slice(Math.max(0, start)).flatMap(({ changes }) => changes),
    };
  }

  #keep(isKept: (entry: Entry) => boolean): void {
    this.#entries = this.#entries.filter(isKept);
    this.#weight = this.#entries.reduce((sum, { weight }) => sum + weight, 0);
  }
}

function weigh(change: StreamChange<unknown>): number {
  if ("i" in change)
    return change.i.reduce((sum, [id, item]) => sum + EACH + id.length + weighKept(item as Rendered), 0);
  return "d" in change ? change.d.reduce((sum, id) => sum + EACH + id.length, 0) : EACH;
}

function weighKept(kept: Rendered): number {
  if (typeof kept === "string") return kept.length;
  if (kept instanceof RenderedTemplate)
    return kept.slots.reduce((sum: number, slot) => sum + EACH + weighKept(slot), EACH);
  if (kept instanceof RenderedMemo) return weighKept(kept.value);
  if (kept instanceof Raw) return kept.html.length;
  if (kept instanceof ComponentSlot) return Number.POSITIVE_INFINITY;
  if (kept instanceof RenderedList)
    return kept.items.reduce((sum: number, item) => sum + weighKept(item), EACH);
  return EACH;
}
