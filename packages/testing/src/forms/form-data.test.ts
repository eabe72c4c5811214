/** The entries of forms under test: those that a browser would send. */
import { html, LiveView } from "@overwire/server";
import { Window } from "happy-dom";
import { expect, test } from "vitest";
import { live } from "../index.ts";
import { isDisabled, mendFormData } from "./form-data.ts";

/** The entries of the form in some HTML. */
function entries(html: string, submitter = ""): string[] {
  const window = new Window();
  mendFormData(window);
  window.document.body.innerHTML = html;
  const form = window.document.querySelector("form") as never;
  const button = submitter ? window.document.querySelector(submitter) : undefined;
  return [...new window.FormData(form, button as never)].map(([name, value]) => `${name}=${value}`);
}

test("a submitter keeps its position, an image sends the coordinates of the click, and so do other fields that are more than their value", () => {
  const form = `<form id="f" dir="rtl"><input type="hidden" name="_charset_"><button name="b" value="">b</button>
    <input name="t" value="1" dirname="t.dir"><input type="image" name="i"><input type="image" id="nameless">
    <select name="s" multiple><option selected>p<optgroup disabled><option selected>q</optgroup><option selected>r</select>
    <datalist><input name="no"></datalist></form><input name="o" value="2" form="f">`;
  const rest = ["t=1", "t.dir=rtl"];
  expect(entries(form)).toEqual(["_charset_=UTF-8", ...rest, "s=p", "s=r", "o=2"]);
  expect(entries(form, "[name=b]")).toEqual(["_charset_=UTF-8", "b=", ...rest, "s=p", "s=r", "o=2"]);
  expect(entries(form, "[name=i]")).toEqual([
    "_charset_=UTF-8",
    ...rest,
    "i.x=0",
    "i.y=0",
    "s=p",
    "s=r",
    "o=2",
  ]);
  expect(entries(form, "#nameless").slice(3, 5)).toEqual(["x=0", "y=0"]);
});

test("only the first legend of a disabled fieldset can be used", () => {
  const window = new Window();
  window.document.body.innerHTML = `<fieldset disabled><legend><input id="first"></legend><legend><input id="second"></legend>
    <fieldset><legend><input id="nested"></legend></fieldset><input id="inside"></fieldset><input id="outside">
    <fieldset disabled><legend><fieldset><input id="deep"></fieldset></legend></fieldset>`;
  const usable = [...window.document.querySelectorAll("input")].filter((field) => !isDisabled(field));
  expect(usable.map(({ id }) => id)).toEqual(["first", "outside", "deep"]);
});

class Entries extends LiveView {
  got: unknown;
  sent = this.event((payload) => {
    this.got = payload;
  });
  render() {
    return html`<form id="f" phx-change=${this.sent} phx-submit=${this.sent}><input name="a" value="1"></form>`;
  }
}

test("listeners of formdata have their say in the events of a view", async () => {
  const view = await live(Entries);
  view.window.document.addEventListener("formdata", (event) => {
    (event as unknown as FormDataEvent).formData.append("added", "2");
  });
  await view.form("#f", { a: "3" }).change();
  expect(view.instance.got).toMatchObject({ a: "3", added: "2" });
  await view.form("#f").submit();
  expect(view.instance.got).toEqual({ a: "3", added: "2" });
});
