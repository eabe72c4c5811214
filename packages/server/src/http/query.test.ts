import fc from "fast-check";
import { expect, it } from "vitest";
import { decodeFields, MAX_FIELDS, TooManyFields } from "./query.ts";

it.each([
  ["", {}],
  ["a=1&b=2", { a: "1", b: "2" }],
  ["a+b=c%20d", { "a b": "c d" }],
  ["user[name]=A&user[tags][]=x&user[tags][]=y", { user: { name: "A", tags: ["x", "y"] } }],
  ["people[0][name]=A&people[1][name]=B", { people: [{ name: "A" }, { name: "B" }] }],
  ["people[2][name]=B&people[1][name]=A", { people: { 1: { name: "A" }, 2: { name: "B" } } }],
  ["rows[0][tags][1]=x&rows[_rows]=a:0", { rows: { 0: { tags: { 1: "x" } }, _rows: "a:0" } }],
  ["agree=false&agree=true", { agree: "true" }],
  ["a[]=1", { a: ["1"] }],
  ["%E0%A4%A=x&b=%", { "%E0%A4%A": "x", b: "%" }],
  ["__proto__[x]=1&constructor=2&a[__proto__]=3&ok=4", { ok: "4" }],
])("reads %j", (text, fields) => {
  expect(decodeFields(text)).toEqual(fields);
});

it("refuses more fields than it would take, instead of dropping some", () => {
  const fields = (count: number) => Array.from({ length: count }, (_, at) => `f${at}=x`).join("&");
  expect(Object.keys(decodeFields(fields(MAX_FIELDS)))).toHaveLength(MAX_FIELDS);
  expect(() => decodeFields(fields(MAX_FIELDS + 1))).toThrow(TooManyFields);
});

it("stays within its depth, and touches no prototype, whatever comes", () => {
  const name = fc.array(
    fc.constantFrom(
      "a",
      "[b]",
      "[]",
      "[0]",
      "[9999]",
      "[__proto__]",
      "__proto__",
      "[constructor]",
      "[",
      "]",
      ".",
    ),
    {
      maxLength: 30,
    },
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.string()), { maxLength: 20 }), (pairs) => {
      const text = pairs.map(([name, value]) => `${name.join("")}=${encodeURIComponent(value)}`).join("&");
      const depth = (value: unknown): number =>
        typeof value === "object" && value ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0;
      expect(depth(decodeFields(text))).toBeLessThan(12);
      expect(({} as { a?: unknown }).a).toBeUndefined();
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
  );
});
