import { live } from "@overwire/testing";
import { expect, test } from "vitest";
import { app } from "../app.ts";
import { KEPT, recent, remember } from "./messages.ts";

const value = (view: { readonly container: ParentNode }, name: string) =>
  (view.container.querySelector(`[name=${name}]`) as HTMLInputElement).value;

test("messages of one user are seen by the others", async () => {
  const ann = await live(app, "/chat");
  const bob = await live(app, "/chat");

  await ann.form("form", { name: "Ann", text: "Hello <Bob>" }).submit();
  await Promise.all([ann.settled(), bob.settled()]);
  expect(ann.text("li:last-child")).toMatch(/^Ann \d\d:\d\d Hello <Bob>$/);
  expect(bob.text("li:last-child p")).toBe("Hello <Bob>");

  await bob.form("form", { name: "Bob", text: "Hello Ann" }).submit();
  await Promise.all([ann.settled(), bob.settled()]);
  expect(ann.text("li:last-child p")).toBe("Hello Ann");
  expect(ann.hasElement("li.mine", "Hello Ann")).toBe(false);
  expect(bob.hasElement("li.mine", "Hello Ann")).toBe(true);
});

test("a user who comes later sees the earlier messages", async () => {
  remember("Ann", "Is anybody there?");
  const late = await live(app, "/chat");
  expect(late.text("li:last-child p")).toBe("Is anybody there?");
});

test("after sending the message's field is empty, and the name stays", async () => {
  const view = await live(app, "/chat");
  await view.form("form", { name: "Ann", text: "Hello" }).submit();
  expect(value(view, "text")).toBe("");
  expect(value(view, "name")).toBe("Ann");

  await view.form("form", { text: "Hello again" }).submit();
  expect(value(view, "text")).toBe("");
  expect(value(view, "name")).toBe("Ann");
});

test("says nothing that is empty, and nothing too long", async () => {
  const view = await live(app, "/chat");
  const before = recent();
  await view.form("form", { name: "Ann", text: "   " }).submit();
  await expect(
    view.form("form", { name: "Ann" }).submit(undefined, { text: "x".repeat(501) }),
  ).rejects.toThrow("refused");
  await expect(
    view.form("form", { text: "Hello" }).submit(undefined, { name: "x".repeat(31) }),
  ).rejects.toThrow("refused");
  expect(recent()).toBe(before);
});

test('a user without a name is called "Somebody"', async () => {
  const view = await live(app, "/chat");
  await view.form("form", { name: " ", text: "Guess who" }).submit();
  await view.settled();
  expect(view.text("li:last-child b")).toBe("Somebody");
});

test("a page that lost its connection catches up", async () => {
  const ann = await live(app, "/chat");
  const bob = await live(app, "/chat");
  await bob.disconnect();
  await ann.form("form", { name: "Ann", text: "While you were away" }).submit();
  expect(bob.hasElement("li", "While you were away")).toBe(false);

  await bob.reconnect();
  expect(bob.text("li:last-child p")).toBe("While you were away");
});

test("old messages are forgotten", async () => {
  for (let number = 0; number < KEPT + 10; number++) remember("Ann", `number ${number}`);
  const view = await live(app, "/chat");
  expect(view.container.querySelectorAll("li")).toHaveLength(KEPT);
  expect(view.text("li:first-child p")).toBe("number 10");
});
