import { testWindow } from "@overwire/test-support/test-window";
import { beforeEach, expect, test } from "vitest";
import { clearUsed, isUsedInput, markSubmitted, markUsed } from "./used.ts";

const { document } = testWindow();
const find = (selector: string) => document.querySelector(selector) as HTMLInputElement;

beforeEach(() => {
  document.body.innerHTML = `<form id="f"><input name="a"><textarea name="b"></textarea></form><input name="c" form="f">`;
});

test("a field counts as used from its first change on", () => {
  expect(isUsedInput(find("[name=a]"))).toBe(false);
  markUsed(find("[name=a]"));
  expect(isUsedInput(find("[name=a]"))).toBe(true);
  expect(isUsedInput(find("[name=b]"))).toBe(false);
});

test("submitting uses every field of the form, wherever it stands", () => {
  markSubmitted(find("form"));
  expect(["a", "b", "c"].map((name) => isUsedInput(find(`[name=${name}]`)))).toEqual([true, true, true]);
});

test("a reset form is untouched", () => {
  markSubmitted(find("form"));
  clearUsed(find("form"));
  expect(["a", "b", "c"].map((name) => isUsedInput(find(`[name=${name}]`)))).toEqual([false, false, false]);
});

test("nothing of it is written into the page", () => {
  const before = document.body.innerHTML;
  markSubmitted(find("form"));
  expect(document.body.innerHTML).toBe(before);
});
