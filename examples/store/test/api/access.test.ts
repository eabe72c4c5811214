import { describe, expect, test } from "vitest";
import { LIMITS } from "../../src/api/access.ts";
import { inProcess, overPort, refusalOf, testApi } from "../support/api.ts";
import { products, users } from "../support/factories.ts";

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
