import { expect, test } from "vitest";
import { weightOf } from "./json-weight.ts";

test.each([
  [null, 0],
  ["text", 0],
  [7, 0],
  [{}, 64],
  [[{}, [], "text"], 192],
  [{ a: { b: [1, 2] }, c: {} }, 256],
])("%j takes about %i bytes beyond its text", (value, weight) => {
  expect(weightOf(value)).toBe(weight);
});
