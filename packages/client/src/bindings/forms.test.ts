import { testWindow } from "@overwire/test-support/test-window";
import { describe, expect, test } from "vitest";
import { clearUsed, isUsedInput } from "../dom/used.ts";
import { encodeFields as encode } from "./forms.ts";
import { isTriggered, valueAttributes } from "./phx-value.ts";

const { win, document } = testWindow();
const encodeFields = (...args: Parameters<typeof encode> extends [unknown, ...infer Rest] ? Rest : never) =>
  encode(win, ...args);

/** Puts HTML into a page; looks up elements in it. */
function page(html: string) {
  document.body.innerHTML = html;
  return (selector: string) => document.querySelector(selector) as HTMLElement;
}

/** Entries that the form in some HTML sends. */
const sent = (html: string, submitter?: string) => {
  const find = page(html);
  return encodeFields(find("form"), submitter === undefined ? undefined : find(submitter));
};

describe("a form", () => {
  test("sends its fields in the page's order; nameless ones are left out", () => {
    const fields = `<input value="0"><input name="increment" value="1"><textarea name="note">2</textarea>
      <input name="user[first_name]" value="Ann Lee & co">`;
    expect(sent(`<form>${fields}</form>`)).toBe("increment=1&note=2&user%5Bfirst_name%5D=Ann+Lee+%26+co");
  });

  test("sends what is chosen", () => {
    const html = `<form>
      <input type="checkbox" name="a"><input type="checkbox" name="b" checked><input type="checkbox" name="c" value="1" checked>
      <input type="radio" name="r" value="1"><input type="radio" name="r" value="2" checked>
      <select name="s"><option value="x">X<option value="y" selected>Y</select>
      <select name="m[]" multiple><option selected>p<option>q<option selected>r<option selected disabled>s</select>
    </form>`;
    expect(decodeURIComponent(sent(html))).toBe("b=on&c=1&r=2&s=y&m[]=p&m[]=r");
  });

  test("sends nothing disabled, also by a fieldset, but the fieldset's legend", () => {
    const html = `<form><input name="a" disabled><fieldset disabled name="f"><legend><input name="b" value="1"></legend>
      <input name="c"></fieldset><output name="o">5</output><input name="d" value="2"></form>`;
    expect(sent(html)).toBe("b=1&d=2");
  });

  test("sends no files", () => {
    expect(sent(`<form><input type="file" name="file"><input name="a" value="1"></form>`)).toBe("a=1");
  });

  test("sends fields that stand elsewhere and name the form", () => {
    expect(sent(`<form id="f"><input name="a" value="1"></form><input name="b" value="2" form="f">`)).toBe(
      "a=1&b=2",
    );
  });

  test("sends the newlines in a textarea, and an empty one", () => {
    expect(sent("<form><textarea name=t>one\ntwo</textarea><textarea name=u></textarea></form>")).toBe(
      "t=one%0Atwo&u=",
    );
  });
});

describe("the button that submits", () => {
  const html = `<form id="f"><button name="x" value="1">X</button><input name="a" value="2">
    <input type="submit" name="y" value="3"><button id="nameless" value="4">Z</button></form>
    <button form="f" name="outside" value="5">Outside</button>`;

  test("is sent in its position", () => {
    expect(sent(html, "[name=x]")).toBe("x=1&a=2");
    expect(sent(html, "[name=y]")).toBe("a=2&y=3");
    expect(sent(html, "[name=outside]")).toBe("a=2&outside=5");
  });

  test("is not sent without a name, nor are the others", () => {
    expect(sent(html, "#nameless")).toBe("a=2");
    expect(sent(html)).toBe("a=2");
  });
});

describe("a single field", () => {
  test("sends itself alone", () => {
    const find = page(`<form><input name="username" value="ann"><input name="other" value="x"></form>`);
    expect(encodeFields(find("[name=username]"))).toBe("username=ann");
  });

  test("sends all of its name, as a checkbox is off by what a hidden field says", () => {
    const find =
      page(`<form><input type="hidden" name="on" value="no"><input type="checkbox" name="on" value="yes">
      <input type="checkbox" name="tags[]" value="a" checked><input type="checkbox" name="tags[]" value="b" checked></form>`);
    expect(encodeFields(find("[type=checkbox]"))).toBe("on=no");
    expect(decodeURIComponent(encodeFields(find("[value=b]")))).toBe("tags[]=a&tags[]=b");
  });

  test("needs no form", () => {
    const find = page(`<input name="q" value="fish & chips"><input type="checkbox" name="off">
      <select name="s" multiple><option selected>a<option selected>b</select>`);
    expect(encodeFields(find("[name=q]"))).toBe("q=fish+%26+chips");
    expect(encodeFields(find("[name=off]"))).toBe("");
    expect(encodeFields(find("select"))).toBe("s=a&s=b");
  });
});

