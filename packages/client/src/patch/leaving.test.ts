import { each, html } from "@overwire/server";
import { deferred } from "@overwire/test-support/deferred";
import { patchedPage } from "@overwire/test-support/patched-page";
import { testWindow } from "@overwire/test-support/test-window";
import { beforeEach, expect, test } from "vitest";
import { lock } from "../dom/locks.ts";

const { document, $ } = testWindow();

beforeEach(() => {
  document.body.innerHTML = "<main></main>";
});

const list = (items: string, text = "") =>
  html`<h1>${text}<b></b></h1><ul>${each(
    [...items],
    (item) => item,
    (item) => html`<li phx-remove="[]">${item}<i></i></li>`,
  )}</ul>`;
const shown = () => [...$("ul").children].map((el) => el.textContent + (el.hasAttribute("inert") ? "!" : ""));

test("an element stays, inert, until its transition has ended; patches pass it by", async () => {
  const end = deferred<void>();
  const { show } = patchedPage($("main"), list("abc"), { removing: () => end.promise });
  const leaving = $("ul").children[1];
  show(list("ac"));
  expect(shown()).toEqual(["a", "b!", "c"]);
  show(list("cad"));
  expect($("ul").contains(leaving as Element)).toBe(true);
  end.resolve();
  await end.promise;
  expect(shown()).toEqual(["c", "a", "d"]);
});

test("an element whose transition fails goes, and so does one that has none to begin", async () => {
  const { show } = patchedPage($("main"), list("ab"), {
    removing: (el) => (el.textContent === "a" ? Promise.reject(new Error("stopped")) : undefined),
  });
  show(list(""));
  expect(shown()).toEqual(["a!"]);
  await expect.poll(shown).toEqual([]);
});

test("transitions begin when the page is done", () => {
  const seen: (string | null)[] = [];
  const { show } = patchedPage($("main"), list("a"), {
    removing: () => void seen.push($("h1").textContent),
  });
  show(list("", "done"));
  expect(seen).toEqual(["done"]);
});

test("an element goes at once with one around it that has no transition", () => {
  const view = (on: boolean) =>
    html`<div>${on && html`<section><p phx-remove="[]">${"x"}</p></section>`}</div>`;
  const { show } = patchedPage($("main"), view(true), { removing: () => new Promise(() => {}) });
  show(view(false));
  expect($("section")).toBeNull();
});

test("an element that a locked one is to take up is kept for it", () => {
  const view = (inside: boolean) =>
    html`<div>${!inside && html`<p id="p" title=${"t"}></p>`}</div><form>${inside && html`<p id="p" title=${"t"}></p>`}</form>`;
  const { show } = patchedPage($("main"), view(false));
  lock($("form"), 1);
  show(view(true));
  expect($("p")).not.toBeNull();
});
