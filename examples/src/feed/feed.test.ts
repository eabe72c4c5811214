import { type LiveDriver, live } from "@overwire/testing";
import { expect, test } from "vitest";
import { app } from "../app.ts";
import { COUNT, entry } from "./journal.ts";

const shown = (view: LiveDriver) =>
  [...view.container.querySelectorAll("#feed > li")].map(({ id }) => Number(id.replace("entry-", "")));
const range = (first: number, end: number) =>
  Array.from({ length: end - first }, (_, index) => first + index);
const older = (view: LiveDriver) => view.element("#feed").hook("older", { id: "x" });
const newer = (view: LiveDriver, payload: object = {}) => view.element("#feed").hook("newer", payload);

test("begins with a page", async () => {
  const view = await live(app, "/feed");
  expect(shown(view)).toEqual(range(0, 20));
  expect(view.text("[role=status]")).toBe("1 to 20 of 1000");
  expect(view.text("#entry-3 h2")).toBe(entry(3).title);
  expect(view.hasElement("[phx-viewport-top]")).toBe(false);
});

test("has three pages at most, whichever way the user scrolls", async () => {
  const view = await live(app, "/feed");
  const kept = view.container.querySelector("#entry-50");
  for (const end of [40, 60, 80, 100]) {
    await older(view);
    expect(shown(view)).toEqual(range(Math.max(0, end - 60), end));
  }
  expect(kept).toBeNull();

  const row = view.container.querySelector("#entry-60");
  await newer(view);
  expect(shown(view)).toEqual(range(20, 80));
  expect(view.container.querySelector("#entry-60")).toBe(row);
  await newer(view);
  expect(shown(view)).toEqual(range(0, 60));
  expect(view.hasElement("[phx-viewport-top]")).toBe(false);
  await newer(view);
  expect(shown(view)).toEqual(range(0, 60));
});

test("starts again from the top for who was faster than the entries", async () => {
  const view = await live(app, "/feed");
  for (let count = 0; count < 8; count++) await older(view);
  expect(shown(view)).toEqual(range(120, 180));
  await newer(view, { _overran: true });
  expect(shown(view)).toEqual(range(0, 60));
});

test("ends with the journal", async () => {
  const view = await live(app, "/feed");
  for (let end = 20; end < COUNT; end += 20) await older(view);
  expect(shown(view)).toEqual(range(940, 1000));
  expect(view.text(".feed-end")).toBe("This is where it began.");
  expect(view.hasElement("[phx-viewport-bottom]")).toBe(false);
  await older(view);
  expect(shown(view)).toEqual(range(940, 1000));
});

test("has buttons that put the keyboard at the first entry that was not there", async () => {
  const view = await live(app, "/feed");
  expect(view.hasElement("button", "Show newer entries")).toBe(false);
  for (const id of ["entry-20", "entry-40", "entry-60"]) {
    await view.element("button", "Show older entries").click();
    await view.assertPushEvent("focus", { id });
    expect(view.hasElement(`#${id}`)).toBe(true);
  }
  expect(shown(view)).toEqual(range(20, 80));
  await view.element("button", "Show newer entries").click();
  await view.assertPushEvent("focus", { id: "entry-19" });
  expect(shown(view)).toEqual(range(0, 60));
});