describe("a change", () => {
  const changed = (html: string, target: string, source = "form") => {
    const find = page(html);
    return decodeURIComponent(encodeFields(find(source), find(target), "phx-"));
  };
  const note = `<textarea name="note">2</textarea><input type="checkbox"><button name="b"></button>`;

  test("marks the untouched fields; its own field is used by it", () => {
    const html = `<form><input name="increment" value="1">${note}</form>`;
    expect(changed(html, "[name=increment]")).toBe("increment=1&_unused_note=&note=2");
  });

  test("of a field without a name sends all others, and nothing throws", () => {
    expect(changed(`<form><input id="x" value="1">${note}</form>`, "#x")).toBe("_unused_note=&note=2");
  });

  test("puts the mark before the last part of a name, once", () => {
    const html = `<form><input id="x"><input name="user[email]" value="e"><input name="tags[]" value="1">
      <input name="tags[]" value="2"><input name="a[b][c][]" value="3"></form>`;
    expect(changed(html, "#x")).toBe(
      "user[_unused_email]=&user[email]=e&_unused_tags[]=&tags[]=1&tags[]=2&a[b][_unused_c][]=&a[b][c][]=3",
    );
  });

  test("keeps earlier changes in mind, until the form is reset", () => {
    const find = page(`<form><input name="a" value="1"><input name="b" value="2"></form>`);
    encodeFields(find("form"), find("[name=a]"), "phx-");
    expect(encodeFields(find("form"), find("[name=b]"), "phx-")).toBe("a=1&b=2");
    clearUsed(find("form"));
    expect(encodeFields(find("form"), find("[name=b]"), "phx-")).toBe("_unused_a=&a=1&b=2");
  });

  test("of one field of a name is a use of the name", () => {
    const html = `<form><input type="radio" name="r" value="1" checked><input type="radio" name="r" value="2" id="x"></form>`;
    expect(changed(html, "#x")).toBe("r=1");
  });

  test("by a button sends it, as used; a name with hidden fields only has no mark", () => {
    const html = `<form><input type="hidden" name="id" value="7"><input name="a" value="1">
      <input type="hidden" name="on" value="no"><input type="checkbox" name="on" value="yes">
      <button type="button" name="sort[]" value="new"></button></form>`;
    expect(changed(html, "button")).toBe("id=7&_unused_a=&a=1&_unused_on=&on=no&sort[]=new");
  });

  test("has no marks if the form does not want them", () => {
    const html = `<form phx-no-unused-field><input name="a" value="foo"><input name="b" value="x"></form>`;
    expect(changed(html, "[name=b]")).toBe("a=foo&b=x");
    expect(changed(html, "[name=b]", "[name=a]")).toBe("a=foo");
  });

  test("has no mark for a field that does not want it", () => {
    const html = `<form><input name="a" value="foo"><input name="b" value="test">
      <input name="c" value="baz" phx-no-unused-field><input name="d" value="foo"></form>`;
    expect(changed(html, "[name=b]")).toBe("_unused_a=&a=foo&b=test&c=baz&_unused_d=&d=foo");
  });

  test("takes fields with a change event of their own along", () => {
    const html = `<form><input name="a" value="1"><input name="own" value="2" phx-change="own"></form>`;
    expect(changed(html, "[name=a]")).toBe("a=1&_unused_own=&own=2");
  });

  test("that the user did not make, as after a lost connection, uses nothing", () => {
    const find = page(`<form><input name="username"><input name="b"></form>`);
    expect(encodeFields(find("form"), undefined, "phx-")).toBe("_unused_username=&username=&_unused_b=&b=");
    expect(encodeFields(find("[name=username]"), undefined, "phx-")).toBe("_unused_username=&username=");
    expect(isUsedInput(find("[name=username]"))).toBe(false);
  });
});

test("a submit has no marks, and uses every field", () => {
  const find = page(`<form><input name="increment" value="1"><textarea name="note">2</textarea></form>`);
  expect(encodeFields(find("form"))).toBe("increment=1&note=2");
  expect(isUsedInput(find("textarea"))).toBe(true);
  expect(encodeFields(find("form"), undefined, "phx-")).toBe("increment=1&note=2");
});

test("a form asks to be submitted by the browser if it is in the page and says so", () => {
  const find = page(`<form id="a" phx-trigger-action></form><form id="b"></form>`);
  const detached = find("#a").cloneNode() as Element;
  expect([find("#a"), find("#b"), detached].map((form) => isTriggered(form, "phx-"))).toEqual([
    true,
    false,
    false,
  ]);
});

test("phx-value-* attributes are read by their names, with the client's prefix", () => {
  const find = page(`<b phx-value-id="5" phx-value-first-name="Ann" phx-click="x" data-value-no="1"></b>`);
  expect(valueAttributes(find("b"), "phx-")).toEqual({ id: "5", "first-name": "Ann" });
  expect(valueAttributes(find("b"), "data-")).toEqual({ no: "1" });
});
