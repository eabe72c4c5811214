import { testWindow } from "@overwire/test-support/test-window";
import { expect, test } from "vitest";
import { keepSubmitted } from "./submitted.ts";

const { document } = testWindow();

/** A form, and its fields, in which the user has typed. */
function filled(html: string) {
  document.body.innerHTML = `<form>${html}</form>`;
  const form = document.body.firstElementChild as HTMLFormElement;
  const fields = [...form.children] as HTMLInputElement[];
  for (const field of fields) field.value = "typed";
  return { form, fields, values: () => fields.map(({ value }) => value) };
}

test("after the answer fields show what is rendered; secrets, which never are, stay", () => {
  const { form, values } = filled(
    '<input name="a"><input name="b" value="b"><input name="c" type="password">',
  );
  keepSubmitted(form)();
  expect(values()).toEqual(["", "b", "typed"]);
});

test("a field that the user changed meanwhile, or that has left the form, keeps its value", () => {
  const { form, fields, values } = filled('<input name="a"><input name="b"><input name="c">');
  const [a, b] = fields as [HTMLInputElement, HTMLInputElement];
  const answered = keepSubmitted(form);
  a.value = "typed again";
  b.remove();
  answered();
  expect(values()).toEqual(["typed again", "typed", ""]);
});

test("boxes are as rendered, and selects have the rendered choice", () => {
  document.body.innerHTML = `<form><input type="checkbox" checked><select><option>a</option><option selected>b</option></select></form>`;
  const [box, select] = [...(document.querySelector("form") as Element).children] as [
    HTMLInputElement,
    HTMLSelectElement,
  ];
  box.checked = false;
  select.value = "a";
  keepSubmitted(box.form as Element)();
  expect([box.checked, select.value]).toEqual([true, "b"]);
});
