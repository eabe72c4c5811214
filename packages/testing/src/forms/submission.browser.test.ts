/** Forms that Chromium sends or refuses, also after the user has typed, and the driver likewise: joined to a view. */
import { html, LiveView, raw } from "@overwire/server";
import { describeBrowser } from "@overwire/test-support/chromium";
import type { HTMLFormElement as HappyForm } from "happy-dom";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LiveDriver, live } from "../index.ts";
import { invalidFields } from "./validity.ts";

/** A form: what is in it, and what the user types into which of its fields. */
type Case = readonly [fields: string, typed?: Readonly<Record<string, string>>, attributes?: string];

const one = (type: string, ...rest: string[]): Case[] =>
  rest.map((attributes): Case => [`<input name="a" type="${type}" ${attributes}>`]);

const typing = (type: string, attributes: string, ...values: string[]): Case[] =>
  values.map((value): Case => [`<input name="a" type="${type}" ${attributes}>`, { a: value }]);

const values = (type: string, attributes: string, ...all: string[]): Case[] =>
  one(type, ...all.map((value) => `${attributes} value="${value}"`));

const required: Case[] = [
  ...["text", "search", "tel", "url", "email", "password", "checkbox", "radio", "file", "odd"].flatMap(
    (type) => one(type, "required"),
  ),
  ...["number", "range", "date", "month", "week", "time", "datetime-local", "color"].flatMap((type) =>
    one(type, "required"),
  ),
  ...["hidden", "submit", "image", "reset", "button"].flatMap((type) => one(type, "required")),
  ...values("text", "required", "x", " ", "&#10;", "&#13;&#10;"),
  ...values("email", "required", " ", "a@b"),
  ...values("number", "required", "1e3", "abc", " 5", "5 ", "+5", "5.", ".5", "-.5", "1e", "1e400", "0x1"),
  ...values("date", "required", "2026-02-30", "2026-2-3", "0000-01-01", "12026-01-01"),
  ["<textarea name=a required></textarea>"],
  ["<textarea name=a required>\n</textarea>"],
  ["<textarea name=a required>\n\n</textarea>"],
  ["<input type=checkbox name=a required checked>"],
  ["<input type=radio name=a value=1><input type=radio name=a value=2 required>"],
  ["<input type=radio name=a value=1 checked><input type=radio name=a value=2 required>"],
  ["<input type=radio name=a value=1 required disabled><input type=radio name=a value=2>"],
  ["<input type=radio name=a value=1 required><input type=radio name=a value=2 disabled checked>"],
  ["<input type=radio name=a required><input type=radio name=A checked>"],
  ["<input type=radio id=nameless required><input type=radio checked>"],
  ["<input type=radio id=empty name='' required><input type=radio name='' checked>"],
];

const selects: Case[] = [
  ["<select name=a required></select>"],
  ["<select name=a required><option value=''>Choose<option value=1>1</select>"],
  ["<select name=a required><option value=''>Choose<option value=1 selected>1</select>"],
  ["<select name=a required><option value='' disabled selected>Choose<option value=1>1</select>"],
  ["<select name=a required><option value='' hidden>Choose<option value=1>1</select>"],
  ["<select name=a required><option value='' disabled>Choose<option value=1>1</select>"],
  ["<select name=a required><option><option>1</select>"],
  ["<select name=a required><option> \n <option>1</select>"],
  ["<select name=a required><option value=1>1<option value='' selected>none</select>"],
  ["<select name=a required><optgroup label=g><option value=''>Choose</optgroup><option value=1>1</select>"],
  ["<select name=a required size=2><option value=''>Choose<option value=1>1</select>"],
  ["<select name=a required size=2><option value='' selected>Choose<option value=1>1</select>"],
  ["<select name=a required size=1><option value='' selected>Choose<option value=1>1</select>"],
  ["<select name=a required size=0><option value='' selected>Choose<option value=1>1</select>"],
  ["<select name=a required multiple><option value=''>Choose<option value=1>1</select>"],
  ["<select name=a required multiple><option value='' selected>Choose<option value=1>1</select>"],
  ["<select name=a required><option value=1 disabled>1<option value=2 disabled>2</select>"],
  ["<select name=a required disabled><option value=''>Choose</select>"],
  ["<select name=a required readonly><option value=''>Choose</select>"],
  ["<select name=a><option value=''>Choose</select>"],
];

