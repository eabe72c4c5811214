import { testWindow } from "@overwire/test-support/test-window";
import { expect, test } from "vitest";
import { choosePreset, keepChoice } from "./chosen-options.ts";

const { document } = testWindow();

function select(html: string): HTMLSelectElement {
  document.body.innerHTML = html;
  return document.querySelector("select") as HTMLSelectElement;
}

/** The choice in a select whose options are morphed. */
function kept(before: string, chosen: string, after: string, focused = false, isReset = false): string {
  const el = select(`<select>${before}</select>`);
  el.value = chosen;
  const restore = keepChoice(el, focused, isReset);
  el.innerHTML = after;
  restore();
  return el.value;
}

const options = (values: string, preset = "") =>
  [...values].map((value) => `<option${value === preset ? " selected" : ""}>${value}</option>`).join("");

test("the user's choice stays as long as its option does, in any position", () => {
  expect(kept(options("abc"), "b", options("cb"))).toBe("b");
  expect(kept(options("abc", "a"), "b", options("abcd", "a"))).toBe("b");
});

test("the server's choice is shown when it changes, and in a select with the focus it is not", () => {
  expect(kept(options("abc", "a"), "b", options("abc", "c"))).toBe("c");
  expect(kept(options("abc", "a"), "b", options("abc", "c"), true)).toBe("b");
});

test("a reset shows the server's choice", () => {
  expect(kept(options("abc", "a"), "b", options("abc", "a"), false, true)).toBe("a");
});

test("a choice whose option is gone gives way to the first that can be chosen", () => {
  expect(kept(options("abc"), "b", `<option disabled>x</option>${options("yz")}`)).toBe("y");
});

test("the preset of a menu is the first option that can be chosen, of a list none", () => {
  const menu = select("<select><option disabled>a</option><option>b</option></select>");
  choosePreset(menu);
  expect(menu.value).toBe("b");
  const list = select("<select multiple><option>a</option><option selected>b</option></select>");
  for (const option of list.options) option.selected = true;
  choosePreset(list);
  expect([...list.options].map(({ selected }) => selected)).toEqual([false, true]);
});
