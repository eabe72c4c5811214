/** Pending changes of a stream: kept until the next rendering, then forgotten. */
import { applyChange, type Keyed, type StreamChange } from "@overwire/client/wire";

/** Options of an insertion. */
export interface Insertion {
  /** Position among the stream's items; below 0 the end. */
  readonly at: number;
  /** Number of items that stay, the first ones, or of a negative number the last ones; 0 for all. */
  readonly limit: number;
  /** Only items that are there already are brought up to date. */
  readonly updateOnly: boolean;
}

/** An item as it waits for its rendering. An empty id is that of an item which is always new. */
export type QueuedItem = [id: string, item: unknown];

interface Block {
  entries: QueuedItem[];
  readonly insertion: Insertion;
}

/** A change that waits for its rendering. */
export type QueuedChange = Block | { readonly gone: Set<string> } | "reset";

/** Pending changes that may accumulate before they are merged. */
const MOST_PENDING = 1000;

/** One list. It stands in the tree that the server keeps like a value that never changes. */
export class StreamQueue {
  /** For errors. */
  name = "";
  /** Under which the client keeps its items; the view that shows it first gives it one. */
  number = 0;
  /** Positions in kept trees: one, or none. */
  placements = 0;
  /** Number of the last rendering in which it stood. */
  visited = 0;
  /** The client has its items. */
  known = false;
  /** Changes that wait, in order. They are as many as needed to be what was called one after the other. */
  pending: QueuedChange[] = [];
  /** Changes that the current rendering shows, with their items rendered. */
  taken: readonly StreamChange<unknown>[] = [];
  /** Changes of earlier messages that the client has not got, before {@link taken}. */
  missed: readonly StreamChange<unknown>[] = [];
  /** The first of those changes began the stream. */
  afresh = false;
  /** An id that two items of one block have, in development. */
  repeated: string | undefined;
  /** Called when a rendering for the client has taken what is pending, or has left no place for it. */
  onTaken: (() => void) | undefined;
  /** Entries of blocks that could still be changed without a difference to what else waits. */
  readonly #waiting = new Map<string, { readonly entry: QueuedItem; readonly block: Block }>();
  #gone: Set<string> | undefined;
  /**
   * Set once a queued insert depends on positions (`at`, `limit`): later deletions cannot be moved before it
   * any more.
   */
  #isCounted = false;
  /** Some of the entries that wait may have been dropped already, by the limit of their block. */
  #isLimited = false;
  /** Items that the client has at most. */
  #most = 0;

  /** Puts items in, as a block: one with what was put in right before at the same end in the same way. */
  insert(entries: readonly QueuedItem[], insertion: Insertion): void {
    const { at, limit } = insertion;
    if (!entries.length && !limit) return;
    const last = this.pending.at(-1);
    const goesOn = isBlock(last) && at <= 0 && isSame(last.insertion, insertion);
    if (!goesOn && (limit || this.#isLimited)) this.#waiting.clear();
    const block: Block = goesOn ? last : { entries: [], insertion };
    const fresh = this.#fresh(entries, block);
    // A limit counts even if all items are queued already.
    if (!fresh.length && (goesOn || !limit)) return;
    if (at < 0) for (const entry of fresh) block.entries.push(entry);
    else block.entries = fresh.concat(block.entries);
    if (!goesOn) this.pending.push(block);
    this.#isLimited = limit !== 0;
    this.#isCounted ||= at > 0 || limit !== 0;
    this.#applyLimit(block);
    if (this.pending.length > MOST_PENDING && !this.#goesOn) this.#compact();
  }

  /** Entries that do not wait yet; of the others the newer item takes the place of the older. */
  #fresh(entries: readonly QueuedItem[], block: Block): QueuedItem[] {
    const fresh: QueuedItem[] = [];
    for (const entry of entries) {
      const [id, item] = entry;
      const waiting = this.#waiting.get(id);
      const isMore = waiting?.block.insertion.updateOnly && !block.insertion.updateOnly;
      if (waiting && !isMore) waiting.entry[1] = item;
      else {
        if (waiting) this.#takeOut(id);
        fresh.push(entry);
        if (id) this.#waiting.set(id, { entry, block });
      }
    }
    return fresh;
  }

  #takeOut(id: string): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    const { entry, block } = waiting;
    this.#waiting.delete(id);
    block.entries = block.entries.filter((each) => each !== entry);
    if (!block.entries.length) this.pending = this.pending.filter((each) => each !== block);
  }

  /** The client has items that may stay. */
  get #goesOn(): boolean {
    return this.known && this.pending[0] !== "reset";
  }

