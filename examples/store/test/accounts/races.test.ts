import { expect, test } from "vitest";
import { users } from "../support/factories.ts";
import { linkOf } from "../support/mails.ts";
import { onPglite } from "../support/pglite.ts";
import { testStore } from "../support/test-store.ts";

const { repo } = onPglite();
const ann = { name: "Ann", email: "ann@example.com", password: "correct horse battery" };

const tokenOf = (link: string) => link.split("/").at(-1) ?? "";

test("two registrations of an address at once make one user", async () => {
  const { store, mails } = testStore({ repo });
  const made = await Promise.all([store.accounts.register(ann), store.accounts.register(ann)]);
  expect(made.filter(Boolean).length).toBeGreaterThan(0);
  expect(await repo.count("users", { email: ann.email })).toBe(1);
  await store.settled();
  expect(mails.map(({ subject }) => subject)).toEqual(["Confirm your address", "Confirm your address"]);
  expect(await store.accounts.confirm(tokenOf(linkOf(mails)), ann.password)).toMatchObject({ name: "Ann" });
});

test("of two who spend a link at once, one gets it", async () => {
  const { store, mails } = testStore({ repo });
  await users(repo).insert({ email: ann.email });
  await store.accounts.requestMagicLink(ann.email);
  await store.settled();
  const token = tokenOf(linkOf(mails));
  const attempts = await Promise.allSettled([1, 2, 3].map(() => store.accounts.authenticateByLink(token)));
  expect(attempts.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected", "rejected"]);
});

test("an address that is taken is refused by the database, and the link is not spent by it", async () => {
  const shop = testStore({ repo });
  const ada = await users(repo).insert({ email: "ada@example.com" });
  const login = await shop.store.accounts.logIn(ada, { agent: "", address: "", remember: false });
  await shop.store.accounts.requestEmailChange({ userId: ada.id, loginId: login.id }, ann.email);
  await shop.store.settled();
  const token = tokenOf(linkOf(shop.mails));
  await users(repo).insert({ email: ann.email });
  await expect(shop.store.accounts.changeEmail(token)).rejects.toMatchObject({ code: "link_spent" });
  expect(await repo.get("users", ada.id)).toMatchObject({ email: "ada@example.com" });
});

test("a reset sets the password, ends log-ins and links, or does nothing", async () => {
  const { store, mails } = testStore({ repo });
  const ada = await users(repo).insert({ email: "ada@example.com" });
  await store.accounts.logIn(ada, { agent: "", address: "", remember: true });
  await store.accounts.requestReset(ada.email);
  await store.settled();
  await expect(store.accounts.resetPassword("guessed", ann.password)).rejects.toMatchObject({
    code: "link_spent",
  });
  expect(await store.accounts.logins.list(ada.id)).toHaveLength(1);
  await store.accounts.resetPassword(tokenOf(linkOf(mails)), ann.password);
  expect(await store.accounts.logins.list(ada.id)).toEqual([]);
  expect(await repo.count("tokens")).toBe(0);
  expect(await store.accounts.authenticate(ada.email, ann.password)).toMatchObject({ id: ada.id });
  await store.settled();
});
