import { redisPubSub } from "@overwire/server/redis";
import { describeRedis, startRedis } from "@overwire/test-support/redis-server";
import { expect, test } from "vitest";

describeRedis("redisPubSub", () => {
  test("a loss and a return are told once each, and subscriptions come back", async () => {
    const redis = await startRedis();
    const line = await redis.line();
    const near = redisPubSub({ url: line.url });
    const far = redisPubSub({ url: redis.url });
    const told: string[] = [];
    near.on("lost", () => told.push("lost"));
    near.on("reconnected", () => told.push("reconnected"));
    const heard: unknown[] = [];
    near.subscribe("posts", (post) => heard.push(post));
    expect(await near.settled()).toBe(true);

    line.cut();
    await expect.poll(() => told).toEqual(["lost"]);
    near.publish("posts", "own");
    await expect.poll(() => heard).toEqual(["own"]);
    line.heal();
    await expect.poll(() => told).toEqual(["lost", "reconnected"]);
    far.publish("posts", "foreign");
    await expect.poll(() => heard).toEqual(["own", "foreign"]);

    await Promise.all([near.close(), far.close()]);
    await expect.poll(() => redis.connections()).toBe(0);
    await redis.stop();
  });
});
