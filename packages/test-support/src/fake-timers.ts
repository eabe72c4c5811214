/** Timers in the hands of the tests of a file. */
import { afterEach, beforeEach, vi } from "vitest";

/** @param options `jitter: false` has delays that are random otherwise be the same each time */
export function useFakeTimers({ jitter = true }: { readonly jitter?: boolean } = {}): void {
  beforeEach(() => {
    vi.useFakeTimers();
    if (!jitter) vi.spyOn(Math, "random").mockReturnValue(0.5);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
}
