import { deferred } from "@overwire/test-support/deferred";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Cache } from "../../src/cache/cache.ts";
import { memoryCache } from "../../src/cache/memory-cache.ts";

const MINUTE = { ttl: 60_000 };

describe("in memory", () => {
  cacheTests(() => memoryCache());

  test("the values that were not asked for the longest go first", async () => {
    const cache = memoryCache({ max: 2 });
    for (const key of ["a", "b", "a", "c"]) await cache.get(key, async () => key, MINUTE);
    const load = vi.fn(async () => "again");
    expect(await cache.get("a", load, MINUTE)).toBe("a");
    expect(await cache.get("b", load, MINUTE)).toBe("again");
  });
});

/** The contract, for each implementation. */
function cacheTests(make: () => Cache | Promise<Cache>) {
  let cache: Cache;
  beforeEach(async () => {
    cache = await make();
    return () => cache.close();
  });

  test("a missing value is loaded and kept", async () => {
    const load = vi.fn(async () => ({ name: "Cup", at: new Date("2026-01-01"), tags: new Set(["blue"]) }));
    const first = await cache.get("cup", load, MINUTE);
    const second = await cache.get("cup", load, MINUTE);
    expect(load).toHaveBeenCalledTimes(1);
    expect(second).toEqual({ name: "Cup", at: new Date("2026-01-01"), tags: new Set(["blue"]) });
    expect(second).toEqual(first);
  });

  test("each caller gets a copy of its own", async () => {
    const load = async () => ({ stock: 3 });
    const [first, second] = await Promise.all([
      cache.get("cup", load, MINUTE),
      cache.get("cup", load, MINUTE),
    ]);
    first.stock = 0;
    expect(second.stock).toBe(3);
    expect(await cache.get("cup", load, MINUTE)).toEqual({ stock: 3 });
  });

  test("a hundred who ask at once wait for one load", async () => {
    const value = deferred<string>();
    const load = vi.fn(() => value.promise);
    const asked = Array.from({ length: 100 }, () => cache.get("cup", load, MINUTE));
    value.resolve("Cup");
    expect(new Set(await Promise.all(asked))).toEqual(new Set(["Cup"]));
    expect(load).toHaveBeenCalledTimes(1);
  });

  test("an invalidated value is loaded again, others are kept", async () => {
    const load = vi.fn(async () => "value");
    await cache.get("cup", load, MINUTE);
    await cache.get("bowl", load, MINUTE);
    await cache.invalidate("cup");
    await cache.get("cup", load, MINUTE);
    await cache.get("bowl", load, MINUTE);
    expect(load).toHaveBeenCalledTimes(3);
  });

  test("a load that runs when its key is invalidated is neither kept nor shared", async () => {
    const old = deferred<string>();
    const isLoading = deferred<void>();
    const first = cache.get(
      "cup",
      () => {
        isLoading.resolve();
        return old.promise;
      },
      MINUTE,
    );
    await isLoading.promise;
    await cache.invalidate("cup");
    const second = cache.get("cup", async () => "new", MINUTE);
    old.resolve("old");
    expect(await first).toBe("old");
    expect(await second).toBe("new");
    expect(await cache.get("cup", async () => "newest", MINUTE)).toBe("new");
  });

  test("an error reaches all who wait, and is not kept", async () => {
    const load = vi.fn(async (): Promise<string> => Promise.reject(new Error("no database")));
    const asked = [cache.get("cup", load, MINUTE), cache.get("cup", load, MINUTE)];
    expect(await Promise.allSettled(asked)).toMatchObject([
      { reason: { message: "no database" } },
      { reason: { message: "no database" } },
    ]);
    expect(load).toHaveBeenCalledTimes(1);
    expect(await cache.get("cup", async () => "Cup", MINUTE)).toBe("Cup");
  });

  test("a thing that does not exist is asked for each time", async () => {
    expect(await cache.get("cup", async () => undefined, MINUTE)).toBeUndefined();
    expect(await cache.get("cup", async () => "Cup", MINUTE)).toBe("Cup");
  });

  test("null is a value", async () => {
    const load = vi.fn(async () => null);
    await cache.get("cup", load, MINUTE);
    expect(await cache.get("cup", load, MINUTE)).toBeNull();
    expect(load).toHaveBeenCalledTimes(1);
  });

  test("a value counts for its time", async () => {
    await cache.get("cup", async () => "old", { ttl: 1 });
    await vi.waitFor(async () => {
      expect(await cache.get("cup", async () => "new", { ttl: 1 })).toBe("new");
    });
  });
}
