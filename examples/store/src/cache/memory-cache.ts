/** A cache in this process, for one node. */
import { LRUCache } from "lru-cache";
import type { Cache, CacheOptions } from "./cache.ts";
import { Loads, pack, unpack } from "./loads.ts";

/** @param options.max number of values; the ones that were not asked for the longest go first */
export function memoryCache({ max = 5000 }: { readonly max?: number } = {}): Cache {
  const values = new LRUCache<string, Buffer>({ max });
  const loads = new Loads();
  return {
    async get<T>(key: string, load: () => Promise<T>, { ttl }: CacheOptions): Promise<T> {
      const kept = values.get(key);
      if (kept !== undefined) return unpack<T>(kept);
      const loaded = await loads.share(key, async (isWanted) => {
        const value = await load();
        const packed = pack(value);
        if (value !== undefined && isWanted()) values.set(key, packed, { ttl });
        return packed;
      });
      return unpack<T>(loaded);
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