const measures: Case[] = [
  ...values("number", "", "1.5", "0.1", "1e-1", "-0", "abc"),
  ...typing("number", "", "1e3", "1.5", "1.0", "15e-1", "10e-1", "-2"),
  ...typing("number", 'step="0.1"', "0.3", "0.25", "1e1", "1234567.7"),
  ...typing("number", 'step="2"', "2", "3", "-2"),
  ...typing("number", 'step="ANY"', "0.123"),
  ...typing("number", 'step="0"', "2", "0.5"),
  ...typing("number", 'step="-1"', "0.5"),
  ...typing("number", 'step="x"', "0.5"),
  ...typing("number", 'min="1" step="3"', "4", "5", "1", "-2"),
  ...typing("number", 'value="1.5"', "2", "2.5"),
  ...typing("number", 'value="1.5" min="1"', "2", "2.5"),
  ...typing("number", 'min="1e1" max="2e1"', "9", "10", "20", "21", "10.5"),
  ...typing("number", 'min="5" max="1"', "3", "6", "0"),
  ...typing("number", 'min="x" max="" step=" 1"', "3"),
  ...values("range", 'min="0" max="10" step="3"', "4", "5", "20", "x"),
  ...values("range", 'min="10" max="5"', "7"),
  ...values(
    "date",
    'min="2026-01-10" max="2026-01-20"',
    "2026-01-09",
    "2026-01-10",
    "2026-01-20",
    "2026-01-21",
  ),
  ...values("date", 'min="2026-01-01" step="7"', "2026-01-08", "2026-01-09"),
  ...typing("date", 'step="2"', "1970-01-03", "1970-01-04"),
  ...typing("date", 'step="1.6" min="2026-01-01"', "2026-01-03", "2026-01-04"),
  ...typing("date", 'step="0.2" min="2026-01-01"', "2026-01-03", "2026-01-04"),
  ...values("month", 'min="2026-03" max="2026-05"', "2026-02", "2026-03", "2026-06"),
  ...typing("month", 'step="3"', "1970-04", "1970-05", "1969-10"),
  ...values(
    "week",
    'min="2026-W10" max="2026-W12"',
    "2026-W09",
    "2026-W10",
    "2026-W13",
    "2026-W53",
    "2025-W53",
  ),
  ...typing("week", 'step="2"', "1970-W01", "1970-W02", "1970-W03"),
  ...values("time", 'min="09:00" max="17:00"', "08:59", "09:00", "17:00", "17:01", "17:00:01"),
  ...values("time", 'min="21:00" max="03:00"', "22:00", "02:00", "12:00"),
  ...typing("time", 'step="900"', "10:15", "10:20"),
  ...typing("time", 'step="1"', "10:15:07"),
  ...values("time", "", "10:15:07", "10:15:00", "10:15:07.5", "24:00", "7:00"),
  ...typing("time", 'min="10:10" step="900"', "10:25", "10:30"),
  ...values(
    "datetime-local",
    'min="2026-01-01T10:00" max="2026-01-02 10:00"',
    "2026-01-01T09:59",
    "2026-01-01 10:00",
    "2026-01-02T10:01",
  ),
  ...typing("datetime-local", 'min="2026-01-01T10:00" step="3600"', "2026-01-01T11:00", "2026-01-01T11:30"),
];

