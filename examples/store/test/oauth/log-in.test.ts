import { live, request } from "@overwire/testing";
import { afterEach, expect, test, vi } from "vitest";
import { CART_COOKIE } from "../../src/web/cart/visitor.ts";
import { products, users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { answer, choose, logInBy } from "../support/oauth-journey.ts";
import { withProviders } from "../support/oauth-shop.ts";
import { testStore } from "../support/test-store.ts";

const PASSWORD = "correct horse battery";

const { shop, oidc } = withProviders();
afterEach(() => vi.useRealTimers());

test.each([
  ["oidc", "ada", "ada@example.com"],
  ["github", "grace", "grace@example.com"],
])(
  "a log-in by %s makes an account at first, and enters it from then on",
  async (provider, account, email) => {
    const { app, repo, visitor } = shop();
    const first = await logInBy(visitor, provider, account);
    first.assertRedirect("/welcome");
    expect(first.flash("info")).toMatch(/^Welcome, .+! Your account is ready\.$/);
    const [user] = await repo.all("users");
    expect(user).toMatchObject({ email, passwordHash: null, confirmedAt: expect.any(Date) });
    expect(first.session()).toEqual({ userId: user?.id, loginId: expect.any(String) });

    const elsewhere = await logInBy(request(app), provider, account);
    elsewhere.assertRedirect("/");
    expect(elsewhere.flash("info")).toBeUndefined();
    expect(elsewhere.session()).toMatchObject({ userId: user?.id });
    expect(await repo.count("users")).toBe(1);
  },
);

test("a closed registration is closed to new users of providers too, and open to those who have an account", async () => {
  const { app, store, repo, visitor } = shop();
  await logInBy(visitor, "oidc", "ada");
  await store.flags.set(await users(repo).admin().insert(), "registration_closed", true);
  const refused = await logInBy(request(app), "github", "grace");
  refused.assertRedirect("/login");
  expect(refused.flash("error")).toBe("Registration is closed at the moment.");
  expect(await repo.getBy("users", { email: "grace@example.com" })).toBeUndefined();
  (await logInBy(request(app), "oidc", "ada")).assertRedirect("/");
});

test("a log-in returns to the page that was asked for, and is a log-in of this browser", async () => {
  const { app, store, repo } = shop();
  const visitor = request(app, { headers: { "user-agent": "Firefox" }, address: "192.0.2.7" });
  (await visitor.get("/account/connections")).assertRedirect("/login");
  const entered = await logInBy(visitor, "oidc", "ada");
  entered.assertRedirect("/account/connections");
  expect((await entered.follow()).html()).toContain("Example ID");
  const [user] = await repo.all("users");
  const logins = await store.accounts.logins.list(user?.id ?? 0);
  expect(logins).toMatchObject([{ agent: "Firefox", address: "192.0.2.7" }]);
});

test("the visitor's cart goes along", async () => {
  const { store, repo, visitor } = shop();
  const cup = await products(repo).insert({ stock: 3 });
  await visitor.get("/cart");
  await store.carts.add({ cartId: visitor.cookie(CART_COOKIE) ?? "" }, cup.id, 2);
  const entered = await logInBy(visitor, "oidc", "ada");
  const userId = entered.session().userId ?? 0;
  expect(await store.carts.of({ userId })).toMatchObject({ pieces: 2 });
});

test("several flows that were begun in one browser end each by itself", async () => {
  const { visitor } = shop();
  const first = await choose(visitor, "/auth/oidc", "ada");
  const second = await choose(visitor, "/auth/github", "grace");
  expect((await answer(visitor, second)).session()).toHaveProperty("userId", 1);
  expect((await answer(visitor, first)).session()).toHaveProperty("userId", 2);
});

test("a browser keeps its last four flows for ten minutes, out of reach of scripts", async () => {
  const { visitor } = shop();
  const begun: URL[] = [];
  for (let count = 0; count < 5; count++) begun.push(await choose(visitor, "/auth/oidc", "ada"));
  const [first, second] = begun as [URL, URL];
  (await answer(visitor, first)).assertRedirect("/login");
  (await answer(visitor, second)).assertRedirect("/welcome");
  const cookies = (await visitor.get("/auth/oidc")).headers.getSetCookie();
  expect(cookies).toContainEqual(
    expect.stringMatching(/^store_flow_\S+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/),
  );
});

test("over https the cookies of flows are this host's alone", async () => {
  const providers = shop().store.services.providers;
  const { app } = testStore({ url: "https://store.test", providers });
  const begun = await request(app, { origin: "https://store.test" }).get("/auth/github");
  expect(begun.headers.getSetCookie()).toContainEqual(expect.stringMatching(/^__Host-store_flow_.+; Secure/));
});

test("an address that has an account is not entered: its user logs in first, and then connects the two", async () => {
  const { app, repo, visitor } = shop();
  const ada = await users(repo).withPassword(PASSWORD).insert({ email: "ada@example.com" });
  const offered = await logInBy(visitor, "oidc", "ada");
  expect(offered.session()).toEqual({});
  const refused = await visitor.get(offered.assertRedirect("/account/connections/offer/:token").to);
  refused.assertRedirect("/login");
  expect(refused.flash("info")).toContain("There is an account with your address already.");

  const login = await live(visitor, "/login");
  await login.form("#login", { email: ada.email, password: PASSWORD }).submit();
  const offer = await login.followRedirect();
  expect(offer.text("h1")).toBe("Connect Example ID?");
  expect(await repo.count("identities")).toBe(0);
  await offer.element("main button", "Connect").click();
  const connections = await offer.followRedirect("/account/connections");
  expect(connections.flash("info")).toBe("You can log in by Example ID now.");
  expect((await logInBy(request(app), "oidc", "ada")).session()).toMatchObject({ userId: ada.id });
});

test("the offer counts ten minutes, and for its user alone", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const { app, repo, visitor } = shop();
  await users(repo).withPassword(PASSWORD).insert({ email: "ada@example.com" });
  await users(repo).withPassword(PASSWORD).insert({ email: "bob@example.com" });
  const { to } = (await logInBy(visitor, "oidc", "ada")).assertRedirect();

  const logIn = async (email: string) => {
    const login = await live(request(app), "/login");
    await login.form("#login", { email, password: PASSWORD }).submit();
    await login.assertRedirect();
    return login.request;
  };
  const bob = await (await logIn("bob@example.com")).get(to);
  bob.assertRedirect("/account/connections");
  expect(bob.flash("error")).toBe("This offer is for another account.");

  const ada = await logIn("ada@example.com");
  expect((await ada.get(to)).html()).toContain("Connect Example ID?");
  vi.setSystemTime(Date.now() + 10 * 60_000 + 1000);
  const late = await ada.get(to);
  late.assertRedirect("/account/connections");
  expect(late.flash("error")).toBe("This took too long. Please try again.");
  expect(await repo.count("identities")).toBe(0);
});

test("an offer whose user of the provider has been connected elsewhere meanwhile says so", async () => {
  const { app, store, repo, visitor } = shop();
  const [ada, bob] = [await users(repo).insert({ email: "ada@example.com" }), await users(repo).insert()];
  const { to } = (await logInBy(visitor, "oidc", "ada")).assertRedirect();
  const offer = await live(request(app, { session: await sessionOf(store, ada) }), to);
  await store.identities.connect(bob, { issuer: oidc().issuer, subject: "ada" });
  await offer.element("main button", "Connect").click();
  expect((await offer.assertRedirect("/account/connections")).flash).toEqual({
    error: "This user of Example ID belongs to another account.",
  });
});

test("the pages of logging in and registering have a button for each provider", async () => {
  const { app } = shop();
  for (const path of ["/login", "/register"]) {
    const page = await live(app, path);
    expect(page.text(".providers")).toBe("Continue with Example IDContinue with GitHub");
    expect(page.hasElement("a[href='/auth/oidc']", "Continue with Example ID")).toBe(true);
  }
  expect((await live(testStore().app, "/login")).hasElement(".providers")).toBe(false);
});
