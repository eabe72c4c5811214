import { createPubSub } from "@overwire/server";
import { live, request } from "@overwire/testing";
import { expect, test } from "vitest";
import { users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { memory } from "../support/memory.ts";
import { testStore } from "../support/test-store.ts";

const chrome =
  "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36";

test("browsers that are logged in are listed, with this one marked", async () => {
  const { app, store, repo } = testStore({ clock: () => new Date("2026-03-01T10:00:00Z") });
  const ada = await users(repo).insert();
  await sessionOf(store, await users(repo).insert());
  await sessionOf(store, ada, { agent: chrome });
  const page = await live(app, "/account/security", { session: await sessionOf(store, ada) });
  expect(page.text(".logins li:has(.badge)")).toContain("Firefox on Linux This browser");
  expect(page.text(".logins li:not(:has(.badge))")).toContain("Chrome on Android");
  expect(page.text(".logins li:not(:has(.badge))")).toContain(
    "Since 1 Mar 2026, 10:00 UTC, from 192.0.2.1. Last seen 1 Mar 2026, 10:00 UTC.",
  );
});

test("a browser that is logged out elsewhere leaves all of its pages at once, and is a visitor", async () => {
  const { app, store, repo } = testStore();
  const ada = await users(repo).insert();
  const laptop = await live(app, "/account/security", { session: await sessionOf(store, ada) });
  const phone = request(app, { session: await sessionOf(store, ada, { agent: chrome }) });
  const pages = [await live(phone, "/account/security"), await live(phone, "/")];
  await laptop.settled();
  await laptop.element(".logins button", "Log out").click();
  for (const page of pages) await page.assertRedirect("/login/ended");
  expect(laptop.text(".logins")).not.toContain("Android");
  const shop = await (await phone.get("/login/ended")).follow();
  expect(shop.html()).toContain("You were logged out.");
  expect(shop.session()).toEqual({});
});

test("all other browsers are logged out by one click, on every node", async () => {
  const services = { repo: memory(), pubsub: createPubSub() };
  const [here, there] = [testStore(services), testStore(services)];
  const ada = await users(services.repo).insert();
  const own = await live(here.app, "/account/security", { session: await sessionOf(here.store, ada) });
  const others = [
    await live(there.app, "/account", { session: await sessionOf(there.store, ada) }),
    await live(there.app, "/", { session: await sessionOf(there.store, ada) }),
  ];
  await own.settled();
  await own.element("button", "Log out all 2 others").click();
  for (const page of others) await page.assertRedirect("/login/ended");
  expect(own.text(".logins li")).toContain("This browser");
  expect(await here.store.accounts.logins.list(ada.id)).toHaveLength(1);
});

test("a log-in of another user is not ended", async () => {
  const { app, store, repo } = testStore();
  const [ada, bob] = await users(repo).insertPair();
  const bobs = await sessionOf(store, bob);
  const page = await live(app, "/account/security", { session: await sessionOf(store, ada) });
  await page.event("revoke", { id: bobs.loginId });
  expect(await store.accounts.userOf(bobs)).toMatchObject({ id: bob.id });
});

test("the list follows a new log-in, and the time at which a browser was seen", async () => {
  let now = new Date("2026-03-01T10:00:00Z");
  const { app, store, repo } = testStore({ clock: () => now });
  const ada = await users(repo).insert();
  const page = await live(app, "/account/security", { session: await sessionOf(store, ada) });
  const phone = await sessionOf(store, ada, { agent: chrome });
  await page.settled();
  expect(page.text(".logins")).toContain("Chrome on Android");
  now = new Date("2026-03-01T10:05:00Z");
  (await request(app, { session: phone }).get("/")).html();
  await page.settled();
  expect(page.text(".logins")).toContain("Last seen 1 Mar 2026, 10:05 UTC");
});

test("a tab of an earlier log-in comes back with the one that its browser has now", async () => {
  const { app, store, repo } = testStore();
  const ada = await users(repo).withPassword("correct horse battery").insert({ email: "ada@example.com" });
  const visitor = request(app, { session: await sessionOf(store, ada) });
  const tab = await live(visitor, "/account");
  const page = await live(visitor, "/login");
  await page.form("#login", { email: ada.email, password: "correct horse battery" }).submit();
  await page.assertRedirect("/");
  await tab.assertRedirect();
  (await visitor.get("/account")).html();
  expect(await store.accounts.logins.list(ada.id)).toHaveLength(1);
});

test("pages that are open leave when the time of their log-in is over, and others of the user stay", async () => {
  let now = new Date("2026-03-01T10:00:00Z");
  const { app, store, repo } = testStore({ clock: () => now });
  const ada = await users(repo).insert();
  const short = await live(app, "/account/security", { session: await sessionOf(store, ada) });
  const long = await live(app, "/account", { session: await sessionOf(store, ada, { remember: true }) });
  now = new Date("2026-03-01T22:00:00Z");
  await store.accounts.logins.endExpired();
  await short.assertRedirect("/login/ended");
  await long.settled();
  expect(long.text("h1")).toBe("Ada Lovelace");
  expect(await repo.count("logins")).toBe(1);
});
