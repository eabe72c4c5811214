import { live } from "@overwire/testing";
import { expect, test } from "vitest";
import { app } from "../app.ts";
import { Todo } from "./todo.ts";

const titles = (view: { readonly container: ParentNode }) =>
  [...view.container.querySelectorAll("li span")].map((span) => span.textContent);

test("adds tasks, and clears the field", async () => {
  const view = await live(app, "/todo");
  expect(view.text("footer output")).toBe("2 tasks left");

  await view.form("form", { title: "  Buy <milk> & bread " }).submit();
  expect(titles(view).at(-1)).toBe("Buy <milk> & bread");
  expect(view.text("footer output")).toBe("3 tasks left");
  expect((view.container.querySelector("[name=title]") as HTMLInputElement).value).toBe("");
});

test("does not add what is empty or too long", async () => {
  const view = await live(Todo);
  await view.form("form", { title: "   " }).submit();
  expect(titles(view)).toHaveLength(3);

  await expect(view.form("form").submit(undefined, { title: "x".repeat(121) })).rejects.toThrow("refused");
  expect(titles(view)).toHaveLength(3);
});

test("ticks off, and back on", async () => {
  const view = await live(Todo);
  const box = view.element("li:nth-child(2) input");
  await box.click();
  expect(view.text("footer output")).toBe("1 task left");
  expect(view.hasElement("li:nth-child(2).done")).toBe(true);

  await box.click();
  expect(view.text("footer output")).toBe("2 tasks left");
  expect(view.hasElement("li:nth-child(2).done")).toBe(false);
});

test("deletes one, and clears what is done", async () => {
  const view = await live(Todo);
  await view.element("[aria-label='Delete Change it and reload']").click();
  expect(titles(view)).toEqual(["Read the source of this page", "Write a view of your own"]);

  await view.element("button", "Clear done").click();
  expect(titles(view)).toEqual(["Write a view of your own"]);
  await expect(view.element("button", "Clear done").click()).rejects.toThrow("disabled");
});

test("filters", async () => {
  const view = await live(Todo);
  await view.element("button", "active").click();
  expect(titles(view)).toEqual(["Change it and reload", "Write a view of your own"]);
  expect(view.text("[aria-pressed=true]")).toBe("active");

  await view.element("li:first-child input").click();
  expect(titles(view)).toEqual(["Write a view of your own"]);

  await view.element("button", /^done$/).click();
  expect(titles(view)).toEqual(["Read the source of this page", "Change it and reload"]);

  await view.element("button", "all").click();
  expect(titles(view)).toHaveLength(3);
});

test("knows no other filter", async () => {
  const view = await live(Todo);
  await expect(view.element("button", "active").click({ filter: "secret" })).rejects.toThrow("refused");
  expect(view.text("[aria-pressed=true]")).toBe("all");
});

test("has an end", async () => {
  const view = await live(Todo);
  for (let count = 3; count < 100; count++) await view.form("form", { title: `Task ${count}` }).submit();
  expect(titles(view)).toHaveLength(100);
  await expect(view.form("form", { title: "one more" }).submit()).rejects.toThrow("non-disabled");
});
