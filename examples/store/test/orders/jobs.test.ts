import { deferred } from "@overwire/test-support/deferred";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startOrderJobs } from "../../src/orders/jobs.ts";
import { MINUTE } from "../../src/shared/clock.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("orders are compared with the gateway now and every five minutes, and expire each minute", async () => {
  const orders = { expire: vi.fn(async () => 0), reconcile: vi.fn(async () => 0) };
  const stop = startOrderJobs(orders);
  await vi.advanceTimersByTimeAsync(6 * MINUTE);
  expect([orders.reconcile.mock.calls.length, orders.expire.mock.calls.length]).toEqual([2, 7]);
  await stop();
  await vi.advanceTimersByTimeAsync(10 * MINUTE);
  expect(orders.expire).toHaveBeenCalledTimes(7);
});

test("a round that fails is reported, and one that takes long is not joined by a second", async () => {
  const failure = new Error("The database is away.");
  const orders = { expire: vi.fn(async () => 0), reconcile: vi.fn(() => Promise.reject(failure)) };
  const reported: unknown[] = [];
  const stop = startOrderJobs(orders, (error) => void reported.push(error));
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(reported).toEqual([failure]);
  const slow = deferred<number>();
  orders.expire.mockImplementation(() => slow.promise);
  await vi.advanceTimersByTimeAsync(3 * MINUTE);
  expect(orders.expire).toHaveBeenCalledTimes(2);
  slow.resolve(0);
  await stop();
});
