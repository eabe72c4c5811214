/** Work of a log-in that ends while it is under way, as by a reset of the password after a break-in. */
import { describePostgres } from "@overwire/test-support/postgres-server";
import { double } from "@overwire/testing";
import { expect, onTestFinished, test, vi } from "vitest";
import type { StoreRepo } from "../../src/database/schema.ts";
import { users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { linkOf } from "../support/mails.ts";
import { memory } from "../support/memory.ts";
import { hashOf } from "../support/passwords.ts";
import { twoNodesOnPostgres } from "../support/postgres.ts";
import { testStore } from "../support/test-store.ts";

/** A link that is not made any more is reported. */
function silent() {
  const errors = vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => errors.mockRestore());
}

/** A user with a log-in, which ends as soon as work that it has begun writes for the first time. */
async function withEndingLogin() {
  const kept = memory();
  const user = await users(kept).insert({ passwordHash: hashOf("the owner's password") });
  const repo = double<StoreRepo>("StoreRepo");
  repo.fallback(kept);
  const shop = testStore({ repo });
  const session = await sessionOf(shop.store, user);
  let hasEnded = false;
  const end = async () => {
    if (hasEnded) return;
    hasEnded = true;
    await kept.deleteAll("logins", { userId: user.id });
  };
  repo.stub("transaction", async (run) => {
    await end();
    return kept.transaction(run);
  });
  repo.stub("insert", async (table, row) => {
    await end();
    return kept.insert(table, row);
  });
  return { ...shop, kept, user, session };
}
type Shop = Awaited<ReturnType<typeof withEndingLogin>>;

test("it sets no password", async () => {
  const { store, user, session } = await withEndingLogin();
  const change = store.accounts.changePassword(session, "a stranger's password");
  await expect(change).rejects.toMatchObject({ code: "logged_out" });
  expect(await store.accounts.authenticate(user.email, "the owner's password")).toMatchObject({
    id: user.id,
  });
});

test("it makes no token and connects no identity", async () => {
  for (const make of [
    ({ store, user, session }: Shop) =>
      store.apiTokens.create(user, "A stranger's", () => store.accounts.logins.holdFresh(session)),
    ({ store, user, session }: Shop) =>
      store.identities.connect(user, { issuer: "https://id.example", subject: "7" }, () =>
        store.accounts.logins.hold(session),
      ),
  ]) {
    const shop = await withEndingLogin();
    await expect(make(shop)).rejects.toMatchObject({ code: "logged_out" });
    expect([await shop.kept.count("apiTokens"), await shop.kept.count("identities")]).toEqual([0, 0]);
  }
});

test("it gives no role, and mails no link to another address", async () => {
  silent();
  const { store, kept, session, mails } = await withEndingLogin();
  await store.accounts.requestEmailChange(session, "stranger@example.com");
  await store.settled();
  expect([mails, await kept.count("tokens")]).toEqual([[], 0]);
  const other = await withEndingLogin();
  await other.kept.update("users", other.user.id, { role: "admin" });
  const customer = await users(other.kept).insert();
  await expect(other.store.accounts.setRole(other.session, customer.id, "admin")).rejects.toMatchObject({
    code: "logged_out",
  });
  expect(await other.kept.get("users", customer.id)).toMatchObject({ role: "customer" });
});

describePostgres("on PostgreSQL", () => {
  const databases = twoNodesOnPostgres();

  test("of a reset and a stranger's work at once, only the reset is left", async () => {
    silent();
    const [one, other] = databases().map(({ repo }) => testStore({ repo }));
    const { store, repo, mails } = one!;
    for (let round = 0; round < 30; round++) {
      const user = await users(repo).insert({ passwordHash: hashOf("the owner's password") });
      const session = await sessionOf(store, user);
      await store.accounts.requestReset(user.email);
      await store.settled();
      const link = linkOf(mails).split("/").at(-1) ?? "";
      const { accounts, apiTokens } = other!.store;
      const stillMay = () => accounts.logins.holdFresh(session);
      const [reset] = await Promise.allSettled([
        store.accounts.resetPassword(link, "the owner's new password"),
        accounts.changePassword(session, "a stranger's password"),
        ...[1, 2, 3].map((n) => apiTokens.create(user, `Stranger ${n}`, stillMay)),
        accounts.requestEmailChange(session, `stranger${round}@example.com`),
      ]);
      await other!.store.settled();
      // A change that was faster has ended the link.
      const hasReset = reset.status === "fulfilled";
      const password = hasReset ? "the owner's new password" : "a stranger's password";
      expect(await store.accounts.authenticate(user.email, password)).toMatchObject({ id: user.id });
      if (!hasReset) continue;
      expect(await repo.count("apiTokens", { userId: user.id })).toBe(0);
      expect(await repo.count("tokens", { userId: user.id })).toBe(0);
      await store.settled();
    }
  });
});
