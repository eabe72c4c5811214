/** A cache in this process. */
import { LRUCache } from "lru-cache";
import type { Cache } from "./cache.ts";

export function memoryCache({ max = 5000 }: { readonly max?: number } = {}): Cache {
  const values = new LRUCache<string, string>({ max });
  const loads = new Map<string, Promise<unknown>>();
  return {
    get<T>(key: string, load: () => Promise<T>, { ttl }: { readonly ttl: number }): Promise<T> {
      const kept = values.get(key);
      if (kept !== undefined) return Promise.resolve(JSON.parse(kept) as T);
      const running = loads.get(key);
      if (running) return running as Promise<T>;
      const loading = load().then(
        (value) => {
          if (loads.get(key) === loading) {
            loads.delete(key);
            values.set(key, JSON.stringify(value), { ttl });
          }
          return value;
        },
        (error: unknown) => {
          if (loads.get(key) === loading) loads.delete(key);
          throw error;
        },
      );
      loads.set(key, loading);
      return loading;
    },
    async invalidate(key) {
      values.delete(key);
      loads.delete(key);
    },
    async close() {
      values.clear();
    },
  };
}
