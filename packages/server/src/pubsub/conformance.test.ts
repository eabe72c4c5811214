import { createPubSub } from "@overwire/server";
import { redisPubSub } from "@overwire/server/redis";
import {
  describeRedis,
  type RedisServer,
  startRedis,
  startRedisCluster,
} from "@overwire/test-support/redis-server";
import { testPubSub } from "@overwire/testing/pubsub";
import { afterAll, beforeAll, describe, test } from "vitest";

const runner = { describe, test };

describe("createPubSub", () => {
  testPubSub(runner, { make: () => createPubSub(), hasNodes: false });
});

describeRedis("redisPubSub", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  let isDown = false;
  testPubSub(runner, {
    make: () => redisPubSub({ url: redis.url }),
    outage: {
      cut: async () => {
        isDown = true;
        await redis.kill();
      },
      heal: async () => {
        if (isDown) await redis.start();
        isDown = false;
      },
    },
  });
});

describeRedis("redisPubSub over RESP2", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  testPubSub(runner, { make: () => redisPubSub({ url: redis.url, client: { RESP: 2 } }) });
});

describeRedis("redisPubSub with a cluster", () => {
  let servers: RedisServer[] = [];
  beforeAll(async () => {
    servers = await startRedisCluster();
  });
  afterAll(() => Promise.all(servers.map((server) => server.stop())));

  testPubSub(runner, {
    make: () => redisPubSub({ cluster: { rootNodes: servers.map(({ url }) => ({ url })) } }),
  });
});
