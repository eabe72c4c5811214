import { expect, test } from "vitest";
import { contains } from "./match.ts";

test("expected values have to be there, others may be", () => {
  expect(contains({ a: 1, b: { c: 2, d: 3 } }, { b: { c: 2 } })).toBe(true);
  expect(contains({ a: 1 }, {})).toBe(true);
  expect(contains({ a: 1 }, { a: 1, b: undefined })).toBe(true);
  expect(contains({ a: 1 }, { a: "1" })).toBe(false);
  expect(contains({ a: 1 }, { a: 1, b: 2 })).toBe(false);
  expect(contains(null, {})).toBe(false);
  expect(contains("text", "text")).toBe(true);
});

test("lists are compared whole", () => {
  expect(contains([1, { a: 1, b: 2 }], [1, { a: 1 }])).toBe(true);
  expect(contains([1, 2], [1])).toBe(false);
  expect(contains({ 0: 1 }, [1])).toBe(false);
  expect(contains([1], {})).toBe(false);
});

test("matchers of a test runner match", () => {
  expect(
    contains({ at: 5, name: "Ann" }, { at: expect.any(Number), name: expect.stringContaining("n") }),
  ).toBe(true);
  expect(contains({ at: "5" }, { at: expect.any(Number) })).toBe(false);
});
