/** A look at the page of a test. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createApp, html, LiveView } from "@overwire/server";
import { expect, test } from "vitest";
import { live } from "../index.ts";

class Page extends LiveView {
  render() {
    return html`<h1 style="color: red">Hello</h1><p>more</p>`;
  }
}

const open = async () => {
  const app = createApp({
    secret: "s".repeat(32),
    layout: ({ children, head }) => html`<!doctype html><html><head>${head}
      <link rel="stylesheet" href="/app.css"><link rel="stylesheet" href="//cdn.example/x.css"><link rel="stylesheet" href="/none.css">
      <style>b { color: blue }</style></head><body>${children}<script>alert(1)</script></body></html>`,
  });
  app.live("/", Page);
  app.get("/app.css", (c) => c.text("h1 { margin: 0 }"));
  return live(app, "/");
};

test("the page is a file without scripts, its own styles beside it", async () => {
  const view = await open();
  let path = "";
  expect(await view.openBrowser((opened) => (path = opened))).toBe(view);
  const page = await readFile(path, "utf8");
  expect(page).toMatch(/^<!doctype html>\n<html>/i);
  expect(page).toContain('<h1 style="color: red">Hello</h1>');
  expect(page).toContain("<style>b { color: blue }</style>");
  expect(page).toContain('href="//cdn.example/x.css"');
  expect(page).toContain('href="/none.css"');
  expect(page).not.toContain("<script");
  const [, style = ""] = /href="(file:[^"]*)"/.exec(page) ?? [];
  expect(await readFile(fileURLToPath(style), "utf8")).toBe("h1 { margin: 0 }");
});

test("or an element of it, in the same page", async () => {
  const view = await open();
  let path = "";
  await view.element("p").openBrowser((opened) => (path = opened));
  const page = await readFile(path, "utf8");
  expect(page).toMatch(/<body><p>more<\/p><\/body>/);
  expect(page).toContain("b { color: blue }");
});
