import { live, request } from "@overwire/testing";
import { describe, expect, test } from "vitest";
import type { StoreRepo } from "../../src/database/schema.ts";
import { DAY, MINUTE } from "../../src/shared/clock.ts";
import { users } from "../support/factories.ts";
import { linkOf } from "../support/mails.ts";
import { memory } from "../support/memory.ts";
import { onPglite } from "../support/pglite.ts";
import { testStore } from "../support/test-store.ts";

const ann = { name: "Ann", email: "ann@example.com", password: "correct horse battery" };

function suite(newRepo: () => StoreRepo) {
  /** A user who has registered and not confirmed. */
  async function registered() {
    let now = new Date("2026-03-01T10:00:00Z").getTime();
    const shop = testStore({ repo: newRepo(), clock: () => new Date(now) });
    const { store, repo } = shop;
    await store.accounts.register(ann);
    await store.settled();
    const pass = (time: number) => {
      now += time;
    };
    return { ...shop, pass, isThere: async () => (await repo.count("users", { email: ann.email })) === 1 };
  }

  test("a registration that was not confirmed ends after a week, and its address is free again", async () => {
    const { store, repo, pass, isThere } = await registered();
    const before = await repo.getBy("users", { email: ann.email });
    pass(7 * DAY - MINUTE);
    expect(await store.accounts.deleteUnconfirmed()).toBe(0);
    expect(await isThere()).toBe(true);
    pass(MINUTE);
    expect(await store.accounts.deleteUnconfirmed()).toBe(1);
    expect(await isThere()).toBe(false);
    expect(await repo.count("tokens")).toBe(0);
    expect(await store.audit.list({ area: "user" })).toMatchObject([
      { action: "user.unconfirmed_deleted", actor: null, details: { users: 1 } },
    ]);
    const again = await store.accounts.register(ann);
    expect(again?.id).not.toBe(before?.id);
    await store.settled();
  });

  test("a second registration of the address has a week of its own", async () => {
    const { store, pass, isThere } = await registered();
    pass(6 * DAY);
    await store.accounts.register(ann);
    await store.settled();
    pass(6 * DAY);
    expect(await store.accounts.deleteUnconfirmed()).toBe(0);
    pass(DAY);
    await store.accounts.deleteUnconfirmed();
    expect(await isThere()).toBe(false);
  });

  test("a link that is on its way counts until its end", async () => {
    const { store, mails, pass, isThere } = await registered();
    pass(7 * DAY - MINUTE);
    await store.accounts.requestMagicLink(ann.email);
    await store.settled();
    pass(10 * MINUTE);
    expect(await store.accounts.deleteUnconfirmed()).toBe(0);
    const token = linkOf(mails).slice("/login/magic/".length);
    expect(await store.accounts.authenticateByLink(token)).toMatchObject({ email: ann.email });
    pass(DAY);
    await store.accounts.deleteUnconfirmed();
    expect(await isThere()).toBe(true);
  });

  test("users who have confirmed stay, and so do new ones", async () => {
    const { store, repo, pass } = await registered();
    await users(repo).insert({ email: "old@example.com" });
    pass(7 * DAY);
    await users(repo).unconfirmed().insert({ email: "new@example.com", createdAt: store.services.clock() });
    await store.accounts.deleteUnconfirmed();
    const left = await repo.all("users", { orderBy: { id: "asc" } });
    expect(left.map(({ email }) => email)).toEqual(["old@example.com", "new@example.com"]);
  });
}

describe("unconfirmed users in memory", () => suite(memory));

describe("unconfirmed users on PostgreSQL", () => {
  const { repo } = onPglite();
  suite(() => repo);
});

test("a registration that waits on another machine goes on within its week, although the job has run", async () => {
  let now = new Date("2026-03-01T10:00:00Z");
  const { app, store, mails } = testStore({ clock: () => now });
  const laptop = request(app);
  const register = await live(laptop, "/register");
  await register.form("#registration", ann).submit();
  now = new Date("2026-03-08T09:00:00Z");
  await store.accounts.deleteUnconfirmed();
  const page = await live(request(app), "/login/magic");
  await page.form("#link", { email: ann.email }).submit();
  await store.settled();
  const phone = await live(request(app), linkOf(mails));
  await phone.form("#enter").submit();
  await phone.assertRedirect("/");
  expect((await live(phone.request, "/welcome/profile")).text("h1")).toBe("Nice to meet you");
  // The other machine waits for a password that does not count any more, as after any link of this kind.
  expect((await live(laptop, "/welcome/confirm")).text("h1")).toBe("Look into your mail");
});
