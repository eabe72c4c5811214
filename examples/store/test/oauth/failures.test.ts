import { request } from "@overwire/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { oidcProvider } from "../../src/providers/oidc.ts";
import { answer, choose, logInBy } from "../support/oauth-journey.ts";
import { withProviders } from "../support/oauth-shop.ts";
import type { OidcFault } from "../support/oidc-server.ts";
import { testStore } from "../support/test-store.ts";

const AGAIN = "This log-in was begun elsewhere, took too long, or has ended already. Please try again.";
const INVALID = "The answer of Example ID does not count. Please try again.";
const AWAY = "Example ID cannot be reached at the moment. Please try again later.";

const { shop, oidc, github } = withProviders();
beforeEach(() => {
  github().apiStatus = 200;
});
afterEach(() => vi.useRealTimers());

/** The user is told on the page of the log-in, and is not logged in. */
function expectFailure(res: Awaited<ReturnType<typeof answer>>, message: string) {
  res.assertRedirect("/login");
  expect(res.flash("error")).toBe(message);
  expect(res.session()).toEqual({});
}

test("a user who says no is told so, and may try again", async () => {
  const { visitor } = shop();
  expectFailure(await logInBy(visitor, "oidc", undefined), "You have not allowed Example ID to log you in.");
  expectFailure(await logInBy(visitor, "github", undefined), "You have not allowed GitHub to log you in.");
  (await logInBy(visitor, "oidc", "ada")).assertRedirect("/welcome");
});

test("an answer without a state, or with another one, is refused", async () => {
  const { visitor } = shop();
  const back = await choose(visitor, "/auth/oidc", "ada");
  const state = back.searchParams.get("state") ?? "";
  for (const other of [undefined, "", "guessed", `${state.slice(0, 20)}${"x".repeat(23)}`]) {
    const forged = new URL(back);
    if (other === undefined) forged.searchParams.delete("state");
    else forged.searchParams.set("state", other);
    expectFailure(await answer(visitor, forged), AGAIN);
  }
});

test("an answer that another browser has begun is refused: it would log its user in as a stranger", async () => {
  const { app, visitor } = shop();
  const back = await choose(visitor, "/auth/oidc", "ada");
  expectFailure(await answer(request(app), back), AGAIN);
});

test("a callback is answered once, and its code is spent even if the cookie comes back", async () => {
  const { app, visitor } = shop();
  const back = await choose(visitor, "/auth/oidc", "ada");
  const name = `store_flow_${back.searchParams.get("state")?.slice(0, 12)}`;
  const cookie = visitor.cookie(name) ?? "";
  (await answer(visitor, back)).assertRedirect("/welcome");
  const replayed = await answer(visitor, back);
  replayed.assertRedirect("/login");
  expect(replayed.flash("error")).toBe(AGAIN);

  const thief = request(app);
  thief.setCookie(name, cookie);
  expectFailure(await answer(thief, back), INVALID);
});

test("a cookie that was changed is refused", async () => {
  const { visitor } = shop();
  const back = await choose(visitor, "/auth/oidc", "ada");
  const name = `store_flow_${back.searchParams.get("state")?.slice(0, 12)}`;
  visitor.setCookie(name, `${visitor.cookie(name)}x`);
  expectFailure(await answer(visitor, back), AGAIN);
});

test("a flow ends after ten minutes", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const { app, visitor } = shop();
  const back = await choose(visitor, "/auth/oidc", "ada");
  const name = `store_flow_${back.searchParams.get("state")?.slice(0, 12)}`;
  const cookie = visitor.cookie(name) ?? "";
  vi.setSystemTime(Date.now() + 10 * 60_000 + 1000);
  expectFailure(await answer(visitor, back), AGAIN);
  const keeper = request(app);
  keeper.setCookie(name, cookie);
  expectFailure(await answer(keeper, back), AGAIN);
});

test("an answer of one provider is refused as that of another", async () => {
  const { visitor } = shop();
  const back = await choose(visitor, "/auth/github", "ada");
  back.pathname = "/auth/oidc/callback";
  expectFailure(await answer(visitor, back), AGAIN);
  const other = await choose(visitor, "/auth/oidc", "ada");
  other.searchParams.set("iss", "https://evil.example");
  expectFailure(await answer(visitor, other), INVALID);
});

test.each<OidcFault>(["missing", "nonce", "audience", "issuer", "expired", "signature"])(
  "an id token that is wrong (%s) is refused",
  async (fault) => {
    const { visitor } = shop();
    const back = await choose(visitor, "/auth/oidc", "ada");
    await oidc().fail(fault);
    expectFailure(await answer(visitor, back), INVALID);
  },
);

test("a token endpoint that fails is told as a provider that is away", async () => {
  const { visitor } = shop();
  const back = await choose(visitor, "/auth/oidc", "ada");
  await oidc().fail("error");
  expectFailure(await answer(visitor, back), AWAY);
});

test("the audit log has failures of a provider, as the operator can mend them, but not users who say no", async () => {
  const { store, visitor } = shop();
  await logInBy(visitor, "oidc", undefined);
  const back = await choose(visitor, "/auth/oidc", "ada");
  await oidc().fail("audience");
  await answer(visitor, back);
  expect(await store.audit.list({ area: "identity" })).toMatchObject([
    { action: "identity.failed", subject: "provider:oidc", actor: null, details: { code: "invalid" } },
  ]);
});

test("an API that fails is told as a provider that is away", async () => {
  const { visitor } = shop();
  const back = await choose(visitor, "/auth/github", "ada");
  github().apiStatus = 503;
  expectFailure(
    await answer(visitor, back),
    "GitHub cannot be reached at the moment. Please try again later.",
  );
});

test("a provider that is away is told before the user leaves", async () => {
  const gone = oidcProvider({ ...oidc().client, issuer: "http://127.0.0.1:1", title: "Example ID" });
  expectFailure(await request(testStore({ providers: [gone] }).app).get("/auth/oidc"), AWAY);
});

test.each([
  ["oidc", "mallory", "Example ID"],
  ["oidc", "nemo", "Example ID"],
  ["github", "mallory", "GitHub"],
])("without a confirmed address no account is made: %s, %s", async (provider, account, title) => {
  const { repo, visitor } = shop();
  expectFailure(
    await logInBy(visitor, provider, account),
    `${title} has no confirmed address of yours. Confirm it there, or register here.`,
  );
  expect(await repo.count("users")).toBe(0);
});

test("a provider that the settings do not name is not found", async () => {
  const { visitor } = shop();
  for (const path of ["/auth/facebook", "/auth/facebook/callback", "/auth/constructor"])
    expect((await visitor.get(path)).status).toBe(404);
});

test("nothing in an address sends the user to another site", async () => {
  const { visitor } = shop();
  const query =
    "returnTo=https://evil.example&return_to=//evil.example&next=//evil.example&redirect_uri=https://evil.example";
  const begun = await visitor.get(`/auth/oidc?${query}`);
  const { to } = begun.assertRedirect();
  expect(new URL(to).origin).toBe(oidc().issuer);
  expect(new URL(to).searchParams.get("redirect_uri")).toBe("http://store.test/auth/oidc/callback");
  const back = await choose(visitor, "/auth/oidc", "ada");
  back.search += `&${query}`;
  (await answer(visitor, back)).assertRedirect("/welcome");
});

test("a browser that begins one flow after the other is held back", async () => {
  const { visitor } = shop();
  for (let count = 0; count < 60; count++) await visitor.get("/auth/github");
  expect((await visitor.get("/auth/github")).status).toBe(429);
});
