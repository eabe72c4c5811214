import { expect, onTestFinished, test, vi } from "vitest";
import { MOST_TOKENS, TooManyTokens } from "../../src/accounts/api-tokens.ts";
import type { Mail } from "../../src/mail/mailer.ts";
import { MINUTE } from "../../src/shared/clock.ts";
import { users } from "../support/factories.ts";
import { testStore } from "../support/test-store.ts";

test("a token is 256 random bits, of which the database has a hash and the first characters", async () => {
  const { store, repo } = testStore();
  const ada = await users(repo).insert();
  const { token, id } = await store.apiTokens.create(ada, "Stock keeper");
  expect(token).toMatch(/^ows_[\w-]{43}$/);
  const row = await repo.get("apiTokens", id);
  expect(row).toMatchObject({ name: "Stock keeper", prefix: token.slice(0, 8), usedAt: null });
  expect(JSON.stringify(row)).not.toContain(token.slice(8));
});

test("a mail tells the owner of each new token, without the token", async () => {
  const { store, repo, mails } = testStore();
  const ada = await users(repo).insert({ email: "ada@example.com", name: "Ada" });
  // The page that makes the token was opened before the address was changed.
  await repo.update("users", ada.id, { email: "lovelace@example.com" });
  const { token } = await store.apiTokens.create(ada, "Stock keeper");
  await store.settled();
  expect(mails).toMatchObject([{ to: "lovelace@example.com", subject: "A new API token of your account" }]);
  const [{ text } = { text: "" }] = mails;
  for (const part of ["Hello Ada,", "“Stock keeper”", "http://store.test/account/tokens"])
    expect(text).toContain(part);
  expect(text).not.toContain(token.slice(8));
});

test("a mail to the owner that fails is sent again", async () => {
  const errors = vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => errors.mockRestore());
  let now = new Date("2026-03-01T10:00:00Z");
  let isAway = true;
  const sent: string[] = [];
  const mailer = {
    async send({ subject }: Mail) {
      if (isAway) throw new Error("The mail server is away.");
      sent.push(subject);
    },
  };
  const { store, repo } = testStore({ clock: () => now, mailer });
  await store.apiTokens.create(await users(repo).insert(), "Stock keeper");
  await store.settled();
  expect(sent).toEqual([]);
  isAway = false;
  now = new Date("2026-03-01T11:00:00Z");
  await store.outbox.deliver();
  expect(sent).toEqual(["A new API token of your account"]);
});

test("a token names its user, with the role that the user has now", async () => {
  const { store, repo } = testStore();
  const ada = await users(repo).insert();
  const { token } = await store.apiTokens.create(ada, "Stock keeper");
  expect(await store.apiTokens.verify(token)).toMatchObject({ user: { id: ada.id, role: "customer" } });
  await repo.update("users", ada.id, { role: "moderator" });
  expect(await store.apiTokens.verify(token)).toMatchObject({ user: { role: "moderator" } });
});

test.each([
  "",
  "ows_",
  `ows_${"A".repeat(43)}`,
  `ows_${"A".repeat(10_000)}`,
  "A".repeat(43),
  "ows_' or 1=1 --",
])("%s is no token", async (token) => {
  const { store } = testStore();
  expect(await store.apiTokens.verify(token)).toBeUndefined();
});

test("the last use is noted once a minute", async () => {
  let now = new Date("2026-03-01T10:00:00Z");
  const { store, repo } = testStore({ clock: () => now });
  const ada = await users(repo).insert();
  const { token, id } = await store.apiTokens.create(ada, "Stock keeper");
  const usedAt = async () => (await repo.get("apiTokens", id))?.usedAt?.toISOString();
  const begin = now.getTime();
  const seen: unknown[] = [];
  for (const after of [0, MINUTE - 1, MINUTE]) {
    now = new Date(begin + after);
    await store.apiTokens.verify(token);
    seen.push(await usedAt());
  }
  expect(seen).toEqual(["2026-03-01T10:00:00.000Z", "2026-03-01T10:00:00.000Z", "2026-03-01T10:01:00.000Z"]);
});

test("requests within a minute write nothing to the database", async () => {
  const { store, repo } = testStore();
  const ada = await users(repo).insert();
  const { token } = await store.apiTokens.create(ada, "Stock keeper");
  await store.apiTokens.verify(token);
  const writes = vi.spyOn(repo, "updateAll");
  await store.apiTokens.verify(token);
  expect(writes).not.toHaveBeenCalled();
});

test("a token is revoked by its own user alone, at once, and stays revoked", async () => {
  const { store, repo } = testStore();
  const [ada, bob] = await users(repo).insertPair();
  const { token, id } = await store.apiTokens.create(ada, "Stock keeper");
  await store.apiTokens.revoke(bob, id);
  expect(await store.apiTokens.verify(token)).toBeDefined();
  await store.apiTokens.revoke(ada, id);
  await store.apiTokens.revoke(ada, id);
  expect(await store.apiTokens.verify(token)).toBeUndefined();
  expect((await store.audit.list({ area: "api_token" })).map(({ action }) => action)).toEqual([
    "api_token.revoked",
    "api_token.created",
  ]);
});

test("a user has so many tokens at most", async () => {
  const { store, repo } = testStore();
  const [ada, bob] = await users(repo).insertPair();
  for (let n = 0; n < MOST_TOKENS; n++) await store.apiTokens.create(ada, `Token ${n}`);
  await expect(store.apiTokens.create(ada, "One more")).rejects.toThrow(TooManyTokens);
  await store.apiTokens.create(bob, "First");
  expect(await store.apiTokens.listOf(ada)).toHaveLength(MOST_TOKENS);
});
