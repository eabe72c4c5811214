/** Who is behind a view: whose share of what waits it belongs to, and with whose session it ends. */

/** Of a page's request, or of the join that mounted the view. */
export interface Owner {
  /** The visitor's secret id. */
  readonly visitor: string;
  /** Network address of the client, "" if it is not known. */
  readonly address: string;
  /** The name of who is behind the session, of `createApp({ identify })`. */
  readonly name: string | undefined;
  /** How many disconnects had been asked for when the view was made. */
  readonly epoch: number;
}

interface Owned {
  readonly owner: Owner | undefined;
}

/**
 * Chooses what has to go where too much waits: always the oldest of the address that has most, and among those of one address
 * the oldest of the visitor that has most. So a client with many pushes out its own.
 * @param all the oldest first
 * @param count how many have to go
 */
export function leastFair<T extends Owned>(all: Iterable<T>, count: number): readonly T[] {
  const ofVisitor = counter();
  const newestFirst = [...all].reverse();
  const ranked = newestFirst.map((item) => ({ item, rank: ofVisitor(item.owner?.visitor ?? "") }));
  const ofAddress = counter();
  // Sorting is stable: of one rank the newest come first.
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

/** Counts how often it has been given a key before. */
function counter(): (key: string) => number {
  const counts = new Map<string, number>();
  return (key) => {
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    return count;
  };
}
