import { live, request } from "@overwire/testing";
import { expect, test } from "vitest";
import type { User } from "../../src/database/schema.ts";
import { MINUTE } from "../../src/shared/clock.ts";
import { users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { subjectsTo } from "../support/mails.ts";
import { answer, choose, logInBy } from "../support/oauth-journey.ts";
import { withProviders } from "../support/oauth-shop.ts";
import { testStore } from "../support/test-store.ts";

const PASSWORD = "correct horse battery";

const { shop, oidc } = withProviders();

async function loggedIn(attributes: Partial<User> = {}) {
  const made = shop();
  const user = await users(made.repo).withPassword(PASSWORD).insert(attributes);
  const session = await sessionOf(made.store, user);
  return { ...made, user, session, visitor: request(made.app, { session }) };
}

const row = (title: string) => `.connections li:has([aria-label$='${title}'])`;

test("a user connects a provider, logs in by it, and disconnects it, and is told by mail", async () => {
  const { app, store, repo, mails, user, visitor } = await loggedIn({ email: "ada@example.com" });
  const page = await live(visitor, "/account/connections");
  expect(page.text(row("Example ID"))).toContain("Not connected");
  await page.element("[aria-label='Connect Example ID']").click();
  const { to } = await page.assertRedirect();
  const connected = await answer(visitor, await choose(visitor, to, "nemo"));
  connected.assertRedirect("/account/connections");
  expect(connected.flash("info")).toBe("You can log in by Example ID now.");
  expect((await logInBy(request(app), "oidc", "nemo")).session()).toMatchObject({ userId: user.id });

  const again = await live(visitor, "/account/connections");
  expect(again.text(row("Example ID"))).toContain("Since");
  await again.element("[aria-label='Disconnect Example ID']").click();
  expect(again.flash("info")).toBe("Example ID is disconnected.");
  expect(again.text(row("Example ID"))).toContain("Not connected");
  expect(await repo.count("identities")).toBe(0);
  await store.settled();
  expect(subjectsTo(mails, user.email)).toEqual([
    "You can log in by Example ID now",
    "Example ID was disconnected",
  ]);
  expect(mails[0]?.text).toContain("http://store.test/account/connections");
});

test("the last way of logging in cannot be disconnected", async () => {
  const { visitor, repo } = shop();
  await oidc().tellLogIn(0);
  await logInBy(visitor, "oidc", "ada");
  const page = await live(visitor, "/account/connections");
  await page.element("[aria-label='Disconnect Example ID']").click();
  expect(page.flash("error")).toBe(
    "This is your only way to log in. Set a password or connect another one first.",
  );
  expect(page.hasElement("[aria-label='Disconnect Example ID']")).toBe(true);
  expect(await repo.count("identities")).toBe(1);
});

test("a provider's user who belongs to another account is not connected", async () => {
  const { app, repo, visitor } = await loggedIn();
  await logInBy(request(app), "oidc", "ada");
  const page = await live(visitor, "/account/connections");
  await page.element("[aria-label='Connect Example ID']").click();
  const { to } = await page.assertRedirect();
  const refused = await answer(visitor, await choose(visitor, to, "ada"));
  refused.assertRedirect("/account/connections");
  expect(refused.flash("error")).toBe("This user of Example ID belongs to another account.");
  expect(await repo.count("identities")).toBe(1);
});

test("another site cannot have a browser connect an account: the way begins by the user's own ticket", async () => {
  const { app, store, repo, visitor } = await loggedIn();
  const other = await users(repo).insert();
  const stranger = request(app, { session: await sessionOf(store, other) });
  const page = await live(stranger, "/account/connections");
  await page.element("[aria-label='Connect Example ID']").click();
  const { to } = await page.assertRedirect();
  for (const path of [to, to.replace("oidc", "github"), "/auth/oidc?ticket=guessed"]) {
    const refused = await visitor.get(path);
    refused.assertRedirect("/account/connections");
    expect(refused.flash("error")).toBe("This took too long. Please try again.");
  }
});

test("a way that fails ends on the page where it began; one that outlived the log-in, on that of the log-in", async () => {
  const { app, store, session, visitor } = await loggedIn();
  const begin = async () => {
    const page = await live(visitor, "/account/connections");
    await page.element("[aria-label='Connect Example ID']").click();
    return (await page.assertRedirect()).to;
  };
  const denied = await answer(visitor, await choose(visitor, await begin(), undefined));
  denied.assertRedirect("/account/connections");
  expect(denied.flash("error")).toBe("You have not allowed Example ID to log you in.");

  const back = await choose(visitor, await begin(), "ada");
  await store.accounts.logOut(session);
  const late = await answer(visitor, back);
  late.assertRedirect("/login");
  expect(late.flash("error")).toBe("You were logged out meanwhile. Please log in, and try again.");
  expect((await logInBy(request(app), "oidc", "ada")).flash("info")).toContain("Welcome");
});

test("visitors log in first, and users whose log-in is old show that it is them", async () => {
  let now = new Date();
  const { app, store, repo } = shop({ clock: () => now });
  (await request(app).get("/account/connections")).assertRedirect("/login");
  const user = await users(repo).insert();
  const session = await sessionOf(store, user);
  now = new Date(now.getTime() + 11 * MINUTE);
  const page = await live(app, "/account/connections", { session });
  await page.element("[aria-label='Connect Example ID']").click();
  await page.assertRedirect("/account/confirm");
});

test("a store without providers has none to connect", async () => {
  const { app, store, repo } = testStore();
  const session = await sessionOf(store, await users(repo).insert());
  const page = await live(app, "/account/connections", { session });
  expect(page.text(".empty")).toBe("The store has no providers to connect.");
});
