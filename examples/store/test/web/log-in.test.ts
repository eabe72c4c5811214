import { live, request } from "@overwire/testing";
import { expect, test, vi } from "vitest";
import { auditTopic } from "../../src/audit/audit.ts";
import { createStore } from "../../src/store/store.ts";
import { users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { CHEAP } from "../support/passwords.ts";
import { testStore } from "../support/test-store.ts";

const PASSWORD = "correct horse battery";
const firefox = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" };

/** A store with a user who has a password. */
async function withAda() {
  const shop = testStore();
  const ada = await users(shop.repo).withPassword(PASSWORD).insert({ name: "Ada", email: "ada@example.com" });
  return { ...shop, ada };
}

test("a user who logs in by password is sent to the page that was asked for, and has a log-in of this browser", async () => {
  const { app, store, ada } = await withAda();
  const visitor = request(app, { headers: firefox, address: "192.0.2.7" });
  (await visitor.get("/account/tokens")).assertRedirect("/login");
  const page = await live(visitor, "/login");
  await page.form("#login", { email: " Ada@Example.com", password: PASSWORD }).submit();
  await page.assertRedirect("/account/tokens");
  const tokens = await page.followRedirect();
  expect(tokens.text("nav[aria-label='Store']")).toContain("Ada");
  const [login] = await store.accounts.logins.list(ada.id);
  expect(login).toMatchObject({ agent: firefox["user-agent"], address: "192.0.2.7" });
});

test("a wrong password, an unknown address and an unconfirmed one are answered by the same words", async () => {
  const { app, repo } = await withAda();
  await users(repo).withPassword(PASSWORD).unconfirmed().insert({ email: "bob@example.com" });
  await users(repo).insert({ email: "cem@example.com" });
  const page = await live(app, "/login");
  for (const [email, password] of [
    ["ada@example.com", "wrong"],
    ["nobody@example.com", PASSWORD],
    ["bob@example.com", PASSWORD],
    ["cem@example.com", PASSWORD],
  ]) {
    await page.form("#login", { email, password }).submit();
    expect(page.text("#login .problem")).toBe("This address and this password do not belong together.");
  }
});

test("a user who logs out is a visitor again, in all tabs of the browser", async () => {
  const { app, store, ada } = await withAda();
  const visitor = request(app, { session: await sessionOf(store, ada) });
  const tab = await live(visitor, "/account/tokens", { hooks: { Copy() {} } });
  const res = await visitor.post("/logout");
  res.assertRedirect("/");
  expect(res.flash("info")).toBe("You are logged out.");
  expect(res.session()).toEqual({});
  await tab.assertRedirect("/account/tokens");
  (await visitor.get("/account/tokens")).assertRedirect("/login");
  expect(await store.accounts.logins.list(ada.id)).toEqual([]);
});

test("a session whose log-in is gone is ended by the next page, which is shown as to a visitor", async () => {
  const { app, store, ada } = await withAda();
  const session = await sessionOf(store, ada);
  await store.accounts.logOut(session);
  const visitor = request(app, { session });
  const shop = await (await visitor.get("/")).follow();
  expect(shop.html()).toContain("You were logged out.");
  expect(shop.html()).toContain("Log in");
  expect(shop.session()).toEqual({});
});

test("a log-in that is not remembered ends after twelve hours, another one after sixty days", async () => {
  let now = new Date("2026-03-01T10:00:00Z");
  const { app, store, repo } = testStore({ clock: () => now });
  const ada = await users(repo).insert();
  const [short, long] = [await sessionOf(store, ada), await sessionOf(store, ada, { remember: true })];
  now = new Date("2026-03-01T21:59:00Z");
  expect(await store.accounts.userOf(short)).toMatchObject({ id: ada.id });
  now = new Date("2026-03-01T22:00:00Z");
  expect(await store.accounts.userOf(short)).toBeUndefined();
  now = new Date("2026-04-30T09:59:00Z");
  expect(await store.accounts.userOf(long)).toMatchObject({ id: ada.id });
  now = new Date("2026-04-30T10:00:00Z");
  expect(await store.accounts.userOf(long)).toBeUndefined();
  (await request(app, { session: long }).get("/account/tokens")).assertRedirect("/login/ended");
});

test("a page that is left while it logs in leaves no log-in behind", async () => {
  const { app, store, ada } = await withAda();
  const page = await live(app, "/login");
  const stop = app.subscribe(auditTopic, () => void page.close());
  await page
    .form("#login", { email: ada.email, password: PASSWORD })
    .submit()
    .catch(() => {});
  stop();
  await vi.waitFor(async () => expect(await store.accounts.logins.list(ada.id)).toEqual([]));
});

test("a page that was sent away by an earlier log-in finds the new one as it is", async () => {
  const { app, store, ada } = await withAda();
  const session = await sessionOf(store, ada);
  const res = await request(app, { session }).get("/login/ended");
  res.assertRedirect("/");
  expect(res.session()).toEqual(session);
});

test("the user of the first admin's address becomes an admin by a log-in, once the address is confirmed", async () => {
  const { store: plain, repo } = testStore();
  const store = createStore(plain.services, { passwordCost: CHEAP, admin: "Ada@example.com" });
  const ada = await users(repo).unconfirmed().insert({ email: "ada@example.com" });
  const enter = async () => {
    const user = await repo.getBy("users", { email: "ada@example.com" });
    if (user) await store.accounts.logIn(user, { agent: "", address: "", remember: false });
    return (await repo.get("users", ada.id))?.role;
  };
  expect(await enter()).toBe("customer");
  await repo.update("users", ada.id, { confirmedAt: new Date() });
  expect(await enter()).toBe("admin");
  expect(await store.audit.list({ area: "user" })).toMatchObject([
    { action: "user.role_changed", actor: null },
  ]);
});

test("the first admin's address gives no right back that another admin has taken", async () => {
  const { store: plain, repo } = testStore();
  const store = createStore(plain.services, { passwordCost: CHEAP, admin: "ada@example.com" });
  const ada = await users(repo).insert({ email: "ada@example.com" });
  const enter = async () => {
    const user = await repo.get("users", ada.id);
    if (user) await store.accounts.logIn(user, { agent: "", address: "", remember: false });
    return (await repo.get("users", ada.id))?.role;
  };
  expect(await enter()).toBe("admin");
  const eve = await users(repo).admin().insert();
  await store.accounts.setRole(await sessionOf(store, eve), ada.id, "customer");
  expect(await enter()).toBe("customer");
});
