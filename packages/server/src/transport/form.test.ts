import { expect, it } from "vitest";
import { unusedOf, usedInput } from "../view/used-input.ts";
import { decodeForm } from "./form.ts";

it("nests fields and splits the target's name", () => {
  expect(decodeForm("user[first_name]=A&user[age]=3", { _target: "user[first_name]" })).toEqual({
    user: { first_name: "A", age: "3" },
    _target: ["user", "first_name"],
  });
});

it.each([
  ["title", ["title"]],
  ["user[tags][]", ["user", "tags"]],
  ["a[0][b]", ["a", "0", "b"]],
  ["order_item[addons][][name]", ["order_item", "addons", "name"]],
  ["undefined", ["undefined"]],
  ["", []],
])("F-PAY-15: splits %j", (name, path) => {
  expect(decodeForm("", { _target: name })._target).toEqual(path);
});

it("puts phx-value-* below the fields", () => {
  expect(decodeForm("id=field", { id: "value", row: "7" })).toEqual({ id: "field", row: "7" });
});

it("keeps _target from being a field", () => {
  expect(decodeForm("_target=field", { _target: "title" })._target).toEqual(["title"]);
});

it("lets no name of Object.prototype through", () => {
  const meta = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1, "ok": 2}');
  const payload = decodeForm("__proto__[polluted]=1&toString=x", meta);
  expect(payload).toEqual({ ok: 2 });
  expect(Object.getPrototypeOf(payload)).toBe(Object.prototype);
});

it("keeps the marks of unused fields out of the payload, and knows them (F-PAY-04, F-PAY-14)", () => {
  const payload = decodeForm(
    "_unused_a=&a=foo&user[_unused_email]=&user[email]=&_unused_tags[]=&tags[]=x&b=1",
    {
      _target: "b",
    },
  );
  expect(payload).toEqual({ a: "foo", user: { email: "" }, tags: ["x"], b: "1", _target: ["b"] });
  expect([...(unusedOf(payload) ?? [])]).toEqual(["a", "user[email]", "tags"]);
  expect(["a", "user[email]", "tags[]", "b"].filter((name) => usedInput(payload, name))).toEqual(["b"]);
});

it("knows that it is a form's, also where every field is used", () => {
  expect(unusedOf(decodeForm("a=1", {}))?.size).toBe(0);
});

it("keeps rows by their keys", () => {
  expect(decodeForm("rows[1][_unused_t]=&rows[1][t]=a&rows[_rows]=x:1", {})).toEqual({
    rows: { 1: { t: "a" }, _rows: "x:1" },
  });
});
