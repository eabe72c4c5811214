import { connect, live, request } from "@overwire/testing";
import { expect, test } from "vitest";
import type { StoreRepo } from "../../src/database/schema.ts";
import type { Provider } from "../../src/providers/provider.ts";
import { TERMINALS } from "../../src/web/terminals/routes.ts";
import type { StockChannel } from "../../src/web/terminals/stock-channel.ts";
import { products, users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { linkOf, subjectsTo } from "../support/mails.ts";
import { hashOf } from "../support/passwords.ts";
import { testStore } from "../support/test-store.ts";

const ann = { name: "Ann", email: "ann@example.com", password: "correct horse battery" };
const OTHER = "another horse battery";
/** A provider that none of these tests asks. */
const club: Provider = {
  name: "club",
  title: "The Club",
  issuer: "https://club.example",
  canAskAnew: true,
  begin: () => Promise.reject(new Error("No flow begins here.")),
  finish: () => Promise.reject(new Error("No flow ends here.")),
};
const spent = "This link does not count any more";

async function registered() {
  const shop = testStore();
  await shop.store.accounts.register(ann);
  await shop.store.settled();
  return { ...shop, link: linkOf(shop.mails) };
}

test("a registration is confirmed by its link and password, which log in, on any machine", async () => {
  const { app, repo, link } = await registered();
  const page = await live(app, link);
  await page.form("#confirm", { password: "a wrong password" }).submit();
  expect(page.text("#confirm")).toContain("This is not the password of the registration.");
  await page.form("#confirm", { password: ann.password }).submit();
  await page.assertRedirect("/welcome");
  expect((await repo.getBy("users", { email: ann.email }))?.confirmedAt).toBeInstanceOf(Date);
  const account = await live(page.request, "/account");
  expect(account.text("h1")).toBe("Ann");
  expect((await live(app, link)).text("h1")).toBe(spent);
});

test("a link is not spent by being opened, as scanners of mails do", async () => {
  const { app, link } = await registered();
  const scanner = request(app);
  for (let time = 0; time < 3; time++) (await scanner.get(link)).html();
  const page = await live(app, link);
  await page.form("#confirm", { password: ann.password }).submit();
  await page.assertRedirect("/welcome");
});

test("a second registration of an address that is not confirmed replaces the first one, and its link", async () => {
  const { app, store, mails, repo, link } = await registered();
  await store.accounts.register({ ...ann, name: "Annie", password: OTHER });
  await store.settled();
  expect((await live(app, link)).text("h1")).toBe(spent);
  const page = await live(app, linkOf(mails));
  expect(page.text("h1")).toBe("Welcome, Annie");
  expect(await repo.count("users")).toBe(1);
});

test("a registration that replaces another one while it is confirmed is not confirmed by its password", async () => {
  const { repo, link } = await registered();
  const replacing: StoreRepo = new Proxy(repo, {
    get: (target, name: keyof StoreRepo) =>
      name === "transaction"
        ? async (run: () => Promise<unknown>) => {
            await repo.updateAll("users", { email: ann.email }, { passwordHash: hashOf(OTHER) });
            return repo.transaction(run);
          }
        : target[name],
  });
  const { store } = testStore({ repo: replacing });
  await expect(store.accounts.confirm(link.slice("/confirm/".length), ann.password)).rejects.toMatchObject({
    code: "link_spent",
  });
  expect(await repo.getBy("users", { email: ann.email })).toMatchObject({ confirmedAt: null });
});

test("a mail to an address that is not confirmed has no text of the one who registered", async () => {
  const { store, mails } = await registered();
  await store.accounts.requestMagicLink(ann.email);
  await store.accounts.requestReset(ann.email);
  await store.settled();
  expect(mails).toHaveLength(3);
  expect(mails.filter(({ text }) => text.includes(ann.name))).toEqual([]);
});

test("a magic link logs in once", async () => {
  const { app, store, repo, mails } = testStore();
  await users(repo).insert({ email: "ada@example.com" });
  const request = await live(app, "/login/magic");
  await request.form("#link", { email: "ADA@example.com" }).submit();
  expect(request.text("main")).toContain("If ADA@example.com has an account here, a mail is on its way.");
  await store.settled();
  const page = await live(app, linkOf(mails));
  expect(page.text("main")).toContain("ada@example.com");
  const late = await live(app, linkOf(mails));
  await page.form("#enter", { remember: true }).submit();
  await page.assertRedirect("/");
  await late.form("#enter").submit();
  expect(late.text("#enter .problem")).toContain(spent);
  expect((await live(app, linkOf(mails))).text("h1")).toBe(spent);
});

test("a magic link proves an address, and forgets the password of its registration", async () => {
  const { app, store, repo, mails } = await registered();
  await store.accounts.requestMagicLink(ann.email);
  await store.settled();
  const page = await live(app, linkOf(mails));
  await page.form("#enter").submit();
  await page.assertRedirect("/");
  expect(await repo.getBy("users", { email: ann.email })).toMatchObject({ passwordHash: null });
  expect(await store.accounts.authenticate(ann.email, ann.password)).toBeUndefined();
});

test.each(["/login/magic", "/reset"])(
  "%s answers alike for an unknown address, which gets no mail",
  async (path) => {
    const { app, store, repo, mails } = testStore();
    await users(repo).insert({ email: "ada@example.com" });
    const answers = [];
    for (const email of ["ada@example.com", "bob@example.com"]) {
      const page = await live(app, path);
      await page.form("#link", { email }).submit();
      answers.push(page.element("main").html().replaceAll(email, "…"));
    }
    expect(answers[0]).toBe(answers[1]);
    await store.settled();
    expect(mails.map(({ to }) => to)).toEqual(["ada@example.com"]);
  },
);

test("links count for a quarter of an hour", async () => {
  let now = new Date("2026-03-01T10:00:00Z");
  const { app, store, repo, mails } = testStore({ clock: () => now });
  await users(repo).insert({ email: "ada@example.com" });
  await store.accounts.requestReset("ada@example.com");
  await store.settled();
  now = new Date("2026-03-01T10:14:59Z");
  expect((await live(app, linkOf(mails))).text("h1")).toBe("Choose another password");
  now = new Date("2026-03-01T10:15:00Z");
  expect((await live(app, linkOf(mails))).text("h1")).toBe(spent);
});

test("a reset ends all other log-ins and links, whose open pages leave at once, and logs this browser in", async () => {
  const { app, store, repo, mails } = testStore();
  const ada = await users(repo).withPassword(ann.password).insert({ email: "ada@example.com" });
  const thief = await live(app, "/account", { session: await sessionOf(store, ada) });
  await store.accounts.requestMagicLink(ada.email);
  await store.accounts.requestReset(ada.email);
  await store.settled();
  const magic = mails.find(({ subject }) => subject === "Your link to log in");
  const reset = mails.find(({ subject }) => subject === "Choose another password");
  const page = await live(app, linkOf(reset ? [reset] : []));
  await page.form("#reset", { password: OTHER }).submit();
  await page.assertRedirect("/");
  await thief.assertRedirect("/login/ended");
  expect((await live(page.request, "/account")).text("h1")).toBe(ada.name);
  expect((await live(app, linkOf(magic ? [magic] : []))).text("h1")).toBe(spent);
  await store.settled();
  expect(subjectsTo(mails, ada.email)).toContain("Your password was changed");
  expect(await store.accounts.authenticate(ada.email, ann.password)).toBeUndefined();
  expect(await store.accounts.authenticate(ada.email, OTHER)).toMatchObject({ id: ada.id });
  expect(await store.audit.list({ area: "user" })).toMatchObject([{ action: "user.password_changed" }]);
});

test("a user who is logged in resets the password in the same browser, and stays", async () => {
  const { app, store, repo, mails } = testStore();
  const ada = await users(repo).insert({ email: "ada@example.com" });
  await store.accounts.requestReset(ada.email);
  await store.settled();
  const visitor = request(app, { session: await sessionOf(store, ada) });
  const page = await live(visitor, linkOf(mails));
  await page.form("#reset", { password: OTHER }).submit();
  const { flash } = await page.assertRedirect("/");
  expect(flash).toEqual({ info: "Your password is changed, and all other browsers are logged out." });
  expect((await live(visitor, "/account")).text("h1")).toBe(ada.name);
  expect(await store.accounts.logins.list(ada.id)).toHaveLength(1);
});

test("a reset revokes all API tokens, and tells so on its page and by mail, with the accounts that still log in", async () => {
  const clock = () => new Date("2026-03-01T10:00:00Z");
  const { app, store, repo, mails } = testStore({ clock, providers: [club] });
  const ada = await users(repo).moderator().insert({ email: "ada@example.com" });
  const bob = await users(repo).insert();
  const [keeper, thiefs, bobs] = [
    await store.apiTokens.create(ada, "Stock keeper"),
    await store.apiTokens.create(ada, "Backup"),
    await store.apiTokens.create(bob, "Bob's"),
  ];
  await store.identities.connect(ada, { issuer: club.issuer, subject: "7" });
  const socket = await connect(app, TERMINALS, { token: thiefs.token });
  await products(repo).insert({ slug: "cup" });
  const till = await socket.subscribeAndJoin<StockChannel>("stock:cup");
  await till.push("sold", { pieces: 1 });
  await store.accounts.requestReset(ada.email);
  await store.settled();
  const page = await live(app, linkOf(mails));
  expect(page.text("main")).toContain("will be logged out, and 2 API tokens revoked.");
  await page.form("#reset", { password: OTHER }).submit();
  const { flash } = await page.assertRedirect("/");
  expect(flash).toEqual({
    info: "Your password is changed, and all other browsers are logged out. 2 API tokens are revoked. You can still log in by The Club.",
  });
  for (const { token } of [keeper, thiefs]) expect(await store.apiTokens.verify(token)).toBeUndefined();
  expect(await store.apiTokens.verify(bobs.token)).toBeDefined();
  await expect(till.push("sold", { pieces: 1 })).rejects.toThrow();
  expect(await store.identities.connections(ada)).toHaveLength(1);
  await store.settled();
  const mail = mails.at(-1);
  expect(mail).toMatchObject({ to: ada.email, subject: "Your password was changed" });
  expect(mail?.text).toContain("These API tokens were revoked:\n\n- Backup\n- Stock keeper\n\n");
  expect(mail?.text).toContain(
    "- The Club, connected on 1 Mar 2026, 10:00 UTC\n\nhttp://store.test/account/connections\n\n",
  );
  expect(mail?.text).not.toContain("still count");
  expect((await store.audit.list({ area: "api_token", limit: 2 })).map(({ action }) => action)).toEqual([
    "api_token.revoked",
    "api_token.revoked",
  ]);
});

test("a reset whose link does not count revokes nothing", async () => {
  const { store, repo } = testStore();
  const ada = await users(repo).insert();
  const { token } = await store.apiTokens.create(ada, "Stock keeper");
  await expect(store.accounts.resetPassword("guessed", OTHER)).rejects.toMatchObject({ code: "link_spent" });
  expect(await store.apiTokens.verify(token)).toBeDefined();
});

test("attempts are limited for each address of a mail, and for each network address", async () => {
  const { app, store, repo } = testStore();
  await users(repo).insert({ email: "ada@example.com", passwordHash: hashOf(ann.password) });
  const page = await live(app, "/login");
  for (let time = 0; time < 10; time++)
    await page.form("#login", { email: "ada@example.com", password: "wrong" }).submit();
  expect(page.text("#login .problem")).toContain("do not belong together");
  await page.form("#login", { email: "ada@example.com", password: ann.password }).submit();
  expect(page.text("#login .problem")).toBe("Too many attempts. Try again in 15 minutes.");
  expect(await store.audit.list({ area: "login" })).toMatchObject([
    { action: "login.limited", subject: "address:ada@example.com" },
  ]);

  const here = request(app, { address: "192.0.2.7" });
  const reset = await live(here, "/reset");
  for (let time = 0; time < 30; time++)
    await store.accounts.requestReset(`user${time}@example.com`, { agent: "", address: "192.0.2.7" });
  await reset.form("#link", { email: "eva@example.com" }).submit();
  expect(reset.text(".problem")).toContain("Too many attempts.");
  const elsewhere = await live(request(app, { address: "192.0.2.8" }), "/reset");
  await elsewhere.form("#link", { email: "eva@example.com" }).submit();
  expect(elsewhere.text("h1")).toBe("Look into your mail");
});

test("a link that is spent while its page is open says so", async () => {
  const { app, store, mails, link } = await registered();
  const confirm = await live(app, link);
  await store.accounts.confirm(link.slice("/confirm/".length), ann.password);
  await confirm.form("#confirm", { password: ann.password }).submit();
  expect(confirm.text("#confirm .problem")).toContain(spent);

  await store.accounts.requestReset(ann.email);
  await store.settled();
  const reset = await live(app, linkOf(mails));
  await store.accounts.resetPassword(linkOf(mails).slice("/reset/".length), OTHER);
  await reset.form("#reset", { password: ann.password }).submit();
  expect(reset.text("#reset .problem")).toContain(spent);
});

test("registrations are limited", async () => {
  const { app, store } = testStore();
  for (let time = 0; time < 5; time++) await store.accounts.register(ann);
  const page = await live(app, "/register");
  await page.form("#registration", ann).submit();
  expect(page.text("#registration .problem")).toContain("Too many attempts.");
  await store.settled();
});
