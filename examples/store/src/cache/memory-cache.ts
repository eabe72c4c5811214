/** A cache in this process, for one node. */
import { LRUCache } from "lru-cache";
import type { Cache } from "./cache.ts";
import { Loads, pack, unpack } from "./loads.ts";

/** @param options.max number of values; the ones that were not asked for the longest go first */
export function memoryCache({ max = 5000 }: { readonly max?: number } = {}): Cache {
  const values = new LRUCache<string, Buffer>({ max });
  const loads = new Loads();
  return {
    async get<T>(key: string, load: () => Promise<T>, { ttl }: { readonly ttl: number }): Promise<T> {
      const kept = values.get(key);
      if (kept !== undefined) return unpack<T>(kept);
      return loads.share(key, async (isWanted) => {
        const value = await load();
        if (value !== undefined && isWanted()) values.set(key, pack(value), { ttl });
        return value;
      });
    },
    async invalidate(key) {
      values.delete(key);
      loads.forget(key);
    },
    async close() {
      values.clear();
    },
  };
}