const texts: Case[] = [
  ...values(
    "email",
    "",
    "a",
    "a@b",
    "a@",
    "@b",
    "a b@c",
    " a@b.c ",
    "a@b@c",
    "a@-b",
    "a@b.",
    "é@b.c",
    "a@é.c",
    "a@b_c",
    "a,b@c",
    "&quot;a&quot;@b",
  ),
  ...values("email", "multiple", "a@b,c@d", "a@b , c@d", "a@b,", ",a@b", "a@b,,c@d", "a@b;c@d", " "),
  ...values("email", "multiple required", " , ", "", "a@b"),
  ...values("email", 'multiple pattern=".+@b"', "a@b,c@b", "a@b, c@d"),
  ...values(
    "url",
    "",
    "x",
    "/x",
    "http:",
    "http://",
    "http://x",
    " http://x ",
    "mailto:x",
    "javascript:1",
    "//x",
    "x:",
  ),
  ...values("text", 'pattern="a|b"', "a", "b", "ab", ""),
  ...values("text", 'pattern=""', "a", ""),
  ...values("text", 'pattern="["', "a"),
  ...values("text", 'pattern="[(]"', "a", "("),
  ...values("text", 'pattern="[a&&b]"', "&amp;", "c"),
  ...values("text", 'pattern="[\\p{L}--[a-c]]+"', "xyz", "abc"),
  ...values("text", 'pattern="a)(b"', "ab", "c"),
  ...values("text", 'pattern="\\-"', "-", "a"),
  ...values("text", 'pattern="A"', "a"),
  ...values("text", 'pattern="."', "😀", "ab"),
  ...values("text", 'pattern="^a$"', "a", "b"),
  ...["search", "tel", "url", "password"].flatMap((type) => values(type, 'pattern="x:a"', "x:a", "x:b")),
  ...values("number", 'pattern="x"', "1"),
  ...values("date", 'pattern="x"', "2026-01-01"),
  ["<textarea name=a pattern=x>y</textarea>"],
  ...values("text", 'maxlength="2"', "abc"),
  ...values("text", 'minlength="2"', "a"),
  ...typing("text", 'minlength="2"', "a", "ab", "😀"),
  ...typing("text", 'minlength="x"', "a"),
  ...typing("text", 'minlength="2" value="b"', "a"),
  ...typing("email", 'minlength="9"', "a@b"),
  ["<textarea name=a minlength=4></textarea>", { a: "a\nb" }],
  ["<textarea name=a minlength=3></textarea>", { a: "a\nb" }],
  ["<textarea name=a maxlength=2>abc</textarea>"],
  ["<textarea name=a minlength=4>abc</textarea>"],
];

const places: Case[] = [
  ["<fieldset disabled><input name=a required></fieldset>"],
  ["<fieldset disabled><legend><input name=a required></legend></fieldset>"],
  ["<fieldset disabled><legend></legend><legend><input name=a required></legend></fieldset>"],
  ["<fieldset disabled><div><legend><input name=a required></legend></div></fieldset>"],
  ["<fieldset disabled><legend><fieldset><input name=a required></fieldset></legend></fieldset>"],
  ["<fieldset disabled><fieldset><legend><input name=a required></legend></fieldset></fieldset>"],
  ["<fieldset disabled><p></p><legend><input name=a required></legend></fieldset>"],
  ["<datalist><input name=a required></datalist>"],
  ["<div hidden><input name=a required></div>"],
  ["<input name=a required style='display: none'>"],
  ["<input name=a required disabled>"],
  ["<input name=a required readonly>"],
  ["<textarea name=a required readonly></textarea>"],
  ["<input type=checkbox name=a required readonly>"],
  ["<input type=radio name=a required readonly>"],
  ["<input type=radio name=a required readonly><input type=radio name=a id=b>"],
  ["<input type=file name=a required readonly>"],
  ["<input type=number name=a readonly value=1.5 step=1 min=0>"],
  ["<input id=nameless required>"],
  ["<input name=a required><input name=b type=email value=x><input name=c value=x><button id=go>go</button>"],
  ["<input name=a required>", {}, "novalidate"],
  ["<input name=a required><button id=go formnovalidate>go</button>"],
  ["<input name=a required><button id=go>go</button><button formnovalidate>other</button>"],
  ["<input name=a required><input type=submit id=go formnovalidate>"],
  ["<input name=a required><input type=image alt=go src=data:, id=go formnovalidate>"],
  ["</form><input name=a required form=FORM><form>"],
  ["<input name=a required form=none>"],
  ["<input name=a data-custom=mine value=1>"],
  ["<input name=a data-custom=mine disabled>"],
  ["<input type=hidden name=a data-custom=mine>"],
  ["<select name=a data-custom=mine><option>1</select>"],
  ["<textarea name=a data-custom=mine>x</textarea>"],
  ["<button id=a data-custom=mine>go</button>"],
  ["<button id=a type=button data-custom=mine>go</button>"],
  ["<button id=a type=reset data-custom=mine>go</button>"],
  ["<input type=submit id=a data-custom=mine>"],
  ["<input type=image alt=go src=data:, id=a data-custom=mine>"],
  ["<input type=button id=a data-custom=mine>"],
  ["<fieldset id=a data-custom=mine></fieldset>"],
  ["<output name=a data-custom=mine></output>"],
  ["<object name=a data-custom=mine></object>"],
];

