import { each, html } from "@overwire/server";
import { patchedPage } from "@overwire/test-support/patched-page";
import { testWindow } from "@overwire/test-support/test-window";
import { beforeEach, expect, test } from "vitest";
import { untracked } from "./untracked.ts";

const { document, $ } = testWindow();

beforeEach(() => {
  document.body.innerHTML = "<main></main>";
});

const list = (items: string) =>
  html`<ul>${each(
    [...items],
    (item) => item,
    (item) => html`<li>${item}</li>`,
  )}</ul>`;

/** A list with an element of which its view knows nothing, behind the first item. */
function page(isUntracked: boolean) {
  const { show } = patchedPage($("main"), list("ab"));
  const strange = document.createElement("li");
  strange.textContent = "?";
  if (isUntracked) untracked.add(strange);
  $("li").after(strange);
  return show;
}

test("an untracked element is neither taken for an item nor taken away", () => {
  const show = page(true);
  for (const items of ["abc", "cab", "x"]) {
    show(list(items));
    expect($("ul").textContent?.replace("?", "")).toBe(items);
    expect($("ul").textContent).toContain("?");
  }
});

test("any other element that the view does not have goes", () => {
  const show = page(false);
  show(list("cab"));
  expect($("ul").textContent).toBe("cab");
});
