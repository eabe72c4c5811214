/** Sequences: numbers that tests take by a name. */

const numbers = new Map<string, number>();
let round = 0;

/** A number that is another each time that sequences begin again. */
export const sequenceRound = (): number => round;

export interface SequenceOptions {
  /** First number, default 0. */
  readonly start?: number;
}

/** Of lists the values one after the other, of a function its results, otherwise the name and a number: from 0. */
export interface Sequence {
  (name: string): string;
  <const V>(name: string, values: readonly [V, ...V[]], options?: SequenceOptions): V;
  <R>(name: string, value: (n: number) => R, options?: SequenceOptions): R;
}

/** The same in a factory: without a name it is the number of the object in its factory. */
export interface SequenceOf extends Sequence {
  (): number;
}

/**
 * The next value of a sequence, for all factories that use its name.
 * @example sequence("email", (n) => `jane${n}@example.com`)
 * @example sequence("role", ["admin", "user"])
 */
export const sequence: Sequence = (
  name: string,
  values: readonly unknown[] | ((n: number) => unknown) = (n) => `${name}${n}`,
  { start = 0 }: SequenceOptions = {},
): never => {
  const n = numbers.get(name) ?? start;
  numbers.set(name, n + 1);
  const value = typeof values === "function" ? values(n) : values[n % values.length];
  // Its overloads say the type.
  return value as never;
};

/**
 * Begins sequences again, and the numbers of all factories if no names are given.
 * @example beforeEach(() => resetSequences());
 */
export function resetSequences(...names: string[]): void {
  for (const name of names) numbers.delete(name);
  if (names.length > 0) return;
  numbers.clear();
  round++;
}
