/** Counts of limits in Redis, for all nodes. While Redis is away, each node counts by itself, and the limiter tells of it. */
import type { RedisClient } from "@overwire/server/rate-limit";
import { createClient } from "@redis/client";

export interface Counts {
  readonly store: RedisClient;
  close(): void;
}

export function redisCounts(url: string): Counts {
  const client = createClient({ url, disableOfflineQueue: true });
  client.on("error", () => {});
  client.unref();
  client.connect().catch(() => {});
  return {
    store: client,
    close: () => {
      if (client.isOpen) client.destroy();
    },
  };
}
