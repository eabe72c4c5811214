import { type LiveDriver, live } from "@overwire/testing";
import { expect, test } from "vitest";
import { app } from "../app.ts";

const names = (view: LiveDriver) =>
  [...view.container.querySelectorAll(".document > span")].map((span) => span.textContent);
const node = (view: LiveDriver, selector: string) => view.element(selector).node as unknown as HTMLElement;
const isShown = (view: LiveDriver, selector: string) =>
  /^(block|grid)$/.test(node(view, selector).style.display);
const focused = (view: LiveDriver) => view.window.document.activeElement?.id;
const choose = async (view: LiveDriver, document: number, item: string) => {
  await view.element(`#menu-${document}`).click();
  await view.element(`#menu-${document}-items button`, item).click();
};

test("a menu opens and closes in the page", async () => {
  const view = await live(app, "/dialogs");
  expect(node(view, "#menu-1-items").hidden).toBe(true);
  await view.element("#menu-1").click();
  await expect.poll(() => isShown(view, "#menu-1-items")).toBe(true);
  expect(isShown(view, "#menu-2-items")).toBe(false);
  expect(view.hasElement("#menu-1[aria-expanded=true]")).toBe(true);

  await view.element(".document:first-child .menu [phx-key=Escape]").keydown("Escape");
  expect(isShown(view, "#menu-1-items")).toBe(false);
  expect(view.hasElement("#menu-1[aria-expanded=false]")).toBe(true);
  expect(focused(view)).toBe("menu-1");
});

test("renames in a dialog, which closes at once", async () => {
  const view = await live(app, "/dialogs");
  await choose(view, 2, "Rename…");
  expect(isShown(view, "#menu-2-items")).toBe(false);
  expect(view.hasElement("#rename-2[data-open]")).toBe(true);

  await view.form("#rename-2 form", { name: " Letter <2> " }).submit();
  expect(names(view)).toEqual(["Travel plans", "Letter <2>", "Recipes"]);
  expect(view.hasElement("#rename-2[data-open]")).toBe(false);
  expect(view.text("#rename-2-title")).toBe("Rename “Letter <2>”");
});

test("refuses names that are none", async () => {
  const view = await live(app, "/dialogs");
  await expect(view.form("#rename-1 form", { name: "   " }).submit()).rejects.toThrow("refused");
  expect(names(view)[0]).toBe("Travel plans");
});

test("copies, up to an end", async () => {
  const view = await live(app, "/dialogs");
  await choose(view, 1, "Make a copy");
  expect(names(view)).toEqual(["Travel plans", "Copy of Travel plans", "Letter to the editor", "Recipes"]);
  for (let count = 0; count < 8; count++) await choose(view, 3, "Make a copy");
  expect(names(view)).toHaveLength(8);
});

test("deletes what one is sure about", async () => {
  const view = await live(app, "/dialogs");
  await choose(view, 3, "Delete…");
  await view.element("#remove-3 button", "Keep it").click();
  expect(names(view)).toHaveLength(3);

  await choose(view, 3, "Delete…");
  await view.element("#remove-3 button", /^Delete$/).click();
  expect(names(view)).toEqual(["Travel plans", "Letter to the editor"]);
  expect(focused(view)).toBe("documents");
});

test("the time goes on while a dialog is open", async () => {
  const view = await live(app, "/dialogs");
  await choose(view, 1, "Rename…");
  const before = view.text("#rename-1 output");
  await expect.poll(() => view.text("#rename-1 output")).not.toBe(before);
  expect(isShown(view, "#rename-1")).toBe(true);
});
