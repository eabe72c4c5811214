import { live, request } from "@overwire/testing";
import { expect, test } from "vitest";
import { confirmedTopic } from "../../src/accounts/confirmed.ts";
import { users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { testStore } from "../support/test-store.ts";

/** A browser that has registered and waits for the mail. */
async function withRegistration() {
  const shop = testStore();
  const ada = await users(shop.repo).unconfirmed().withPassword("correct horse battery").insert();
  const registration = shop.store.onboarding.begin(ada.email, ada);
  const client = request(shop.app, { session: { registration } });
  /** Opens the link, in whatever browser. */
  const confirm = async () => {
    await shop.repo.update("users", ada.id, { confirmedAt: new Date() });
    shop.store.services.pubsub.publish(confirmedTopic(ada.email), null);
  };
  return { ...shop, ada, client, registration, confirm };
}

test("a user who registers waits in one tab, confirms in another, and both go on", async () => {
  const { app, store, mails } = testStore();
  const [laptop, phone] = [request(app), request(app)];
  const page = await live(laptop, "/register");
  const ada = { name: "Ada", email: "ada@example.com", password: "correct horse battery" };
  await page.form("#registration", ada).submit();
  await page.assertRedirect("/welcome/confirm");
  expect(page.text("h1")).toBe("Look into your mail");
  await store.settled();
  const [link = ""] = /\/confirm\/.*$/m.exec(mails[0]?.text ?? "") ?? [];
  const confirm = await live(phone, link);
  await confirm.form("#confirm", { password: ada.password }).submit();
  expect((await confirm.followRedirect("/welcome")).text("h1")).toBe("Nice to meet you");
  await page.assertRedirect("/welcome/confirm");
  await expect(live(laptop, "/welcome/confirm")).rejects.toMatchObject({ redirect: { to: "/welcome" } });
  expect((await live(laptop, "/welcome/profile")).text("header nav")).toContain("Ada");
});

test("a visitor who has not registered is sent to do so", async () => {
  (await request(testStore().app).get("/welcome/confirm")).assertRedirect("/register");
});

test("the page says where the mail went, and goes on by itself when its link is opened on another machine", async () => {
  const { client, ada, confirm, store } = await withRegistration();
  const page = await live(client, "/welcome/confirm");
  expect(page.text(".card")).toContain(`We have sent a mail to ${ada.email}.`);
  await confirm();
  await expect(page.followRedirect("/welcome/confirm")).rejects.toMatchObject({
    redirect: { to: "/welcome" },
  });
  const welcome = await live(client, "/welcome/profile");
  expect(welcome.text("h1")).toBe("Nice to meet you");
  expect((await client.get("/")).session()).toMatchObject({ userId: ada.id });
  expect((await client.get("/")).session()).not.toHaveProperty("registration");
  expect(await store.accounts.logins.list(ada.id)).toHaveLength(1);
});

test("the link is opened in another tab of the browser: the page goes on with that log-in", async () => {
  const { client, ada, confirm, store } = await withRegistration();
  const page = await live(client, "/welcome/confirm");
  await client.setSession(await sessionOf(store, ada));
  await confirm();
  const welcome = await page.followRedirect("/welcome/confirm");
  expect(welcome.text("h1")).toBe("Nice to meet you");
  expect(await store.accounts.logins.list(ada.id)).toHaveLength(1);
});

test("the page that was closed meanwhile goes on when it is opened again", async () => {
  const { client, confirm } = await withRegistration();
  await confirm();
  await expect(live(client, "/welcome/confirm")).rejects.toMatchObject({ redirect: { to: "/welcome" } });
  expect((await live(client, "/welcome/profile")).text("h1")).toBe("Nice to meet you");
});

test("a browser whose address was taken waits, and nothing is told", async () => {
  const { app, store, ada, confirm } = await withRegistration();
  const registration = store.onboarding.begin(ada.email, undefined);
  const page = await live(app, "/welcome/confirm", { session: { registration } });
  await confirm();
  const waiting = await page.followRedirect("/welcome/confirm");
  await waiting.settled();
  expect(waiting.text("h1")).toBe("Look into your mail");
});

test("a user who is logged in and not confirmed waits there, too", async () => {
  const { app, store, ada, confirm } = await withRegistration();
  const client = request(app, { session: await sessionOf(store, ada) });
  const welcome = await client.get("/welcome");
  welcome.assertRedirect("/welcome/confirm");
  const page = await live(client, "/welcome/confirm");
  await confirm();
  expect((await page.followRedirect("/welcome/confirm")).text("h1")).toBe("Nice to meet you");
});
