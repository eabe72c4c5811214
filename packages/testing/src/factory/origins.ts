/** Objects of factories: how each is saved, and that it is saved once. */
import type { Insert } from "./types.ts";

/** Of an object that a factory built, or of the row that it became. */
export interface Origin {
  /** Of the object that was built. */
  readonly built: object;
  insert: Insert<never> | undefined;
  /** Names of the attributes that a test, a trait or a parent gave. */
  readonly given: Set<PropertyKey>;
  saved?: Promise<unknown>;
  isRow: boolean;
}

const origins = new WeakMap<object, Origin>();

export const originOf = (value: object): Origin | undefined => origins.get(value);

/** Makes an object known as one that a factory built. */
export function register(
  built: object,
  insert: Insert<never> | undefined,
  given: Iterable<PropertyKey>,
): void {
  origins.set(built, { built, insert, given: new Set(given), isRow: false });
}

/** Makes a row known as saved. */
export function registerRow(row: unknown, origin: Origin): void {
  if (typeof row === "object" && row !== null)
    origins.set(row, { ...origin, saved: Promise.resolve(row), isRow: true });
}
