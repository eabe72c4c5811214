import { serialize } from "node:v8";
import { deferred } from "@overwire/test-support/deferred";
import { describeRedis, type RedisServer, startRedis } from "@overwire/test-support/redis-server";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Cache } from "../../src/cache/cache.ts";
import { memoryCache } from "../../src/cache/memory-cache.ts";
import { redisCache } from "../../src/cache/redis-cache.ts";

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

describeRedis("in Redis", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
    return () => redis.stop();
  });
  beforeEach(async () => {
    await redis.send("FLUSHALL");
  });
  cacheTests(() => redisCache({ url: redis.url }));

  const node = (options: { readonly url?: string; readonly report?: (error: Error) => void } = {}) => {
    const cache = redisCache({ url: redis.url, ...options });
    open.push(cache);
    return cache;
  };
  const open: Cache[] = [];
  afterAll(() => Promise.all(open.map((cache) => cache.close())));

  /** A node that has the cup in Redis, and has lost Redis. */
  async function cutOff(report: (error: Error) => void = () => {}) {
    const line = await redis.line();
    const cache = node({ url: line.url, report });
    await cache.get("cup", async () => "Cup", MINUTE);
    line.cut();
    await vi.waitFor(async () => expect(await cache.get("cup", async () => "loaded", MINUTE)).toBe("loaded"));
    return { line, cache };
  }

  test("all nodes have a value that one has loaded, and forget it together", async () => {
    const [first, second] = [node(), node()];
    await first.get("cup", async () => "Cup", MINUTE);
    expect(await second.get("cup", async () => "from the database", MINUTE)).toBe("Cup");
    await second.invalidate("cup");
    expect(await first.get("cup", async () => "New cup", MINUTE)).toBe("New cup");
  });

  test("a load that runs when another node invalidates its key is not kept", async () => {
    const [first, second] = [node(), node()];
    const { old, loaded } = await overtakenLoad(first, second);
    old.resolve("old");
    expect(await loaded).toBe("old");
    expect(await second.get("cup", async () => "new", MINUTE)).toBe("new");
    expect(await first.get("cup", async () => "newest", MINUTE)).toBe("new");
  });

  test("while Redis is away all is loaded, which is reported once, and later it is used again", async () => {
    const report = vi.fn();
    const { line, cache } = await cutOff(report);
    expect(await cache.get("cup", async () => "again", MINUTE)).toBe("again");
    await cache.invalidate("bowl");
    expect(report).toHaveBeenCalledTimes(1);
    line.heal();
    await vi.waitFor(async () => expect(await cache.get("cup", async () => "loaded", MINUTE)).toBe("Cup"));
    line.cut();
    await vi.waitFor(() => expect(report).toHaveBeenCalledTimes(2));
  });

  test("a value that was invalidated while Redis was away is gone when it is back", async () => {
    const { line, cache } = await cutOff();
    await cache.invalidate("cup");
    line.heal();
    const other = node();
    await vi.waitFor(async () => {
      await cache.get("bowl", async () => "Bowl", MINUTE);
      expect(await other.get("bowl", async () => "not there yet", { ttl: 1 })).toBe("Bowl");
    });
    expect(await cache.get("cup", async () => "new", MINUTE)).toBe("new");
  });

  test("a Redis that was never there is reported, and nothing waits for it", async () => {
    const line = await redis.line();
    line.cut();
    const report = vi.fn();
    const cache = node({ url: line.url, report });
    expect(await cache.get("cup", async () => "Cup", MINUTE)).toBe("Cup");
    await cache.invalidate("cup");
    expect(report).toHaveBeenCalledTimes(1);
  });

  test.each([
    ["text", "not a value of the cache"],
    ["a value of a later version of Node", Buffer.from([0xff, 0x63, 0x22, 1]).toString("base64")],
    ["a value that was cut off", serialize({ name: "Cup" }).subarray(0, 6).toString("base64")],
    ["nothing", ""],
  ])("%s instead of a value is loaded again, once", async (_, kept) => {
    const cache = node();
    await redis.send("SET", "store:cache:cup", kept);
    const load = vi.fn(async () => "Cup");
    expect(await cache.get("cup", load, MINUTE)).toBe("Cup");
    expect(await node().get("cup", load, MINUTE)).toBe("Cup");
    expect(load).toHaveBeenCalledTimes(1);
  });

  test("a refused command is no failure of the page", async () => {
    const report = vi.fn();
    const cache = node({ report });
    await redis.send("LPUSH", "store:cache:cup", "not a value of the cache");
    expect(await cache.get("cup", async () => "Cup", MINUTE)).toBe("Cup");
    expect(report).toHaveBeenCalledTimes(1);
    await cache.invalidate("cup");
    expect(await cache.get("cup", async () => "new", MINUTE)).toBe("new");
  });
});

/** Begins to load the cup, and has its key invalidated meanwhile, by the same node or another. */
async function overtakenLoad(cache: Cache, other = cache) {
  const old = deferred<string>();
  const isLoading = deferred<void>();
  const load = () => {
    isLoading.resolve();
    return old.promise;
  };
  const loaded = cache.get("cup", load, MINUTE);
  await isLoading.promise;
  await other.invalidate("cup");
  return { old, loaded };
}

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
    const { old, loaded } = await overtakenLoad(cache);
    const second = cache.get("cup", async () => "new", MINUTE);
    old.resolve("old");
    expect(await loaded).toBe("old");
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
