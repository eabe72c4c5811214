/** Delays before a view that ended is joined again. */
import { useFakeTimers } from "@overwire/test-support/fake-timers";
import { testWindow } from "@overwire/test-support/test-window";
import { expect, test, vi } from "vitest";
import type { EndCode } from "../wire/frames.ts";
import { createRetry, type JoinRetry } from "./join-retry.ts";

useFakeTimers({ jitter: false });

function open() {
  let joins = 0;
  const retry = createRetry(testWindow().win, () => void joins++);
  return { retry, joins: () => joins };
}

/** Milliseconds until a view that ended after `lived` ms is joined again. */
function delayAfter(retry: JoinRetry, code: EndCode, lived = 0): number {
  const start = Date.now();
  retry.failed(lived);
  retry.later(code);
  vi.runAllTimers();
  return Date.now() - start;
}

test("joins again at first at once, then later each time", () => {
  const { retry, joins } = open();
  const delays = Array.from({ length: 6 }, () => delayAfter(retry, "crashed"));
  expect(delays).toEqual([50, 1000, 2000, 5000, 10_000, 10_000]);
  expect(joins()).toBe(6);
});

test("begins with short delays again after a view that lived for a while", () => {
  const { retry } = open();
  delayAfter(retry, "crashed");
  expect(delayAfter(retry, "crashed", 5000)).toBe(1000);
  expect(delayAfter(retry, "crashed", 5001)).toBe(50);
});

test("waits up to a minute if a limit is in the way", () => {
  const { retry } = open();
  const delays = Array.from({ length: 7 }, () => delayAfter(retry, "too_many") / 1000);
  expect(delays).toEqual([10, 20, 30, 40, 50, 60, 60]);
});

test("spreads the joins of many clients", () => {
  const { retry } = open();
  vi.mocked(Math.random).mockReturnValueOnce(0).mockReturnValueOnce(1);
  delayAfter(retry, "crashed", 0);
  expect(delayAfter(retry, "crashed")).toBe(1250);
});

test("is hopeless after three failures", () => {
  const { retry } = open();
  retry.failed(0);
  retry.failed(0);
  expect(retry.hopeless).toBe(false);
  retry.failed(0);
  expect(retry.hopeless).toBe(true);
});

test("does not join after it was stopped", () => {
  const { retry, joins } = open();
  retry.failed(0);
  retry.later("crashed");
  retry.stop();
  vi.runAllTimers();
  expect(joins()).toBe(0);
});
