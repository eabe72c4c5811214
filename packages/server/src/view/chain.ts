/** Steps that follow each other at once, and wait only for code of the author's that is asynchronous. */

/** Goes on with a value at once, or with the value of a promise when it is there. */
export const chain = <T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> =>
  value instanceof Promise ? value.then(next) : next(value);

export const isPromiseLike = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";

/** Not every thenable keeps its word. */
export const promiseOf = <T>(value: PromiseLike<T>): Promise<T> =>
  value instanceof Promise ? value : Promise.resolve(value);
