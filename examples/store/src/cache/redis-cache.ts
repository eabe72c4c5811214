/** A cache in Redis, for all nodes. While Redis is away values are loaded each time, as if there were no cache. */
import { randomUUID } from "node:crypto";
import type { Cache, CacheOptions } from "./cache.ts";
import { isReadable, Loads, pack, unpack } from "./loads.ts";
import { RedisLink } from "./redis-link.ts";

export interface RedisCacheOptions {
  /** Address of a Redis: `redis://user:password@host:6379`. */
  readonly url: string;
  /** Begins the names of all keys. */
  readonly namespace?: string;
  /** Hears that Redis is away: once, until it has been back. */
  readonly report?: (error: Error) => void;
}

/** A load that takes longer is not kept. */
const LEASE = 30_000;
/** Keeps a value only for the lease under which it was loaded: an invalidation takes the lease away, too. */
const KEEP = `if redis.call("GET", KEYS[1]) == ARGV[1] then redis.call("SET", KEYS[1], ARGV[2], "PX", ARGV[3]) end`;
const LEASED = "lease:";

const onConsole = (error: Error) =>
  console.error("The cache is away, and values are loaded each time.", error);

export function redisCache({ url, namespace = "store", report = onConsole }: RedisCacheOptions): Cache {
  const redis = new RedisLink(url, report);
  const keyOf = (name: string) => `${namespace}:cache:${name}`;
  const loads = new Loads();

  async function loadAndKeep<T>(key: string, load: () => Promise<T>, ttl: number, isWanted: () => boolean) {
    const lease = `${LEASED}${randomUUID()}`;
    const isLeased = await redis.use((client) => client.set(key, lease, { NX: true, PX: LEASE }));
    const value = await load();
    const packed = pack(value);
    if (isLeased && isWanted())
      await redis.use((client) =>
        value === undefined
          ? client.del(key)
          : client.eval(KEEP, { keys: [key], arguments: [lease, packed.toString("base64"), String(ttl)] }),
      );
    return packed;
  }

  return {
    async get<T>(name: string, loader: () => Promise<T>, { ttl }: CacheOptions): Promise<T> {
      const key = keyOf(name);
      const packed = await loads.share(key, async (isWanted) => {
        const kept = await redis.use((client) => client.get(key));
        if (typeof kept === "string" && !kept.startsWith(LEASED)) {
          const packed = Buffer.from(kept, "base64");
          if (isReadable(packed)) return packed;
          // Otherwise it would be in the way of the one that is loaded.
          await redis.use((client) => client.del(key));
        }
        return loadAndKeep(key, loader, ttl, isWanted);
      });
      return unpack<T>(packed);
    },
    async invalidate(name) {
      const key = keyOf(name);
      loads.forget(key);
      await redis.delete(key);
    },
    async close() {
      redis.close();
    },
  };
}
