import { expect, it } from "vitest";
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
  ["", []],
])("splits %j", (name, path) => {
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
