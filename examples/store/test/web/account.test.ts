import { live, request } from "@overwire/testing";
import { expect, test } from "vitest";
import { users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { linkOf, subjectsTo } from "../support/mails.ts";
import { testStore } from "../support/test-store.ts";

const PASSWORD = "correct horse battery";
const OTHER = "another horse battery";

/** Ada, logged in for as many minutes as `passed`. */
async function withAda({ password = PASSWORD as string | null, passed = 0 } = {}) {
  let now = new Date("2026-03-01T10:00:00Z");
  const shop = testStore({ clock: () => now });
  const some = password === null ? users(shop.repo) : users(shop.repo).withPassword(password);
  const ada = await some.insert({ name: "Ada", email: "ada@example.com" });
  const session = await sessionOf(shop.store, ada);
  const pass = (minutes: number) => {
    now = new Date(now.getTime() + minutes * 60_000);
  };
  pass(passed);
  return { ...shop, ada, session, visitor: request(shop.app, { session }), pass };
}

test("the account shows its user, and needs one", async () => {
  const { app, visitor } = await withAda();
  const page = await live(visitor, "/account");
  expect(page.text("dl")).toContain("ada@example.com");
  expect(page.text("nav[aria-label=Account]")).toContain("Security");
  await expect(live(app, "/account")).rejects.toMatchObject({ redirect: { to: "/login" } });
});

test("a user who left the first steps goes on with them from the account, and changes their answers later", async () => {
  const { store, ada, visitor } = await withAda();
  const page = await live(visitor, "/account");
  await page.element("dl a", "Go on").click();
  const steps = await page.followRedirect("/welcome/profile");
  await steps.form("#name", { displayName: "Ada" }).submit();
  await store.onboarding.saveAddress(ada.id, {
    name: "Ada",
    street: "Ring 1",
    postcode: "1010",
    city: "Vienna",
    country: "AT",
  });
  await store.onboarding.skipPayment(ada.id);
  const later = await live(visitor, "/account");
  expect(later.text("dl")).toContain("Kept for your orders");
  await later.element("dl a[href='/welcome/address']").click();
  expect((await later.followRedirect("/welcome/address")).text("h1")).toBe("Your address");
});

test("a page that is dangerous asks for the password again after ten minutes, and is returned to", async () => {
  const { visitor, pass } = await withAda();
  await live(visitor, "/account/password");
  pass(10);
  await expect(live(visitor, "/account/password")).rejects.toMatchObject({
    redirect: { to: "/account/confirm", flash: { info: "Please show that it is you." } },
  });
  const page = await live(visitor, "/account/confirm");
  await page.form("#confirm", { password: "wrong" }).submit();
  expect(page.text("#confirm")).toContain("This is not your password.");
  await page.form("#confirm", { password: PASSWORD }).submit();
  await page.assertRedirect("/account/password");
  const change = await page.followRedirect();
  expect(change.text("h1")).toBe("Change the password");
});

test("a user without a password shows by mail that it is them", async () => {
  const { store, visitor, mails } = await withAda({ password: null, passed: 11 });
  await expect(live(visitor, "/account/email")).rejects.toMatchObject({
    redirect: { to: "/account/confirm" },
  });
  const page = await live(visitor, "/account/confirm");
  await page.element("button", "Mail me a link").click();
  expect(page.text("main")).toContain("A mail is on its way.");
  await store.settled();
  const magic = await live(visitor, linkOf(mails));
  await magic.form("#enter").submit();
  await magic.assertRedirect("/account/email");
  expect((await live(visitor, "/account/email")).text("h1")).toBe("Change the address");
});

test("guesses on the page that asks again are limited too", async () => {
  const { store, visitor } = await withAda({ passed: 11 });
  const page = await live(visitor, "/account/confirm");
  for (let time = 0; time < 11; time++) await page.form("#confirm", { password: "wrong" }).submit();
  expect(page.text(".problem")).toContain("Too many attempts.");
  expect(await store.audit.list({ area: "login" })).toMatchObject([{ action: "login.limited" }]);
});

test("a password is changed: other browsers are logged out at once, this one stays", async () => {
  const { app, store, ada, visitor, mails } = await withAda();
  const other = await live(app, "/", { session: await sessionOf(store, ada) });
  const page = await live(visitor, "/account/password");
  await page.form("#password", { password: "short" }).submit();
  expect(page.text("#password")).toContain("Use at least 10 characters.");
  await page.form("#password", { password: OTHER }).submit();
  await page.assertRedirect("/account");
  await other.assertRedirect("/login/ended");
  expect((await live(visitor, "/account")).text("h1")).toBe("Ada");
  await store.settled();
  expect(subjectsTo(mails, ada.email)).toEqual(["Your password was changed"]);
  expect(await store.accounts.authenticate(ada.email, OTHER)).toMatchObject({ id: ada.id });
});

test("a change of the password leaves API tokens, which the mail lists, or revokes them with it", async () => {
  const { store, ada, visitor, mails } = await withAda();
  const plain = await live(visitor, "/account/password");
  expect(plain.hasElement("[type=checkbox]")).toBe(false);
  const { token } = await store.apiTokens.create(ada, "Stock keeper");
  const first = await live(visitor, "/account/password");
  expect(first.text("label.check")).toContain("Also revoke my API tokens (1)");
  await first.form("#password", { password: OTHER }).submit();
  expect((await first.assertRedirect("/account")).flash).toEqual({
    info: "Your password is changed, and all other browsers are logged out.",
  });
  expect(await store.apiTokens.verify(token)).toBeDefined();
  await store.settled();
  expect(mails.at(-1)?.text).toContain(
    "These API tokens still count. Revoke those that you do not know:\n\n- Stock keeper\n\nhttp://store.test/account/tokens",
  );

  const second = await live(visitor, "/account/password");
  await second.form("#password", { password: PASSWORD, revokeTokens: true }).submit();
  expect((await second.assertRedirect("/account")).flash?.["info"]).toContain("1 API token is revoked.");
  expect(await store.apiTokens.verify(token)).toBeUndefined();
  await store.settled();
  expect(mails.at(-1)?.text).toContain("These API tokens were revoked:\n\n- Stock keeper");
});

test("a dangerous page that was left open for long changes nothing, and asks again who it is", async () => {
  const { store, ada, session, visitor, pass } = await withAda();
  const page = await live(visitor, "/account/password");
  pass(11);
  await page.form("#password", { password: OTHER }).submit();
  const confirm = await page.followRedirect("/account/confirm");
  expect(await store.accounts.authenticate(ada.email, PASSWORD)).toMatchObject({ id: ada.id });
  await confirm.form("#confirm", { password: PASSWORD }).submit();
  await confirm.assertRedirect("/account/password");

  pass(11);
  await expect(store.accounts.changePassword(session, OTHER)).rejects.toMatchObject({ code: "not_fresh" });
});

test("an address is changed by a link that goes to the new one, and both are told", async () => {
  const { app, store, repo, ada, visitor, mails } = await withAda();
  const page = await live(visitor, "/account/email");
  await page.form("#email", { email: "Lovelace@example.com" }).submit();
  expect(page.text("main")).toContain("Until its link is opened, your address stays as it is.");
  await store.settled();
  expect(mails).toMatchObject([{ to: "lovelace@example.com", subject: "Confirm your new address" }]);
  const link = linkOf(mails);
  const opened = await live(app, link);
  expect(await repo.get("users", ada.id)).toMatchObject({ email: "ada@example.com" });
  await opened.element("button", "Change the address").click();
  expect(opened.text("h1")).toBe("Your address is changed");
  expect(await repo.get("users", ada.id)).toMatchObject({ email: "lovelace@example.com" });
  await store.settled();
  expect(subjectsTo(mails, "ada@example.com")).toEqual(["The address of your account was changed"]);
  expect(subjectsTo(mails, "lovelace@example.com")).toEqual([
    "Confirm your new address",
    "This is the address of your account now",
  ]);
  expect((await live(app, link)).text("h1")).toBe("This link does not count any more");
});

test.each([".logins button", "button.danger"])(
  "a change of address that a stranger's browser has asked for ends with its log-in, by %s",
  async (button) => {
    const { app, store, repo, ada, visitor, mails } = await withAda();
    const stranger = await sessionOf(store, ada);
    await store.accounts.requestEmailChange(stranger, "eve@example.com");
    await store.settled();
    const security = await live(visitor, "/account/security");
    await security.element(button).click();
    const opened = await live(app, linkOf(mails));
    expect(opened.text("h1")).toBe("This link does not count any more");
    expect(await repo.get("users", ada.id)).toMatchObject({ email: "ada@example.com" });
  },
);

test("a change of address goes on when its user logs out", async () => {
  const { app, store, session, mails } = await withAda();
  await store.accounts.requestEmailChange(session, "lovelace@example.com");
  await store.settled();
  await store.accounts.logOut(session);
  const opened = await live(app, linkOf(mails));
  await opened.element("button", "Change the address").click();
  expect(opened.text("h1")).toBe("Your address is changed");
});

test("an address that another user has is refused by the same words, and its owner is told", async () => {
  const { store, repo, visitor, mails, ada } = await withAda();
  await users(repo).insert({ email: "bob@example.com" });
  const page = await live(visitor, "/account/email");
  await page.form("#email", { email: "bob@example.com" }).submit();
  expect(page.text("h1")).toBe("Look into your mail");
  await store.settled();
  expect(subjectsTo(mails, "bob@example.com")).toEqual(["Your address is in use"]);
  expect(await repo.get("users", ada.id)).toMatchObject({ email: "ada@example.com" });
});

test("a stranger who only registers an address keeps its owner from nothing", async () => {
  const { app, store, repo, session, mails, ada } = await withAda();
  const stranger = { email: "bob@example.com", name: "Eve", password: "a stranger's own words" };
  await store.accounts.register(stranger);
  await store.accounts.requestEmailChange(session, stranger.email);
  await store.settled();
  const opened = await live(app, linkOf(mails));
  await opened.element("button", "Change the address").click();
  expect(opened.text("h1")).toBe("Your address is changed");
  expect(await repo.filter("users", { email: stranger.email })).toMatchObject([{ id: ada.id }]);
  expect(await store.accounts.authenticate(stranger.email, stranger.password)).toBeUndefined();
});

test("an address that was taken since its link was sent stays with its owner", async () => {
  const { app, store, repo, session, mails } = await withAda();
  await store.accounts.requestEmailChange(session, "bob@example.com");
  await store.settled();
  await users(repo).insert({ email: "bob@example.com" });
  const opened = await live(app, linkOf(mails));
  await opened.element("button", "Change the address").click();
  expect(opened.text("h1")).toBe("This link does not count any more");
});

test("a change of address that was left open for long mails nothing, and links by mail are limited", async () => {
  const { store, session, visitor, pass, mails, ada } = await withAda();
  const page = await live(visitor, "/account/email");
  pass(11);
  await page.form("#email", { email: "lovelace@example.com" }).submit();
  await page.assertRedirect("/account/confirm");
  const asked = store.accounts.requestEmailChange(session, "lovelace@example.com");
  await expect(asked).rejects.toMatchObject({ code: "not_fresh" });
  await store.settled();
  expect(mails).toEqual([]);

  for (let time = 0; time < 5; time++) await store.accounts.requestMagicLink(ada.email);
  const again = await live(visitor, "/account/confirm");
  await again.element("button", "Mail me a link").click();
  expect(again.text(".problem")).toContain("Too many attempts.");
  await store.settled();
});
