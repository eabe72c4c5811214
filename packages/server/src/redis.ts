/** `@overwire/server/redis`: messages between nodes, and sessions, over Redis. Needs `@redis/client`. */
import { createPubSub, type FullPubSub } from "./pubsub/create-pubsub.ts";
import { RedisBroker } from "./pubsub/redis-broker.ts";
import {
  type ClientOptions,
  ClientSession,
  type ClusterOptions,
  ClusterSession,
} from "./pubsub/redis-sessions.ts";
import { type RedisSessionStore, storeOn } from "./pubsub/redis-store.ts";

export type { RedisSessionStore } from "./pubsub/redis-store.ts";

/** Options of {@link redisPubSub}: one of `url`, `client` and `cluster`. */
export interface RedisPubSubOptions {
  /** Address of a Redis: `redis://user:password@host:6379`, `rediss://` over TLS. */
  readonly url?: string | undefined;
  /** Options of `createClient` of `@redis/client`, for what a URL cannot say. */
  readonly client?: ClientOptions | undefined;
  /** Options of `createCluster` of `@redis/client`: channels are sharded over the nodes of a Redis Cluster, version 7 or later. */
  readonly cluster?: ClusterOptions | undefined;
  /** Begins the names of all channels, so that several apps can share a Redis. Default `overwire`. */
  readonly namespace?: string | undefined;
}

/**
 * Makes a PubSub whose messages reach all nodes that use the same Redis and namespace. It connects when it is first needed, and goes
 * on trying if Redis is not there: local messages do not wait for it. It keeps no process alive.
 * @throws TypeError without an address
 * @example
 * export const pubsub = redisPubSub({ url: process.env.REDIS_URL });
 * const app = createApp({ pubsub });
 */
export function redisPubSub(options: RedisPubSubOptions): FullPubSub {
  const { url, client, cluster, namespace } = options;
  if (cluster) {
    const broker = new RedisBroker((events) => new ClusterSession(cluster, events));
    return createPubSub({ broker, namespace });
  }
  if (!url && !client)
    throw new TypeError(
      `redisPubSub needs a Redis, { url: "redis://localhost:6379" }, but its url is ${JSON.stringify(url)}. Is REDIS_URL set?`,
    );
  const settings = { ...client, ...(url && { url }) };
  // Now, and not at the first message.
  new ClientSession(settings, { message() {}, failed() {} }).destroy();
  return createPubSub({
    broker: new RedisBroker((events) => new ClientSession(settings, events)),
    namespace,
  });
}

/** Options of {@link redisSessions}: one of `url` and `client`. */
export interface RedisSessionsOptions {
  /** Address of a Redis: `redis://user:password@host:6379`, `rediss://` over TLS. */
  readonly url?: string | undefined;
  /** Options of `createClient` of `@redis/client`, for what a URL cannot say. */
  readonly client?: ClientOptions | undefined;
  /** Begins the names of all keys, so that several apps can share a Redis. Default `overwire`. */
  readonly namespace?: string | undefined;
}

/**
 * Keeps sessions in Redis, for all nodes that use the same one. It connects when it is first needed, and comes back by itself;
 * meanwhile requests with a session fail. It keeps no process alive.
 * @throws TypeError without an address
 * @example createApp({ session: { store: redisSessions({ url: process.env.REDIS_URL }), idle: 30 * 60 } });
 */
export function redisSessions({
  url,
  client,
  namespace = "overwire",
}: RedisSessionsOptions): RedisSessionStore {
  if (!url && !client)
    throw new TypeError(
      `redisSessions needs a Redis, { url: "redis://localhost:6379" }, but its url is ${JSON.stringify(url)}. Is REDIS_URL set?`,
    );
  return storeOn({ ...client, ...(url && { url }) }, namespace);
}
