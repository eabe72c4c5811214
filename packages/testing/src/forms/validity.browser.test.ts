/** Fields that a browser takes and those that it does not: Chromium and the driver agree on each. */

import { describeBrowser } from "@overwire/test-support/chromium";
import type { HTMLFormElement as HappyForm } from "happy-dom";
import { expect, test } from "vitest";
import { openPage } from "../browser/browser.ts";
import { invalidFields } from "./validity.ts";

const input = (type: string, rest: string) => `<input name="f" type="${type}" ${rest}>`;
const each = (type: string, ...rests: string[]) => rests.map((rest) => input(type, rest));

const fields = [
  ...each(
    "text",
    "required",
    'required value=" "',
    'required value="x"',
    "required readonly",
    "required disabled",
  ),
  ...each("text", 'minlength="3" value="a"', 'maxlength="2" value="abc"', 'minlength="3"'),
  ...each("text", 'pattern="[a-z]+" value="ab"', 'pattern="[a-z]+" value="aB"', 'pattern="a|b" value="ab"'),
  ...each(
    "text",
    'pattern="[" value="x"',
    String.raw`pattern="\p{Lu}+" value="É"`,
    'pattern="[a-c&&[b]]" value="a"',
  ),
  ...each("text", 'pattern="a"', 'pattern="" value="x"', 'pattern="[(]" value="("'),
  ...each(
    "number",
    "required",
    'value="1e3"',
    'required value="abc"',
    'value="1.5"',
    'value="1.5" step="any"',
  ),
  ...each(
    "number",
    'value="1.1" step="0.1"',
    'value="0.3" step="0.1"',
    'value="5" min="0" step="2"',
    'value="3" min="1" step="2"',
  ),
  ...each(
    "number",
    'value="5" min="6"',
    'value="7" max="6"',
    'value="-0" min="0"',
    'value="5" step="0"',
    'value="5.5" step="-1"',
  ),
  ...each(
    "number",
    'value="1e400" required',
    'value=".5" step=".5"',
    'value="5." required',
    'value="+5" required',
  ),
  ...each(
    "range",
    'value="5" step="3"',
    'value="500"',
    "required",
    'min="3" max="1" value="2"',
    'step="any" value="1.234"',
  ),
  ...each(
    "email",
    'value="a@b.c"',
    'value="a@b"',
    'value="a"',
    'value="a@b@c"',
    'value=" a@b.c "',
    'value="a@bücher.de"',
    'value="a@-b.c"',
  ),
  ...each(
    "email",
    'multiple value="a@b.c,d@e.f"',
    'multiple value="a@b.c, d@e.f "',
    'multiple value="a@b.c,"',
    'multiple value="a@b.c,x"',
  ),
  ...each("email", 'multiple required value=""', 'multiple pattern=".*[.]c" value="a@b.c,d@e.f"', "required"),
  ...each(
    "url",
    'value="https://a.b"',
    'value="a.b"',
    'value="mailto:a"',
    'value=" https://a.b "',
    'value="http://"',
    "required",
  ),
  ...each("tel", "required", 'value="x"'),
  ...each("search", "required", 'pattern="x" value="y"'),
  ...each("password", "required", 'minlength="8" value="short"'),
  ...each(
    "date",
    "required",
    'value="2026-02-30" required',
    'value="2026-02-28" min="2026-03-01"',
    'value="2026-02-28" max="2026-02-27"',
  ),
  ...each(
    "date",
    'value="2026-02-28" step="7" min="2026-02-20"',
    'value="2026-02-27" step="7" min="2026-02-20"',
    'value="20260-01-01" required',
  ),
  ...each(
    "date",
    'value="2026-02-28" step="1.5"',
    'value="0000-01-01" required',
    'value="2024-02-29" required',
  ),
  ...each(
    "month",
    "required",
    'value="2026-13" required',
    'value="2026-05" min="2026-06"',
    'value="2026-05" step="2" min="2026-02"',
  ),
  ...each(
    "week",
    "required",
    'value="2026-W53" required',
    'value="2025-W53" required',
    'value="2026-W05" min="2026-W06"',
    'value="2026-W05" step="2" min="2026-W02"',
  ),
  ...each(
    "time",
    "required",
    'value="25:00" required',
    'value="10:00:30"',
    'value="10:00:30" step="30"',
    'value="10:00" min="11:00"',
  ),
  ...each(
    "time",
    'value="23:00" min="22:00" max="06:00"',
    'value="12:00" min="22:00" max="06:00"',
    'value="10:05" step="600"',
  ),
  ...each(
    "datetime-local",
    "required",
    'value="2026-01-01T25:00" required',
    'value="2026-01-01T10:00" min="2026-01-01T11:00"',
    'value="2026-01-01 10:00" required',
  ),
  ...each("checkbox", "required", "required checked", "required disabled"),
  ...each("file", "required"),
  ...each("color", "required", 'value="red" required'),
  ...each("hidden", "required", 'required value=""'),
  ...each("submit", "required"),
  ...each("image", "required"),
  ...each("button", "required"),
  '<input type="radio" name="r" value="1" required><input type="radio" name="r" value="2">',
  '<input type="radio" name="r" value="1" required><input type="radio" name="r" value="2" checked>',
  '<input type="radio" name="r" value="1"><input type="radio" name="s" value="2" required checked>',
  '<input type="radio" required>',
  '<input type="radio" name="r" required disabled><input type="radio" name="r">',
  '<select name="f" required><option value="">Choose</option><option>A</option></select>',
  '<select name="f" required><option value="">Choose</option><option selected>A</option></select>',
  '<select name="f" required><option>A</option></select>',
  '<select name="f" required></select>',
  '<select name="f" required><optgroup label="x"><option value="">None</option></optgroup></select>',
  '<select name="f" required multiple><option value="">Choose</option><option>A</option></select>',
  '<select name="f" required multiple><option value="" selected>Choose</option></select>',
  '<select name="f" required size="3"><option value="" selected>Choose</option></select>',
  '<select name="f" required><option value="" disabled selected>Choose</option><option>A</option></select>',
  '<select name="f" required disabled><option value="">Choose</option></select>',
  '<textarea name="f" required></textarea>',
  '<textarea name="f" required>\n</textarea>',
  '<textarea name="f" required> </textarea>',
  '<textarea name="f" required readonly></textarea>',
  '<textarea name="f" minlength="5">abc</textarea>',
  '<textarea name="f" maxlength="1">abc</textarea>',
  '<textarea name="f" pattern="x">y</textarea>',
  '<fieldset disabled><input name="f" required></fieldset>',
  '<fieldset disabled><legend><input name="f" required></legend></fieldset>',
  '<fieldset disabled><legend></legend><legend><input name="f" required></legend></fieldset>',
  '<fieldset disabled><div><legend><input name="f" required></legend></div></fieldset>',
  '<fieldset disabled><legend><fieldset disabled><input name="f" required></fieldset></legend></fieldset>',
  '<datalist id="d"><input name="f" required></datalist>',
  '<datalist id="d"><option value="x"></datalist><input name="f" list="d" value="y">',
  '<output name="f">x</output><button name="g">x</button>',
];

