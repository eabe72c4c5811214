/** Errors of an app's code while a view is painted or joined: told once, and passed on as Hono wants them. */
import { GIVEN, type Given, type Report } from "../runtime/services.ts";

/** View and callback of each error that has been reported. */
const reported = new WeakMap<object, string>();

/** Tells if an error has been reported before, with more details. */
export const isReported = (error: unknown): boolean =>
  typeof error === "object" && error !== null && reported.has(error);

/** View and callback that threw an error, if a view did: `Checkout · mount`. */
export const reportedPlace = (error: object): string | undefined => reported.get(error);

/** A copy of an error comes from the same place. */
export function keepPlace(error: object, copy: object): void {
  const place = reported.get(error);
  if (place !== undefined) reported.set(copy, place);
}

/** The status of Hono's HTTPException, which is an answer rather than an accident. */
export function statusOf(error: unknown): number | undefined {
  const status =
    typeof error === "object" &&
    error !== null &&
    "getResponse" in error &&
    "status" in error &&
    error.status;
  return typeof status === "number" ? status : undefined;
}

/** Tells if an error is an answer like "404 Not Found". Never throws, whatever the error is. */
export function isAnswer(error: unknown): boolean {
  try {
    return (statusOf(error) ?? 500) < 500;
  } catch {
    return false;
  }
}

/** Reports an error of which not even the text may be had. Never throws. */
export function reportSafely(report: (report: Report) => void, told: Report): void {
  for (const error of [told.error, new Error("an error that could not be read")]) {
    try {
      return report({ ...told, error });
    } catch {}
  }
}

/** Reports the error of a view, unless it is an answer like "404 Not Found". */
export function reportOnce(
  report: (report: Report) => void,
  error: unknown,
  view: string,
  event: string,
  given?: Given,
): Error {
  // Hono passes on nothing but errors.
  const thrown =
    error instanceof Error ? error : new Error(`${view} threw ${String(error)}`, { cause: error });
  if ((statusOf(thrown) ?? 500) >= 500 && !isReported(thrown)) {
    reported.set(thrown, `${view} · ${event}`);
    report({
      kind: "crash",
      view,
      event,
      message: "the view could not be mounted",
      error: thrown,
      ...(given && { [GIVEN]: given }),
    });
  }
  return thrown;
}
