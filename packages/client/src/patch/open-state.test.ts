import { html, type Template } from "@overwire/server";
import { patchedPage } from "@overwire/test-support/patched-page";
import { testWindow } from "@overwire/test-support/test-window";
import { beforeEach, describe, expect, test } from "vitest";

const { document, $ } = testWindow();

beforeEach(() => {
  document.body.innerHTML = "<main></main>";
});

const open = (first: Template) => patchedPage($("main"), first);

describe("dialogs and details", () => {
  const view = (open: boolean, note: string) =>
    html`<details open=${open} title=${note}>${note}<b></b></details><dialog open=${open} title=${note}>${note}<b></b></dialog>`;
  const isOpen = () => [$("details"), $("dialog")].map((el) => el.hasAttribute("open"));

  test("that the user opened or closed stay so until the server's rendering of that changes", () => {
    const { show } = open(view(false, "1"));
    for (const el of [$("details"), $("dialog")]) el.setAttribute("open", "");
    show(view(false, "2"));
    expect(isOpen()).toEqual([true, true]);
    show(view(true, "3"));
    expect(isOpen()).toEqual([true, true]);
    show(view(false, "4"));
    expect(isOpen()).toEqual([false, false]);
    show(view(true, "5"));
    for (const el of [$("details"), $("dialog")]) el.removeAttribute("open");
    show(view(true, "6"));
    expect(isOpen()).toEqual([false, false]);
  });

  test("that a patch brought do so as well", () => {
    const page = (on: boolean, open: boolean, note: string) => html`<div>${on && view(open, note)}</div>`;
    const { show } = open(page(false, false, ""));
    show(page(true, true, "1"));
    show(page(true, false, "2"));
    expect(isOpen()).toEqual([false, false]);
    show(page(true, true, "3"));
    for (const el of [$("details"), $("dialog")]) el.removeAttribute("open");
    show(page(true, true, "4"));
    expect(isOpen()).toEqual([false, false]);
  });
});
