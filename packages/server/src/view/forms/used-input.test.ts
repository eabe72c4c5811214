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
    ["F-USE-01", "username", {}, false],
    ["F-USE-02", "username", { username: "" }, true],
    ["F-USE-03", "username", { username: "", _unused_username: "" }, false],
    ["F-USE-04", "bday", { bday: { day: "", month: "", year: "" } }, true],
    [
      "F-USE-05",
      "published_at",
      { published_at: { date: "", time: "", _unused_date: "", _unused_time: "" } },
      false,
    ],
    ["F-USE-06", "deleted_at", { deleted_at: {} }, false],
    ["F-USE-07", "inserted_at", { inserted_at: { date: "", time: "", _unused_time: "" } }, true],
    ["F-USE-08", "date", { date: new Date() }, true],
  ])("%s: %s in %j was used: %j", (_id, field, fields, used) => {
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

test("marks are kept where nothing that copies or checks fields meets them", () => {
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
