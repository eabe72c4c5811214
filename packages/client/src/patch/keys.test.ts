import { testWindow } from "@overwire/test-support/test-window";
import { expect, test } from "vitest";
import { createKeys } from "./keys.ts";

const { document } = testWindow();

test("nodes of the page have a key each, and new ones that of the node that goes on as them", () => {
  const [root, a, b, next, other] = Array.from({ length: 5 }, () => document.createElement("p"));
  if (!root || !a || !b || !next || !other) throw new Error();
  const keys = createKeys();
  keys.begin(root);
  const [one, two] = [keys.of(a), keys.of(b)];
  expect(one).not.toBe(two);
  // The walk of the new state begins with its root: from then on no node gets a key by being asked for.
  expect(keys.of(root)).toBeUndefined();
  expect(keys.of(next)).toBeUndefined();
  expect(keys.inherit(a, next)).toBe(true);
  expect(keys.of(next)).toBe(one);
  expect(keys.inherit(other, next)).toBe(false);
  keys.begin(other);
  expect(keys.inherit(a, next)).toBe(false);
});
