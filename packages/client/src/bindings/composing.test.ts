/** Input methods: the events of each browser while a word is composed, and those that a view gets of it. */
import { html } from "@overwire/server";
import { clientPage } from "@overwire/test-support/client-page";
import { useFakeTimers } from "@overwire/test-support/fake-timers";
import { describe, expect, test, vi } from "vitest";
import { FORM } from "../wire/constants.ts";

useFakeTimers();

/** Events in the order of a browser; an `input` and a `compositionend` come with the text that the field has then. */
const browsers: Record<string, readonly (readonly [type: string, text: string, isComposing?: boolean])[]> = {
  Chrome: [
    ["compositionstart", ""],
    ["input", "n", true],
    ["input", "ni", true],
    ["input", "你", true],
    ["compositionend", "你"],
    ["change", "你"],
  ],
  Firefox: [
    ["compositionstart", ""],
    ["input", "n", true],
    ["input", "ni", true],
    ["input", "你", true],
    ["compositionend", "你"],
    ["input", "你"],
    ["change", "你"],
  ],
  Safari: [
    ["compositionstart", ""],
    ["input", "n", true],
    ["input", "ni", true],
    ["input", ""],
    ["input", "你"],
    ["compositionend", "你"],
    ["change", "你"],
  ],
};

function open(attributes = "", ofForm = "") {
  const view = (text: string) => html`<p>${text}</p>`;
  const page = clientPage(view(""));
  page.join(view("joined"));
  page.main.insertAdjacentHTML(
    "beforeend",
    `<form id="f" phx-change="e" ${ofForm}><input name="a" ${attributes}><input name="b"></form>`,
  );
  const field = page.$("[name=a]");
  const fire = (type: string, init: object = {}) =>
    field.dispatchEvent(Object.assign(new page.win.Event(type, { bubbles: true }), init));
  return {
    ...page,
    fire,
    run(browser: string, from = 0, to?: number) {
      for (const [type, text, isComposing] of browsers[browser]?.slice(from, to) ?? []) {
        field.value = text;
        fire(type, { isComposing });
      }
    },
    values: () => page.sent(FORM).map((frame) => new URLSearchParams(String(frame[4])).get("a")),
  };
}

describe.each(Object.keys(browsers))("a word composed in %s", (browser) => {
  test("is one change, at its end", () => {
    const page = open();
    page.run(browser, 0, 3);
    expect(page.values()).toEqual([]);
    page.run(browser, 3);
    vi.advanceTimersByTime(1000);
    expect(page.values()).toEqual(["你"]);
  });

  test.each(["300", "blur"])("is one change with a debounce of %s", (debounce) => {
    const page = open(`phx-debounce="${debounce}"`);
    page.run(browser);
    page.fire("focusout");
    vi.advanceTimersByTime(1000);
    expect(page.values()).toEqual(["你"]);
  });

  test("is one change, however long it takes beyond a debounce", () => {
    const page = open(`phx-debounce="300"`);
    page.run(browser, 0, 3);
    vi.advanceTimersByTime(1000);
    expect(page.values()).toEqual([]);
    page.run(browser, 3);
    vi.advanceTimersByTime(1000);
    expect(page.values()).toEqual(["你"]);
  });

  test("and more after it is told as ever", () => {
    const page = open();
    page.run(browser);
    page.type("[name=a]", "你 a");
    page.type("[name=a]", "你");
    expect(page.values()).toEqual(["你", "你 a", "你"]);
  });
});

test("another field of the form does not tell what is composed so far", () => {
  const page = open();
  page.run("Chrome", 0, 3);
  page.type("[name=b]", "1");
  expect(page.values()).toEqual([]);
  page.run("Chrome", 3);
  expect(page.values()).toEqual(["你", "你"]);
});

test("a field that loses the focus is composed in no more, though no browser says so", () => {
  const page = open();
  page.run("Chrome", 0, 4);
  expect(page.values()).toEqual([]);
  page.fire("focusout");
  expect(page.values()).toEqual(["你"]);
  page.type("[name=b]", "1");
  expect(page.values()).toEqual(["你", "你"]);
});

test.each([
  ["phx-while-composing", ""],
  ["", "phx-while-composing"],
])("every step is told where a field (%j) or its form (%j) wants it", (own, ofForm) => {
  const page = open(own, ofForm);
  page.run("Chrome");
  expect(page.values()).toEqual(["n", "ni", "你"]);
});

test("keys that are pressed for the input method push nothing, nor do they when they come up", () => {
  const page = open();
  page.main.insertAdjacentHTML(
    "beforeend",
    `<input id="k" phx-keydown="down" phx-keyup="up"><input id="all" phx-keydown="down" phx-while-composing>`,
  );
  const press = (id: string, type: string, init: object) =>
    page.$(id).dispatchEvent(new page.win.KeyboardEvent(type, { bubbles: true, ...init }));
  const keys = () => page.sent("e").map((frame) => [frame[3], (frame[4] as { key: string }).key]);
  // Chrome: the key that ends it comes up when nothing is composed any more.
  press("#k", "keydown", { key: "Process", code: "KeyN", keyCode: 229 });
  press("#k", "keyup", { key: "n", code: "KeyN", isComposing: true });
  press("#k", "keydown", { key: "Enter", code: "Enter", isComposing: true });
  press("#k", "keyup", { key: "Enter", code: "Enter" });
  // Safari: it goes down after that.
  press("#k", "keydown", { key: "Enter", code: "Enter", keyCode: 229 });
  press("#k", "keyup", { key: "Enter", code: "Enter" });
  expect(keys()).toEqual([]);
  press("#all", "keydown", { key: "Enter", code: "Enter", isComposing: true });
  press("#k", "keydown", { key: "Enter", code: "Enter" });
  press("#k", "keyup", { key: "Enter", code: "Enter" });
  expect(keys()).toEqual([
    ["down", "Enter"],
    ["down", "Enter"],
    ["up", "Enter"],
  ]);
});