  /** Takes out of a block that may go on growing what its limit drops in any case. */
  #applyLimit({ entries, insertion: { at, limit, updateOnly } }: Block): void {
    const surplus = entries.length - Math.abs(limit);
    if (!limit || updateOnly || surplus <= 0) return;
    const changes = changesOf(this.pending.slice(0, -1));
    const most = mostAfter(changes, this.#goesOn ? this.#most : 0);
    // So many of them may be there already, and only be brought up to date.
    if (surplus <= most || (most && (at > 0 || at < 0 !== limit < 0))) return;
    const cut = limit < 0 ? entries.splice(0, surplus - most) : entries.splice(limit + most);
    for (const [id] of cut) this.#waiting.delete(id);
  }

  /** Takes an item away. */
  delete(id: string): void {
    if (this.#isCounted) {
      this.#open();
      this.pending.push({ gone: (this.#gone = new Set()) });
    } else this.#takeOut(id);
    if (!this.#gone) {
      this.#gone = new Set();
      this.pending.splice(this.pending[0] === "reset" ? 1 : 0, 0, { gone: this.#gone });
    }
    this.#gone.add(id);
  }

  /** Takes all items away, and those that wait. */
  reset(): void {
    this.pending = ["reset"];
    this.#open();
  }

  /** Later changes find nothing in the queue that they could change. */
  #open(): void {
    this.#waiting.clear();
    this.#gone = undefined;
    this.#isCounted = this.#isLimited = false;
  }

  /** Merges the queue into one block if the client has nothing that it could change. */
  #compact(): void {
    const entries = this.all();
    this.pending = this.known ? ["reset"] : [];
    this.#open();
    this.insert(entries, { at: -1, limit: 0, updateOnly: false });
  }

  /** Takes what waits, as the client is told of it. */
  take(): readonly StreamChange<unknown>[] {
    if (!this.#goesOn) this.#compact();
    const changes = changesOf(this.pending);
    this.#most = mostAfter(changes, this.known ? this.#most : 0);
    this.pending = [];
    this.#open();
    return changes;
  }

  /** All items, for a client that has none. */
  all(): QueuedItem[] {
    const list: Keyed<unknown> = { keys: [], there: new Map() };
    for (const change of changesOf(this.pending)) applyChange(list, change, (item) => item, new Map());
    return list.keys.map((key) => [typeof key === "string" ? key : "", list.there.get(key)]);
  }
}

const isBlock = (change: QueuedChange | undefined): change is Block =>
  typeof change === "object" && "entries" in change;

const isSame = (a: Insertion, b: Insertion) =>
  a.at === b.at && a.limit === b.limit && a.updateOnly === b.updateOnly;

const changesOf = (pending: readonly QueuedChange[]): StreamChange<unknown>[] =>
  pending.map((change) => {
    if (change === "reset") return { r: 1 };
    if (!isBlock(change)) return { d: [...change.gone] };
    const { at, limit, updateOnly } = change.insertion;
    return {
      i: change.entries,
      ...(at >= 0 && { a: at }),
      ...(limit && { l: limit }),
      ...(updateOnly && { u: 1 as const }),
    };
  });

/** Upper bound of the number of items after changes, given the number before. */
function mostAfter(changes: readonly StreamChange<unknown>[], before: number): number {
  let most = before;
  for (const change of changes) {
    if ("r" in change) most = 0;
    if (!("i" in change)) continue;
    if (!change.u) most += change.i.length;
    if (change.l) most = Math.min(most, Math.abs(change.l));
  }
  return most;
}
