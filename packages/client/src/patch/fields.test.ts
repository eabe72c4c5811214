import { testWindow } from "@overwire/test-support/test-window";
import { expect, test } from "vitest";
import { isUsedInput, markUsed } from "../dom/used.ts";
import { keepChoice } from "./chosen-options.ts";
import { keepField, mergeAttributes } from "./fields.ts";

const { document } = testWindow();

function element(html: string): HTMLInputElement {
  document.body.innerHTML = html;
  return document.body.firstElementChild as HTMLInputElement;
}

/** Value of a field with the focus after the server rendered it anew. */
function patched(before: string, type: (field: HTMLInputElement) => void, after: string): HTMLInputElement {
  const to = element(after);
  const from = element(before);
  type(from);
  const answer = keepField(from, to, true, keepChoice);
  if (typeof answer === "function") {
    mergeAttributes(from, to);
    answer();
  }
  return from;
}

const write = (field: HTMLInputElement) => {
  field.value = "typed";
};

test("a field that the server resets shows its rendering, also while the user is in it", () => {
  expect(patched(`<input value="">`, write, `<input value="" data-ow-reset="1">`).value).toBe("");
  expect(
    patched(`<input value="a" data-ow-reset="1">`, write, `<input value="b" data-ow-reset="2">`).value,
  ).toBe("b");
  const text = `<textarea data-ow-reset="1">a</textarea>`;
  expect(patched("<textarea>a</textarea>", write, text).value).toBe("a");
  const check = (box: HTMLInputElement) => {
    box.checked = true;
  };
  expect(patched(`<input type="checkbox">`, check, `<input type="checkbox" data-ow-reset="1">`).checked).toBe(
    false,
  );
  const select = (attributes: string) =>
    `<select${attributes}><option value="a" selected>A</option><option value="b">B</option></select>`;
  const choose = (select: HTMLInputElement) => {
    select.value = "b";
  };
  expect(patched(select(""), choose, select(` data-ow-reset="1"`)).value).toBe("a");
});

test("one that was reset before keeps what is typed", () => {
  expect(
    patched(`<input value="" data-ow-reset="1">`, write, `<input value="" data-ow-reset="1">`).value,
  ).toBe("typed");
  // As after a lost connection: a view that was mounted anew has reset nothing.
  expect(patched(`<input value="" data-ow-reset="1">`, write, `<input value="x">`).value).toBe("typed");
});

test("a field that is reset is untouched", () => {
  const field = patched(`<input value="">`, markUsed, `<input value="" data-ow-reset="1">`);
  expect(isUsedInput(field)).toBe(false);
});
