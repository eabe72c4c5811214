/** Retries of a join after the view ended or could not be joined, with growing delays. */
import type { EndCode } from "../wire/frames.ts";

/** Delays in milliseconds; the last one from then on. */
const RETRIES = [50, 1000, 2000, 5000, 10_000] as const;
/** If a limit is in the way of the view, the last delay is multiplied by its failures, up to this factor. */
const MOST = 6;
/** A view that was never joined is given up after so many failures. */
const ATTEMPTS = 3;
/** A view that lived this long, in milliseconds, did not crash at once. */
const STABLE = 5000;

export interface JoinRetry {
  /** The view has ended. @param lived for how long it was joined, in milliseconds */
  failed(lived: number): void;
  /** It has failed too often for a view that has never been joined. */
  readonly hopeless: boolean;
  later(code: EndCode): void;
  stop(): void;
}

export function createRetry(
  { setTimeout, clearTimeout }: Window & typeof globalThis,
  join: () => void,
): JoinRetry {
  let failures = 0;
  let timer: number | undefined;
  return {
    failed(lived) {
      if (lived > STABLE) failures = 0;
      failures++;
    },
    get hopeless() {
      return failures >= ATTEMPTS;
    },
    later(code) {
      const delay =
        // There is no room for the view, or its join cannot get through.
        /^too/.test(code)
          ? RETRIES[4] * Math.min(failures, MOST)
          : (RETRIES[Math.min(failures, RETRIES.length) - 1] as number);
      timer = setTimeout(join, delay * (0.75 + Math.random() / 2));
    },
    stop: () => clearTimeout(timer),
  };
}
