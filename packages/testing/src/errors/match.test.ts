import { expect, test } from "vitest";
import { contains, matches } from "./match.ts";

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

test("bytes are compared whole, and are no list of numbers", () => {
  const bytes = Uint8Array.of(1, 2);
  expect(contains({ a: bytes }, { a: Uint8Array.of(1, 2) })).toBe(true);
  expect(contains(bytes, Uint8Array.of(1))).toBe(false);
  expect(contains(bytes, [1, 2])).toBe(false);
  expect(contains([1, 2], bytes)).toBe(false);
});

test("a function accepts a payload unless it returns false or throws", () => {
  expect(matches({ a: 1 }, ({ a }: { a: number }) => a === 1)).toBe(true);
  expect(matches({ a: 1 }, ({ a }: { a: number }) => a === 2)).toBe(false);
  expect(matches({ a: 1 }, (payload: unknown) => expect(payload).toEqual({ a: 1 }))).toBe(true);
  expect(matches({ a: 1 }, (payload: unknown) => expect(payload).toEqual({ a: 2 }))).toBe(false);
  expect(matches({ a: 1 }, { a: 1 })).toBe(true);
});
