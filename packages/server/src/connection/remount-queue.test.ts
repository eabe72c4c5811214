import { deferred } from "@overwire/test-support/deferred";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RemountQueue } from "./remount-queue.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A queue with as many mounts under way as may run. */
function busy() {
  const queue = new RemountQueue();
  const mounts = Array.from({ length: 8 }, () => {
    const { promise, ...mount } = deferred<string>();
    return { ...mount, result: queue.run(() => promise, undefined) };
  });
  return { queue, mounts };
}

test("a mount begins at once if there is room", () => {
  const mount = vi.fn(async () => "mounted");
  void new RemountQueue().run(mount, undefined);
  expect(mount).toHaveBeenCalledOnce();
});

test("of many the later ones begin when earlier ones end, in their order", async () => {
  const { queue, mounts } = busy();
  const begun: number[] = [];
  const results = [1, 2].map((number) =>
    queue.run(async () => {
      begun.push(number);
      return number;
    }, undefined),
  );
  await vi.advanceTimersByTimeAsync(0);
  expect(begun).toEqual([]);
  mounts[3]?.resolve("mounted");
  expect(await Promise.all(results)).toEqual([1, 2]);
  expect(begun).toEqual([1, 2]);
});

test("a mount that fails makes room, and rejects for its own caller", async () => {
  const { queue, mounts } = busy();
  const next = queue.run(async () => "mounted", undefined);
  mounts[0]?.reject(new Error("no database"));
  await expect(mounts[0]?.result).rejects.toThrow("no database");
  expect(await next).toBe("mounted");
});

test("mounts that wait for something slow hold up others for a quarter of a second", async () => {
  const { queue } = busy();
  const mount = vi.fn(async () => "mounted");
  void queue.run(mount, undefined);
  await vi.advanceTimersByTimeAsync(249);
  expect(mount).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(mount).toHaveBeenCalledOnce();
});

test("none waits longer than three seconds, however many came before", async () => {
  const { queue } = busy();
  for (let count = 0; count < 1000; count++) void queue.run(() => new Promise(() => {}), undefined);
  const mount = vi.fn(async () => "mounted");
  void queue.run(mount, undefined);
  await vi.advanceTimersByTimeAsync(2999);
  expect(mount).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(mount).toHaveBeenCalledOnce();
});

test("a client that has gone while it waited is not mounted for, and holds up no other", async () => {
  const { queue, mounts } = busy();
  const gone = new AbortController();
  const mount = vi.fn(async () => "mounted");
  const first = queue.run(mount, gone.signal);
  const second = queue.run(async () => "mounted", undefined);
  gone.abort();
  mounts[0]?.resolve("mounted");
  expect(await first).toBeUndefined();
  expect(await second).toBe("mounted");
  expect(mount).not.toHaveBeenCalled();
});
