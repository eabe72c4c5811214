/** The states of a loaded value in a template: loading, the value, or the error. */
import type { Child } from "../../template/html.ts";
import { checkFunction } from "../check-arguments.ts";
import type { AsyncResult } from "./async-result.ts";

/** Content for each state; nothing if it is left out. */
export interface AsyncResultParts<T> {
  /** There is no value yet. */
  readonly loading?: Child | ((result: AsyncResult<T>) => Child);
  /** There is a value, also while it is loaded again or where that has failed: `result` tells. */
  readonly ok?: (value: T, result: AsyncResult<T>) => Child;
  /** There is no value, because of this error. */
  readonly failed?: Child | ((error: Error, result: AsyncResult<T>) => Child);
}

/**
 * Shows what a value's state calls for.
 * @example
 * html`${asyncResult(this.user, {
 *   loading: "Loading…",
 *   ok: (user) => html`<p>${user.name}</p>`,
 *   failed: (error) => html`<p role="alert">${error.message}</p>`,
 * })}`
 */
export function asyncResult<T>(result: AsyncResult<T>, parts: AsyncResultParts<T>): Child {
  const { loading, ok, failed } = parts;
  if (ok !== undefined)
    checkFunction(ok, "The ok of asyncResult", "ok: (value) => html`…`, which gets what was loaded");
  if (result.ok) return ok?.(result.result, result);
  if (result.failed) return typeof failed === "function" ? failed(result.failed, result) : failed;
  return typeof loading === "function" ? loading(result) : loading;
}
