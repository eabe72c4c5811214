/** The streams of one view: which of them its client has, and the live components that stand in their items. */
import type { Differ } from "../../template/diff.ts";
import { ComponentSlot } from "../../template/render-context.ts";
import { eachLeaf, type Rendered } from "../../template/rendered-tree.ts";
import type { StreamQueue } from "../../template/stream-queue.ts";
import { UnackedStreamChanges } from "./unacked-stream-changes.ts";

/** Live components of an item. */
interface ItemComponents {
  readonly components: readonly ComponentSlot[];
  /** Number of the message that took them to the client. */
  readonly sent: number;
}

/** Position of a stream. Nothing else of its items is kept. */
interface Place {
  /** By item the live components in it. */
  readonly items: Map<unknown, ItemComponents>;
  /** The live component that shows it, undefined if that is the view. */
  owner: ComponentSlot | undefined;
  /** Number of the newest message about its items that cannot be sent again. */
  dropped: number;
}

export class StreamComponents {
  /** Streams that have a place. */
  readonly #all = new Map<StreamQueue, Place>();
  #numbers = 0;
  /** Number of the rendering under way. */
  #rendering: number;
  #visited: StreamQueue[] = [];
  readonly #log = new UnackedStreamChanges((queue, sent) => {
    const place = this.#all.get(queue);
    if (place) place.dropped = sent;
  });

  /** @param rendering number of the rendering under way */
  constructor(rendering: number) {
    this.#rendering = rendering;
  }

  /** Set if there are any. */
  get any(): boolean {
    return this.#all.size > 0;
  }

  begin(rendering: number): void {
    this.#rendering = rendering;
    this.#visited = [];
  }

  /** The client has no tree. @param resumed but the items that it was sent */
  renew(resumed: boolean): void {
    for (const [queue, { items, dropped }] of this.#all) {
      queue.placements = 0;
      const { afresh, changes } = this.#log.take(queue);
      // A client that has no items is sent all of the stream's, if they are still known.
      const goesOn = resumed || (afresh && dropped === 0);
      queue.missed = goesOn ? changes : [];
      queue.afresh = goesOn && afresh;
      if (goesOn) continue;
      queue.known = false;
      items.clear();
    }
  }

  /**
   * A rendering comes to a stream.
   * @param owner the live component that is rendered
   * @throws Error if it has been there before
   */
  place(queue: StreamQueue, owner: ComponentSlot | undefined): void {
    if (queue.visited === this.#rendering) throw new Error(twice(queue));
    queue.visited = this.#rendering;
    queue.number ||= ++this.#numbers;
    this.#visited.push(queue);
    const place = this.#all.get(queue);
    if (place) place.owner = owner;
    else this.#all.set(queue, { items: new Map(), owner, dropped: 0 });
  }

  /** Live components that show streams in which something waits, and that the rendering did not come to. */
  *overlooked(): Iterable<ComponentSlot> {
    for (const [queue, { owner }] of this.#all) {
      if (owner && queue.placements > 0 && queue.pending.length && queue.visited !== this.#rendering)
        yield owner;
    }
  }

  /** Records live components in items that this rendering inserts, removes and replaces. @param sent number of its message */
  hold(differ: Differ, sent: number): void {
    for (const queue of this.#visited) {
      const { items } = this.#all.get(queue) as Place;
      const release = (id: unknown) => {
        for (const each of items.get(id)?.components ?? []) differ.release(each);
        items.delete(id);
      };
      for (const change of queue.taken) {
        if ("r" in change) for (const id of [...items.keys()]) release(id);
        if ("d" in change) for (const id of change.d) release(id);
        if (!("i" in change)) continue;
        for (const [id, item] of change.i) {
          const components: ComponentSlot[] = [];
          eachLeaf(item as Rendered, (leaf) => leaf instanceof ComponentSlot && components.push(leaf));
          if (id) release(id);
          if (components.length) items.set(id || item, { components, sent });
        }
      }
    }
  }

  /** A stream has left its position. If it has no other, its items are gone. */
  released(queue: StreamQueue, differ: Differ): void {
    if (queue.placements > 0) return;
    for (const { components } of this.#all.get(queue)?.items.values() ?? [])
      for (const each of components) differ.release(each);
    this.#forget(queue);
  }

  /** Forgets those that stand nowhere. */
  sweep(): void {
    for (const queue of this.#all.keys()) if (queue.placements === 0) this.#forget(queue);
  }

  #forget(queue: StreamQueue): void {
    queue.known = false;
    queue.missed = [];
    queue.afresh = false;
    this.#log.forget(queue);
    this.#all.delete(queue);
    queue.onTaken?.();
  }

  /**
   * The rendering is over, and its message made.
   * @param sent number of the message
   * @throws Error if one has two positions
   */
  end(sent: number): void {
    for (const queue of this.#visited) {
      // Its other place is in a memo that was not rendered again.
      if (queue.placements > 1) throw new Error(twice(queue));
      const { taken, known, afresh } = queue;
      const isNew = afresh || !known;
      if (taken.length || isNew) this.#log.add(queue, sent, isNew, taken);
      queue.taken = queue.missed = [];
      queue.afresh = false;
      queue.known = queue.placements > 0;
      if (taken.length) queue.onTaken?.();
    }
  }

  /** The client has got all messages up to this one. */
  seen(sent: number): void {
    this.#log.seen(sent);
  }

  /** Tells if a client can go on that has got all messages up to this one. */
  resumable(seen: number): boolean {
    for (const { items, dropped } of this.#all.values()) if (items.size || dropped > seen) return false;
    return true;
  }

  /**
   * The client has dropped items with these live components in them.
   * @param seen number of the last message that the client had got; items that were sent later are there
   *   again
   * @returns components that no item holds any more
   */
  gone(numbers: readonly number[], seen: number): ComponentSlot[] {
    const gone = new Set(numbers);
    return [...this.#all.values()].flatMap(({ items }) =>
      [...items].flatMap(([id, { components, sent }]) => {
        if (sent > seen || !components.some(({ number }) => gone.has(number))) return [];
        items.delete(id);
        return components;
      }),
    );
  }
}

const twice = ({ name }: StreamQueue) =>
  `The stream${name && ` ${name}`} stands in two places of one rendering. Its items are in the page only once: give each place a stream of its own.`;

/** A likely mistake of the author. */
export const repeatedIn = ({ name, repeated }: StreamQueue) => ({
  problem: `Two items that are put into the stream ${name} together have the id ${JSON.stringify(repeated)}: only the last one is shown. Give each its own.`,
  certain: false,
});
