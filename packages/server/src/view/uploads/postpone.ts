/** Keeping a file for later: a result of the callback of an upload's `consume` instead of a value. */

const postponed: unique symbol = Symbol("overwire.postponed");

/** A result of {@link postpone}. */
export interface Postponed<Value> {
  readonly [postponed]: Value;
}

/** Type of a callback's result in the list of results. */
export type Consumed<Result> = Result extends Postponed<infer Value> ? Value : Result;

/**
 * Keeps the entry and its file, to be consumed another time.
 * @param value goes into the list of results
 * @example
 * await this.photos.consume(({ path }) => (busy ? postpone("later") : move(path)));
 */
export const postpone = <Value>(value: Value): Postponed<Value> => ({ [postponed]: value });

/** Tells if a callback wants to keep the entry. */
export const isPostponed = (result: unknown): result is Postponed<unknown> =>
  typeof result === "object" && result !== null && postponed in result;

/** The value that goes into the list of results. */
export const consumed = <Result>(result: Result): Consumed<Result> =>
  (isPostponed(result) ? result[postponed] : result) as Consumed<Result>;
