/** The owner of a view: visitor, address and user, by which waiting views are shared out and sessions are ended. */

import type { SessionTimes } from "./session-clock.ts";

/** Owner in a page's request, or in the join that mounted the view. */
export interface ViewOwner {
  /** The visitor's secret id. */
  readonly visitor: string;
  /** Network address of the client, "" if it is not known. */
  readonly address: string;
  /** The user's name by `createApp({ identify })`. */
  readonly name: string | undefined;
  /** Number of disconnects before the view was made. */
  readonly epoch: number;
  /** The end of the visitor's session, if there is one. */
  readonly times?: SessionTimes | undefined;
}

interface HasOwner {
  readonly owner: ViewOwner | undefined;
}

/**
 * Chooses the views that have to go if too many wait: always the oldest of the address that has most, and
 * among those of one address the oldest of the visitor that has most. So a client with many pushes out its
 * own.
 * @param all the oldest first
 * @param count of views that have to go
 */
export function chooseEvicted<T extends HasOwner>(all: Iterable<T>, count: number): readonly T[] {
  const ofVisitor = counter();
  const newestFirst = [...all].reverse();
  const ranked = newestFirst.map((item) => ({ item, rank: ofVisitor(item.owner?.visitor ?? "") }));
  const ofAddress = counter();
  // Sorting is stable: within a rank the newest come first.
  const byVisitor = ranked.sort(byRank).map(({ item }) => ({
    item,
    rank: ofAddress(item.owner?.address ?? ""),
  }));
  return byVisitor
    .sort(byRank)
    .slice(-count)
    .map(({ item }) => item);
}

const byRank = (one: { readonly rank: number }, other: { readonly rank: number }) => one.rank - other.rank;

/** Counts the earlier occurrences of a key. */
function counter(): (key: string) => number {
  const counts = new Map<string, number>();
  return (key) => {
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    return count;
  };
}
