import { type LiveDriver, live } from "@overwire/testing";
import { expect, test } from "vitest";
import { app } from "../app.ts";

const ada = { name: "Ada", email: "ada@example.org", password: "a long secret" };

const open = (path = "/signup") => live(app, path);
const step = (view: LiveDriver) => view.text("[aria-current=step]");
const errors = (view: LiveDriver) =>
  [...view.container.querySelectorAll("[role=alert]")].map((error) => error.textContent?.trim());
const people = (view: LiveDriver) =>
  [...view.container.querySelectorAll("#team fieldset")].map((row) => ({
    name: (row.querySelector("input") as HTMLInputElement).value,
    role: (row.querySelector("select") as HTMLSelectElement).value,
  }));
const field = (view: LiveDriver, form: string, name: string) =>
  view.container.querySelector(`#${form} [name="${name}"]`) as HTMLInputElement;

async function teamOf(email: string, ...names: string[]) {
  const view = await open();
  await view.form("#you", { ...ada, email }).submit();
  for (let index = 0; index < names.length; index++) {
    if (index > 0) await view.element("#add").click();
    if (names[index]) await view.form("#team", { [`people[${index}][name]`]: names[index] }).change();
  }
  return view;
}

test("shows errors only of fields that the user has visited", async () => {
  const view = await open();
  expect(errors(view)).toEqual([]);
  await view.form("#you", { email: "ada" }).change();
  expect(errors(view)).toEqual(["This is no address of an email account."]);
  const email = field(view, "you", "email");
  expect(email.getAttribute("aria-invalid")).toBe("true");
  expect(view.container.querySelector(`#${email.getAttribute("aria-describedby")}`)?.textContent).toContain(
    "no address",
  );
  await view.form("#you", { email: "ada@example.org" }).change();
  expect(errors(view)).toEqual([]);
});

test("a step is not left before it is right, and leads to what is wrong", async () => {
  const view = await open();
  await view.form("#you", { name: "Ada", password: "short" }).submit();
  expect(step(view)).toBe("You");
  expect(errors(view)).toEqual(["This is no address of an email account.", "At least 10 characters."]);
  await view.assertPushEvent("focus", { to: expect.arrayContaining(["#you [aria-invalid]"]) });
  // The user's text stays, secrets too, and goes nowhere but to the server.
  expect(field(view, "you", "password").value).toBe("short");
  expect(view.html()).not.toContain("short");
});

test("knows which addresses are taken", async () => {
  const view = await open();
  await view.form("#you", { ...ada, email: "ADA@example.com" }).submit();
  expect(errors(view)).toEqual(["Somebody has an account with this address."]);
  expect(step(view)).toBe("You");
  await view.form("#you", { email: "other@example.com" }).change();
  expect(errors(view)).toEqual([]);
});

test("steps are URLs: back goes back, and what was typed is there", async () => {
  const view = await open();
  await view.form("#you", ada).submit();
  expect(view.url()).toBe("/signup?step=team");
  await view.assertPushEvent("focus", { to: expect.arrayContaining(["#team h2"]) });
  await view.form("#team", { "people[0][name]": "Grace" }).change();

  await view.back();
  expect(view.url()).toBe("/signup");
  expect(step(view)).toBe("You");
  expect(field(view, "you", "name").value).toBe("Ada");
  expect(field(view, "you", "password").value).toBe(ada.password);
  await view.form("#you").submit();
  expect(step(view)).toBe("Your team");
  expect(people(view)).toEqual([{ name: "Grace", role: "Editor" }]);
});

test("team members are added, moved and taken away; one has to stay", async () => {
  const view = await teamOf("rows@example.org", "Ann", "Bob", "Cid");
  expect(people(view)).toEqual([
    { name: "Ann", role: "Editor" },
    { name: "Bob", role: "Editor" },
    { name: "Cid", role: "Editor" },
  ]);
  const bob = view.container.querySelectorAll("#team fieldset")[1];
  await view.element("[aria-label='Move person 2 up']").click();
  expect(people(view).map(({ name }) => name)).toEqual(["Bob", "Ann", "Cid"]);
  expect(view.container.querySelector("#team fieldset")).toBe(bob);
  await view.element("[aria-label='Move person 1 up']").click();
  await view.element("[aria-label='Move person 3 down']").click();
  expect(people(view).map(({ name }) => name)).toEqual(["Bob", "Ann", "Cid"]);

  for (let count = 0; count < 3; count++) await view.element("[aria-label='Remove person 1']").click();
  expect(people(view)).toEqual([]);
  expect(errors(view)).toEqual(["A team has at least one person."]);
  await view.form("#team").submit();
  expect(step(view)).toBe("Your team");
});

test("rows that the user has not visited show no errors", async () => {
  const view = await teamOf("untold@example.org", "Ann", "");
  expect(errors(view)).toEqual([]);
  await view.form("#team").submit();
  expect(errors(view)).toEqual(["A name is needed."]);
});

test("shows all of it, makes the account, and says so once", async () => {
  const view = await teamOf("all@example.org", "Grace");
  await view.form("#team", { "people[0][role]": "Guest" }).submit();
  expect(step(view)).toBe("Review");
  expect(view.text("#review dl")).toBe("NameAda Emailall@example.org");
  expect(view.text("#review ol")).toBe("Grace Guest");
  expect(view.text("#review")).not.toContain(ada.password);

  await view.element("button", "Create account").click();
  expect(view.url()).toBe("/signup/welcome");
  expect(view.text("[role=status]")).toContain("Welcome, Ada.");

  const later = await open();
  await later.form("#you", { ...ada, email: "all@example.org" }).submit();
  expect(errors(later)).toEqual(["Somebody has an account with this address."]);
});

test("another user may be faster", async () => {
  const [ann, bob] = [await teamOf("same@example.org", "X"), await teamOf("same@example.org", "Y")];
  for (const view of [ann, bob]) {
    await view.form("#team").submit();
    await view.element("button", "Create account").click();
  }
  expect(ann.url()).toBe("/signup/welcome");
  expect(step(bob)).toBe("You");
  expect(errors(bob)).toEqual(["Somebody has an account with this address."]);
});

test("a user who begins at the end is shown the missing fields", async () => {
  const view = await open("/signup?step=review");
  expect(view.container.querySelectorAll(".missing")).toHaveLength(2);
  await view.element("button", "Create account").click();
  expect(step(view)).toBe("You");
  expect(errors(view)).toEqual([]);
  await view.form("#you", ada).submit();
  expect(step(view)).toBe("Your team");
});

test("an unknown step is the first", async () => {
  expect(step(await open("/signup?step=nowhere"))).toBe("You");
});

test("a lost connection loses nothing, even if the server was restarted", async () => {
  const view = await teamOf("lost@example.org", "Ann", "Bob");
  await view.element("[aria-label='Move person 2 up']").click();
  await view.disconnect({ resume: false });
  await view.reconnect();
  expect(step(view)).toBe("Your team");
  expect(people(view)).toEqual([
    { name: "Bob", role: "Editor" },
    { name: "Ann", role: "Editor" },
  ]);
  expect(errors(view)).toEqual([]);
  await view.form("#team").submit();
  await view.element("button", "Create account").click();
  expect(view.url()).toBe("/signup/welcome");
});
