/** The little statistics there is. */

/** The middle of some figures; of an even number the mean of the two in the middle. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
}

/** The figure below which a share of them lies; `sorted` must be. */
export const quantile = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

/** The median of what `read` says of each round, so that what is compared was measured side by side. */
export const over = <Round>(rounds: readonly Round[], read: (round: Round) => number): number =>
  median(rounds.map(read));