const page = (): string =>
  fields
    .map(
      (field, at) => `<form id="form${at}">${field}</form><input name="outside" required form="form${at}x">`,
    )
    .join("");

describeBrowser("a form", (browser) => {
  test("is taken as Chromium takes it, for fields of every kind", async () => {
    const tab = await browser().newPage();
    await tab.setContent(`<!doctype html><body>${page()}`);
    const chromium = await tab.evaluate((count) => {
      const forms = Array.from({ length: count }, (_, at) =>
        document.querySelector<HTMLFormElement>(`#form${at}`),
      );
      return forms.map((form) => form?.checkValidity());
    }, fields.length);
    await tab.close();
    const window = openPage("http://localhost/", `<!doctype html><body>${page()}`, {
      onLoad() {},
      onHistory() {},
    });
    const ours = fields.map((_, at) => {
      const form = window.document.querySelector(`#form${at}`) as unknown as HappyForm;
      return invalidFields(form).length === 0;
    });
    await window.happyDOM.close();
    const shown = (valid: readonly (boolean | undefined)[]) =>
      fields.map((field, at) => `${valid[at]}: ${field}`);
    expect(shown(ours)).toEqual(shown(chromium));
    expect(chromium).toContain(true);
    expect(chromium).toContain(false);
  });
});