const cases = [...required, ...selects, ...measures, ...texts, ...places];

const page = cases
  .map(([fields, , attributes = ""], at) => {
    const own = fields.replaceAll(/\bid=(\w+)/g, `id=$1-${at}`).replaceAll("FORM", `f${at}`);
    return `<form id=f${at} phx-submit=save ${attributes}>${own}</form>`;
  })
  .join("\n");

class Forms extends LiveView {
  saved = 0;
  override handleEvent() {
    this.saved++;
  }
  override render() {
    return html`<div>${raw(page)}</div>`;
  }
}

/** Runs in Chromium: fields that it refuses, and if it sends the form. */
function ask(): [invalid: string[], sent: boolean][] {
  return [...document.forms]
    .filter(({ id }) => id)
    .map((form) => {
      const invalid = [...form.elements].filter(
        (el) => (el as HTMLInputElement).willValidate && !(el as HTMLInputElement).validity.valid,
      );
      let sent = false;
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        sent = true;
      });
      form.requestSubmit(form.querySelector<HTMLElement>("[id^=go]"));
      if (!form.noValidate && form.checkValidity() !== (invalid.length === 0))
        throw new Error(form.outerHTML);
      return [invalid.map((el) => el.getAttribute("name") || el.id), sent];
    });
}

function setCustom(root: ParentNode): void {
  for (const field of root.querySelectorAll<HTMLInputElement>("[data-custom]"))
    field.setCustomValidity("mine");
}

describeBrowser("fields of a form in Chromium", (browser) => {
  let tab: Page;
  let view: LiveDriver<Forms>;
  beforeAll(async () => {
    tab = await browser().newPage();
    await tab.setContent(`<body>${page}`);
    view = await live(Forms, { onError: "ignore" });
  });
  afterAll(() => tab.close());

  test(`are refused as by the driver (${cases.length} forms)`, async () => {
    for (const [at, [, typed = {}]] of cases.entries())
      for (const [name, value] of Object.entries(typed)) await tab.fill(`#f${at} [name=${name}]`, value);
    await tab.evaluate(`(${setCustom})(document)`);
    const expected = await tab.evaluate(ask);
    const ours: typeof expected = [];
    setCustom(view.container);
    for (const [at, [fields, typed = {}]] of cases.entries()) {
      const form = view.element(`#f${at}`).node as unknown as HappyForm;
      let invalid: readonly { getAttribute(name: string): string | null; id: string }[] | undefined;
      const look = () => {
        invalid = invalidFields(form);
      };
      form.addEventListener("submit", look);
      const before = view.instance.saved;
      const go = /id=go/.test(fields);
      let error = "";
      const submit = go ? view.element(`#go-${at}`).click() : view.form(`#f${at}`, typed).submit();
      await submit.catch((thrown: Error) => {
        error = thrown.message;
      });
      const sent = view.instance.saved > before;
      if (!sent && !error.includes("fields are invalid")) throw new Error(`${fields}: ${error}`);
      ours.push([(invalid ?? invalidFields(form)).map((el) => el.getAttribute("name") || el.id), sent]);
    }
    const say = (all: typeof expected) =>
      all.map(
        ([invalid, sent], at) =>
          `${JSON.stringify(cases[at])} ${sent ? "sent" : "refused"}, invalid: ${invalid.join(" ")}`,
      );
    expect(say(ours)).toEqual(say(expected));
  });
});
