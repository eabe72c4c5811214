/** Users without a password show who they are at their provider; a log-in that it has remembered is no proof. */
import { live, request } from "@overwire/testing";
import { expect, test } from "vitest";
import { MINUTE } from "../../src/shared/clock.ts";
import { users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { linkOf } from "../support/mails.ts";
import { answer, choose, logInBy } from "../support/oauth-journey.ts";
import { withProviders } from "../support/oauth-shop.ts";

const DANGEROUS = "/account/password";
const BUTTON = ".providers button";

const { shop, oidc } = withProviders();
type Visitor = ReturnType<typeof shop>["visitor"];

/** Ada, whom the provider has logged in, without telling when. */
async function withAda() {
  const made = shop();
  await logInBy(made.visitor, "oidc", "ada");
  return made;
}

/** Goes to a dangerous page, and from there to the page that asks who the user is. */
async function asked(visitor: Visitor) {
  (await visitor.get(DANGEROUS)).assertRedirect("/account/confirm");
  return live(visitor, "/account/confirm");
}

/** Presses the button of the provider. @returns the address of the way to it */
async function press(visitor: Visitor): Promise<string> {
  const page = await asked(visitor);
  await page.element(BUTTON, "Log in again at Example ID").click();
  return (await page.assertRedirect()).to;
}

test("a user without a password logs in anew at the provider, and is back on the page that asked", async () => {
  const { visitor, repo } = await withAda();
  const page = await asked(visitor);
  expect(page.hasElement("#confirm")).toBe(false);
  await page.element(BUTTON, "Log in again at Example ID").click();
  const { to } = await page.assertRedirect();
  const before = visitor.get("/").then((res) => res.session());
  const confirmed = await answer(visitor, await choose(visitor, to, "ada"));
  confirmed.assertRedirect(DANGEROUS);
  expect(confirmed.session()).toEqual(await before);
  expect((await live(visitor, DANGEROUS)).text("h1")).toBe("Change the password");
  expect(await repo.count("users")).toBe(1);
});

test("a provider that remembers its user is made to ask", async () => {
  const { visitor } = shop();
  const cookies = new Map<string, string>();
  await answer(visitor, await choose(visitor, "/auth/oidc", "ada", cookies));
  // Remembered: of whatever would be chosen nothing is asked.
  const silent = await answer(visitor, await choose(visitor, "/auth/oidc", undefined, cookies));
  silent.assertRedirect("/");
  const denied = await answer(visitor, await choose(visitor, await press(visitor), undefined, cookies));
  denied.assertRedirect("/account/confirm");
  expect(denied.flash("error")).toBe("You have not allowed Example ID to log you in.");
  const confirmed = await answer(visitor, await choose(visitor, await press(visitor), "ada", cookies));
  confirmed.assertRedirect(DANGEROUS);
});

test.each([
  ["an hour ago", 3600, false],
  ["ten minutes ago", 600, false],
  ["just now", 1, true],
  ["in a minute, by a clock that is ahead", -60, true],
  ["at a time that the provider does not tell", undefined, false],
])("a log-in by a provider counts as of its time: %s", async (_, ago, isFresh) => {
  const { visitor } = shop();
  await oidc().tellLogIn(ago);
  await logInBy(visitor, "oidc", "ada");
  const page = await visitor.get(DANGEROUS);
  if (isFresh) expect(page.html()).toContain("Change the password");
  else page.assertRedirect("/account/confirm");
});

test("a log-in a while ago ends to count ten minutes after it, not after the answer", async () => {
  let now = Date.now();
  const { visitor } = shop({ clock: () => new Date(now) });
  await oidc().tellLogIn(8 * 60);
  await logInBy(visitor, "oidc", "ada");
  expect((await visitor.get(DANGEROUS)).status).toBe(200);
  // By the clock of the provider, which has not stood still.
  now = Date.now() + 2 * MINUTE;
  (await visitor.get(DANGEROUS)).assertRedirect("/account/confirm");
});

test("a silent log-in does not make an older one fresh", async () => {
  let now = Date.now();
  const { visitor } = shop({ clock: () => new Date(now) });
  await oidc().tellLogIn(0);
  await logInBy(visitor, "oidc", "ada");
  now += 11 * MINUTE;
  await logInBy(visitor, "oidc", "ada");
  (await visitor.get(DANGEROUS)).assertRedirect("/account/confirm");
});

test("a provider that does not make its user log in anew is no proof", async () => {
  const { visitor } = await withAda();
  const back = await choose(visitor, await press(visitor), "ada");
  await oidc().tellLogIn(5 * 60);
  const refused = await answer(visitor, back);
  refused.assertRedirect("/account/confirm");
  expect(refused.flash("error")).toBe(
    "Example ID does not tell that you have just logged in there. Please choose another way.",
  );
  (await visitor.get(DANGEROUS)).assertRedirect("/account/confirm");
});

test("another user of the provider is not the user, also one who has an account", async () => {
  const { app, visitor } = await withAda();
  await logInBy(request(app), "oidc", "grace");
  const before = (await visitor.get("/")).session();
  for (const other of ["grace", "nemo"]) {
    const refused = await answer(visitor, await choose(visitor, await press(visitor), other));
    refused.assertRedirect("/account/confirm");
    expect(refused.flash("error")).toBe("This user of Example ID is not connected to your account.");
    expect(refused.session()).toEqual(before);
  }
  (await visitor.get(DANGEROUS)).assertRedirect("/account/confirm");
});

test("another site cannot have a browser go there, and a way that outlived its log-in ends at the log-in", async () => {
  const { app, store, repo, visitor } = await withAda();
  const to = await press(visitor);
  const stranger = request(app, { session: await sessionOf(store, await users(repo).insert()) });
  const refused = await stranger.get(to);
  refused.assertRedirect("/account/connections");
  expect(refused.flash("error")).toBe("This took too long. Please try again.");

  const back = await choose(visitor, to, "ada");
  await store.accounts.logOut((await visitor.get("/")).session());
  const late = await answer(visitor, back);
  late.assertRedirect("/login");
  expect(late.flash("error")).toBe("You were logged out meanwhile. Please log in, and try again.");
});

test("only providers that are connected, and can ask anew, have a button", async () => {
  const { app, store, repo } = shop();
  const user = await users(repo).withPassword("correct horse battery").insert();
  const session = await sessionOf(store, user);
  const page = () => live(app, "/account/confirm", { session });
  expect((await page()).hasElement(BUTTON)).toBe(false);
  expect((await page()).hasElement("#confirm")).toBe(true);
  const [example, github] = store.identities.providers;
  await store.identities.connect(user, { issuer: github?.issuer ?? "", subject: "1815" });
  expect((await page()).hasElement(BUTTON)).toBe(false);
  await store.identities.connect(user, { issuer: example?.issuer ?? "", subject: "ada" });
  const both = await page();
  expect(both.text(BUTTON)).toBe("Log in again at Example ID");
  await both.event("ask", { provider: "github" });
  expect(both.text("h1")).toBe("Is it you?");
});

test("a log-in by GitHub, which tells no times, is no proof: its user shows by mail who they are", async () => {
  const { store, visitor, mails } = shop();
  await logInBy(visitor, "github", "grace");
  const page = await asked(visitor);
  expect(page.hasElement(BUTTON)).toBe(false);
  expect(page.hasElement("#confirm")).toBe(false);
  await page.element("button", "Mail me a link").click();
  await store.settled();
  const magic = await live(visitor, linkOf(mails));
  await magic.form("#enter").submit();
  await magic.assertRedirect(DANGEROUS);
  expect((await live(visitor, DANGEROUS)).text("h1")).toBe("Change the password");
});
