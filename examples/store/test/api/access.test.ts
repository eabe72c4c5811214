import { describeRedis, type RedisServer, startRedis } from "@overwire/test-support/redis-server";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { redisCounts } from "../../src/accounts/counts.ts";
import { LIMITS } from "../../src/api/access.ts";
import { inProcess, overPort, refusalOf, testApi } from "../support/api.ts";
import { products, users } from "../support/factories.ts";
import { memory } from "../support/memory.ts";

describe.each([inProcess, overPort])("access, $way", (driver) => {
  const open = () => testApi(driver);

  test("a program reads the user of its token", async () => {
    const api = await open();
    const shop = await api.as(await users(api.repo).insert({ name: "Ada", email: "ada@example.com" }));
    expect(await shop.readsItself()).toEqual({ name: "Ada", email: "ada@example.com", role: "customer" });
  });

  test("a program without a token is told to send one, and one with a wrong token that it is not valid", async () => {
    const api = await open();
    const missing = await refusalOf(api.withToken(undefined).readsItself());
    expect(missing).toMatchObject({ status: 401, error: "missing_token" });
    const guess = await refusalOf(api.withToken(`ows_${"x".repeat(43)}`).readsItself());
    expect(guess).toMatchObject({ status: 401, error: "invalid_token" });
    expect(guess.headers.get("www-authenticate")).toContain('realm="Overwire Store"');
  });

  test("a token that was revoked is refused at once", async () => {
    const api = await open();
    const ada = await users(api.repo).insert();
    const shop = await api.as(ada);
    await shop.readsItself();
    const [token] = await api.store.apiTokens.listOf(ada);
    await api.store.apiTokens.revoke(ada, token?.id ?? 0);
    expect(await refusalOf(shop.readsItself())).toMatchObject({ status: 401, error: "invalid_token" });
  });

  test("a role that was withdrawn counts from the next request on", async () => {
    const api = await open();
    const moderator = await users(api.repo).insert({ role: "moderator" });
    const { slug } = await products(api.repo).insert();
    const keeper = await api.as(moderator);
    await keeper.changesStock(slug, 1);
    await api.repo.update("users", moderator.id, { role: "customer" });
    const refusal = await refusalOf(keeper.changesStock(slug, 1));
    expect(refusal).toMatchObject({ status: 403, message: "This is for moderators and admins." });
  });

  test("the cookie of a page is no token", async () => {
    const api = await open();
    const headers = { cookie: "store_session=x" };
    expect(await api.withToken(undefined).sends("GET", "/me", { headers })).toMatchObject({ status: 401 });
  });

  test("a token has so many requests a minute, and another token its own", async () => {
    const api = await open();
    const ada = await users(api.repo).insert();
    const shop = await api.as(ada);
    for (let n = 0; n < LIMITS.token; n++) await shop.readsItself();
    const refusal = await refusalOf(shop.readsItself());
    expect(refusal).toMatchObject({ status: 429, error: "too_many_requests" });
    expect(Number(refusal.headers.get("retry-after"))).toBeGreaterThan(0);
    await (await api.as(ada)).readsItself();
  });

  test("an address that guesses tokens is soon refused without a look at them", async () => {
    const api = await open();
    const thief = api.withToken(`ows_${"x".repeat(43)}`);
    for (let n = 0; n < LIMITS.address; n++) await refusalOf(thief.readsItself());
    expect(await refusalOf(thief.readsItself())).toMatchObject({ status: 429 });
  });

  test("an address that the API does not have is answered in JSON", async () => {
    const api = await open();
    const shop = await api.as(await users(api.repo).insert());
    expect(await shop.sends("DELETE", "/products/cup")).toMatchObject({
      status: 404,
      body: { error: "not_found", message: "The API has no such address." },
    });
  });
});

describeRedis("two nodes with one Redis", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
    return () => redis.stop();
  });

  /** Two nodes over the same rows. */
  async function nodes() {
    const repo = memory();
    const counts = [redisCounts(redis.url), redisCounts(redis.url)];
    onTestFinished(() => counts.forEach(({ close }) => void close()));
    await vi.waitFor(() =>
      expect(counts.every(({ store }) => (store as { isReady?: boolean }).isReady)).toBe(true),
    );
    const [here, there] = await Promise.all(
      counts.map(({ store }) => testApi(inProcess, { repo, counts: store })),
    );
    if (!here || !there) throw new Error("A node is missing.");
    return { here, there };
  }

  test("a token has its requests on both together", async () => {
    const { here, there } = await nodes();
    const { token } = await here.store.apiTokens.create(await users(here.repo).insert(), "Stock keeper");
    const [one, other] = [here.withToken(token), there.withToken(token)];
    for (let n = 0; n < LIMITS.token / 2; n++) await Promise.all([one.readsItself(), other.readsItself()]);
    for (const program of [one, other])
      expect(await refusalOf(program.readsItself())).toMatchObject({ status: 429 });
  });

  test("guesses of tokens count on both together", async () => {
    const { here, there } = await nodes();
    const thieves = [here, there].map((node) => node.withToken(`ows_${"x".repeat(43)}`));
    for (let n = 0; n < LIMITS.address / 2; n++)
      await Promise.all(thieves.map((thief) => refusalOf(thief.readsItself())));
    for (const thief of thieves) expect(await refusalOf(thief.readsItself())).toMatchObject({ status: 429 });
  });

  test("log-ins by providers count on both together", async () => {
    const { here, there } = await nodes();
    const begin = ({ app }: typeof here) => app.request("/auth/unknown");
    for (let n = 0; n < 30; n++) await Promise.all([begin(here), begin(there)]);
    for (const node of [here, there]) expect((await begin(node)).status).toBe(429);
  });
});
