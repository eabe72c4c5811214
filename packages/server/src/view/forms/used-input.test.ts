import { describe, expect, test } from "vitest";
import { joinName, splitName, takeUnused, unusedOf, usedInput } from "./used-input.ts";

describe.each([
  ["as the page sent them", (fields: object) => fields],
  [
    "with the marks taken out",
    (fields: object) => {
      takeUnused(fields);
      return fields;
    },
  ],
])("fields %s", (_, prepare) => {
  test.each([
    ["username", {}, false],
    ["username", { username: "" }, true],
    ["username", { username: "", _unused_username: "" }, false],
    ["bday", { bday: { day: "", month: "", year: "" } }, true],
    ["published_at", { published_at: { date: "", time: "", _unused_date: "", _unused_time: "" } }, false],
    ["deleted_at", { deleted_at: {} }, false],
    ["inserted_at", { inserted_at: { date: "", time: "", _unused_time: "" } }, true],
    ["date", { date: new Date() }, true],
  ])("%s in %j was used: %j", (field, fields, used) => {
    expect(usedInput(prepare({ ...fields }), field)).toBe(used);
  });

  test("names with brackets and paths say the same", () => {
    const payload = prepare({
      user: { name: "", _unused_name: "", tags: ["a"], rows: [{ title: "", _unused_title: "" }] },
    });
    expect(usedInput(payload, "user[name]")).toBe(false);
    expect(usedInput(payload, ["user", "tags"])).toBe(true);
    expect(usedInput(payload, "user[tags][]")).toBe(true);
    expect(usedInput(payload, "user[rows]")).toBe(false);
    expect(usedInput(payload, "user[rows][0][title]")).toBe(false);
    expect(usedInput(payload, "user")).toBe(true);
    expect(usedInput(payload, "user[toString]")).toBe(false);
  });
});

test("marks are kept apart from everything that copies or checks fields", () => {
  const payload = { a: "", _unused_a: "", user: { b: "", _unused_b: "" } };
  takeUnused(payload);
  expect(payload).toEqual({ a: "", user: { b: "" } });
  expect(Reflect.ownKeys({ ...payload })).toEqual(["a", "user"]);
  expect(JSON.stringify(payload)).toBe('{"a":"","user":{"b":""}}');
  expect([...(unusedOf(payload) ?? [])]).toEqual(["a", "user[b]"]);
  expect(unusedOf({})).toBeUndefined();
});

test("names are joined and split", () => {
  expect(joinName(["user", "rows", "0"])).toBe("user[rows][0]");
  expect(splitName("user[rows][0][tags][]")).toEqual(["user", "rows", "0", "tags"]);
});
