import { live } from "@overwire/testing";
import { expect, test } from "vitest";
import { MOST_TOKENS } from "../../src/accounts/api-tokens.ts";
import type { User } from "../../src/database/schema.ts";
import { users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { type TestStore, testStore } from "../support/test-store.ts";

const openTokens = async ({ app, store }: TestStore, user: User) =>
  live(app, "/account/tokens", { session: await sessionOf(store, user), hooks: { Copy() {} } });

test("visitors are asked to log in", async () => {
  await expect(live(testStore().app, "/account/tokens")).rejects.toMatchObject({
    redirect: { to: "/login" },
  });
});

test("a token that is created is shown once", async () => {
  const shop = testStore();
  const ada = await users(shop.repo).insert();
  const page = await openTokens(shop, ada);
  expect(page.text(".empty")).toBe("You have no tokens.");
  await page.form("#create", { name: "Stock keeper" }).submit();
  const token = page.element("#token").node?.getAttribute("value") ?? "";
  expect(await shop.store.apiTokens.verify(token)).toMatchObject({ user: { id: ada.id } });
  expect(page.text("tbody")).toContain("Stock keeper");
  await page.element("button", "Done").click();
  expect(page.html()).not.toContain(token);
  expect((await openTokens(shop, ada)).html()).not.toContain(token.slice(8));
});

test("another page of the user follows: created, used, revoked", async () => {
  const shop = testStore({ clock: () => new Date("2026-03-01T10:00:00Z") });
  const ada = await users(shop.repo).insert();
  const page = await openTokens(shop, ada);
  const other = await openTokens(shop, ada);
  await page.form("#create", { name: "Stock keeper" }).submit();
  await other.settled();
  expect(other.text("tbody")).toContain("never");
  expect(other.hasElement("#token")).toBe(false);

  const token = page.element("#token").node?.getAttribute("value") ?? "";
  await shop.store.apiTokens.verify(token);
  await other.settled();
  expect(other.text("tbody tr td:nth-child(4)")).toBe("1 Mar 2026, 10:00 UTC");

  await other.element("tbody td > button").click();
  await other.element("dialog[open] button.danger").click();
  await page.settled();
  expect(page.text(".empty")).toBe("You have no tokens.");
  expect(page.hasElement("#token")).toBe(false);
  expect(await shop.store.apiTokens.verify(token)).toBeUndefined();
});

test("a page that was left open makes no token before its user has shown again who they are", async () => {
  let now = new Date("2026-03-01T10:00:00Z");
  const shop = testStore({ clock: () => now });
  const ada = await users(shop.repo).insert();
  const page = await openTokens(shop, ada);
  now = new Date("2026-03-01T10:11:00Z");
  await page.form("#create", { name: "A stranger's" }).submit();
  await page.assertRedirect("/account/confirm");
  expect(await shop.store.apiTokens.listOf(ada)).toEqual([]);
});

test("a name is needed, and there is a limit", async () => {
  const shop = testStore();
  const ada = await users(shop.repo).insert();
  const page = await openTokens(shop, ada);
  await page.form("#create", { name: "  " }).submit();
  expect(page.text("[role=alert]")).toBe("A name, please.");
  for (let n = 0; n < MOST_TOKENS; n++) await shop.store.apiTokens.create(ada, `Token ${n}`);
  await page.form("#create", { name: "One more" }).submit();
  expect(page.text("[role=alert]")).toContain("which is the most");
});

test("tokens of other users are neither shown nor revoked", async () => {
  const shop = testStore();
  const [ada, eve] = await users(shop.repo).insertPair();
  const { token, id } = await shop.store.apiTokens.create(ada, "Ada's");
  const page = await openTokens(shop, eve);
  expect(page.text()).not.toContain("Ada's");
  await page.event("revoke", { id });
  expect(await shop.store.apiTokens.verify(token)).toBeDefined();
});
