/** Random choices that a seed repeats. */
import { createRandom } from "../chaos/random.ts";

export class Random {
  readonly #random: ReturnType<typeof createRandom>;

  /** @param seed its parts: equal ones give equal choices */
  constructor(...seed: readonly number[]) {
    this.#random = createRandom(...seed);
  }

  /** A whole number from 0 up to, not including, `end`. */
  below(end: number): number {
    return Math.floor(this.#random.next() * end);
  }

  chance(probability: number): boolean {
    return this.#random.chance(probability);
  }

  pick<T>(from: readonly T[]): T {
    return this.#random.pick(from);
  }

  /** Mostly small. */
  size(most: number): number {
    return Math.floor(most * this.#random.next() ** 6);
  }

  /** Makes several of something. */
  several<T>(most: number, make: () => T): T[] {
    return Array.from({ length: 1 + this.below(most) }, make);
  }
}
