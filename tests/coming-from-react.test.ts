// Tries docs/coming-from-react.md: its code has the right types, runs, and does what the guide says.
import type { LiveView } from "@overwire/server";
import { live } from "@overwire/testing";
import { afterAll, expect, test } from "vitest";
import { codeOf, GuideFolder, guideOf } from "./guide-code.ts";

const folder = new GuideFolder();
afterAll(() => folder.remove());

const files = codeOf(guideOf("coming-from-react")).map((code, at) => folder.write(`block-${at}`, code));
const modules = await Promise.all(files.map((file) => import(/* @vite-ignore */ file)));

const open = (name: string) => {
  const View: { new (): LiveView } = modules.find((each) => name in each)?.[name];
  return live(View, { onError: "raise" });
};

test("its code has the right types", () => folder.checkTypes());

test("todos are added and done", async () => {
  const view = await open("Todos");
  await view.form("form", { text: "Write a view" }).submit();
  await view.element("li button", "Write a view").click();
  expect(view.text("li.done")).toBe("Write a view");
});

test("a profile is loaded and saved", async () => {
  const view = await open("Profile");
  await view.settled();
  expect(view.text("h1")).toBe("Ada");
  expect(await view.element("button").click()).toContain("saved");
  await view.close();
});

test("a component counts", async () => {
  const view = await open("Page");
  expect(await view.element("button").click()).toContain("6");
});
