import { describeRedis, type RedisServer, startRedis } from "@overwire/test-support/redis-server";
import { beforeAll, expect, test, vi } from "vitest";
import { redisCounts } from "../../src/accounts/counts.ts";
import { Limits, RateLimitExceeded } from "../../src/accounts/limits.ts";
import { users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { testStore } from "../support/test-store.ts";

const PASSWORD = "correct horse battery";
const client = { agent: "", address: "192.0.2.7" };

test("a network address that is not known is not counted", async () => {
  const limits = new Limits();
  for (let time = 0; time < 40; time++)
    await limits.count("register", `user${time}@example.com`, { agent: "", address: "" });
  for (let time = 0; time < 30; time++) await limits.count("register", `own${time}@example.com`, client);
  await expect(limits.count("register", "last@example.com", client)).rejects.toBeInstanceOf(
    RateLimitExceeded,
  );
});

test("the last attempt is told, and a success forgets all of them", async () => {
  const limits = new Limits();
  const attempts = [];
  for (let time = 0; time < 10; time++)
    attempts.push(await limits.count("logIn", "ada@example.com", undefined));
  expect(attempts.indexOf(true)).toBe(9);
  await limits.forget("logIn", "ada@example.com", undefined);
  expect(await limits.count("logIn", "ada@example.com", undefined)).toBe(false);
});

test("a stranger who uses up the log-ins to an address does not lock its owner out", async () => {
  const { store, repo } = testStore();
  const ada = await users(repo).withPassword(PASSWORD).insert();
  const own = { agent: "", address: "198.51.100.1" };
  const session = await sessionOf(store, ada);
  const attempt = () => store.accounts.authenticate(ada.email, "a guess", client);
  for (let time = 0; time < 10; time++) await attempt();
  for (let time = 0; time < 60; time++) await expect(attempt()).rejects.toBeInstanceOf(RateLimitExceeded);
  expect(await store.accounts.authenticate(ada.email, PASSWORD, own)).toMatchObject({ id: ada.id });
  expect(await store.accounts.reauthenticate(session, PASSWORD, client)).toBe(true);
});

test("guesses from many networks are limited for their address", async () => {
  const limits = new Limits();
  const guess = (network: number) =>
    limits.count("logIn", "ada@example.com", { agent: "", address: `192.0.2.${network}` });
  for (let time = 0; time < 60; time++) await guess(time);
  await expect(guess(60)).rejects.toBeInstanceOf(RateLimitExceeded);
});

describeRedis("with Redis", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
    return () => redis.stop();
  });

  test("all nodes count together, and each by itself while Redis is away", async () => {
    const nodes = [redisCounts(redis.url), redisCounts(redis.url)];
    await vi.waitFor(() =>
      expect(nodes.every(({ store }) => (store as { isReady?: boolean }).isReady)).toBe(true),
    );
    const [here, there] = nodes.map(({ store }) => new Limits(store)) as [Limits, Limits];
    for (const limits of [here, here, here, there, there])
      await limits.count("link", "ada@example.com", undefined);
    await expect(there.count("link", "ada@example.com", undefined)).rejects.toBeInstanceOf(RateLimitExceeded);
    for (const { close } of nodes) close();
    await there.count("link", "ada@example.com", undefined);
  });
});
