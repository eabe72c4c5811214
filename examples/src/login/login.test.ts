import { live } from "@overwire/testing";
import { expect, test } from "vitest";
import { app } from "../app.ts";
import { Account, Login } from "./login.ts";
import { demo, verify } from "./members.ts";

const ada = { session: { member: "ada" } };

test("a member logs in, and is known on every page from then on", async () => {
  const view = await live(app, "/login");
  await view.form("#login", demo).submit();
  expect(view.instance).toBeInstanceOf(Account);
  expect(view.url()).toBe("/login/account");
  expect(view.text("[role=status]")).toBe("Welcome, Ada Lovelace.");
  expect(view.text("h2")).toBe("Ada Lovelace");
  await view.element("a", "To the form").click();
  expect(view.url()).toBe("/login/account");
});

test.each([
  ["a wrong password", { ...demo, password: "analytical engine" }],
  ["an unknown address", { ...demo, email: "babbage@example.com" }],
])("%s is refused in the same words, and the address stays", async (_, wrong) => {
  const view = await live(app, "/login");
  await view.form("#login", wrong).submit();
  expect(view.text("[role=alert]")).toBe("No account has this address and password.");
  expect(view.container.querySelector<HTMLInputElement>("[type=email]")?.value).toBe(wrong.email);
  await view.form("#login", demo).submit();
  expect(view.url()).toBe("/login/account");
});

test("missing fields are named", async () => {
  const view = await live(app, "/login");
  await view.form("#login").submit();
  expect(view.text()).toContain("An address is needed.");
  expect(view.text()).toContain("A password is needed.");
});

test("without a session the account leads to the form, and with one the form to the account", async () => {
  await expect(live(app, "/login/account")).rejects.toMatchObject({ redirect: { to: "/login" } });
  await expect(live(app, "/login", ada)).rejects.toMatchObject({ redirect: { to: "/login/account" } });
});

test("log-out ends the session of the page", async () => {
  const view = await live(app, "/login/account", ada);
  await view.element("button", "Log out").click();
  expect(view.instance).toBeInstanceOf(Login);
  expect(view.text("[role=status]")).toContain("You are logged out");
  await view.navigateTo("/login/account").catch(() => {});
  expect(view.url()).toBe("/login");
});

test("the open pages of a member are counted", async () => {
  const view = await live(app, "/login/account", ada);
  expect(view.text(".open")).toContain("the only page");
  const other = await live(app, "/login/account", ada);
  await expect.poll(() => view.text(".open")).toContain("2 pages");
  await other.close();
});

test("passwords are compared whole, and addresses in any case", async () => {
  expect(await verify("ADA@example.com ", demo.password)).toMatchObject({ name: "Ada Lovelace" });
  expect(await verify(demo.email, `${demo.password} `)).toBeUndefined();
  expect(await verify("", "")).toBeUndefined();
});
