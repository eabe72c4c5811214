import { expect, test } from "vitest";
import { makeBatch } from "./batch.ts";

test("a batch is repeated by its seed and number, and differs from all others", () => {
  const batch = makeBatch(1, 7, 250);
  expect(batch).toEqual(makeBatch(1, 7, 250));
  expect(batch).not.toEqual(makeBatch(1, 8, 250));
  expect(batch).not.toEqual(makeBatch(2, 7, 250));
  expect(JSON.parse(JSON.stringify(batch))).toEqual(batch);
});

test("batches of any seed can be made", () => {
  for (let seed = 1; seed <= 5; seed++) {
    for (let number = 0; number < 40; number++) {
      expect(makeBatch(seed, number, 400).length).toBeGreaterThan(100);
    }
  }
});

test("a batch has honest frames, changed ones, parts of files, requests, bare bytes, sockets of channels, and sessions", () => {
  const kinds = new Map<string, number>();
  let malformed = 0;
  for (let number = 0; number < 20; number++) {
    for (const step of makeBatch(1, number, 250)) {
      kinds.set(step.do, (kinds.get(step.do) ?? 0) + 1);
      if (step.do === "text" && !isJson(step.text)) malformed++;
    }
  }
  expect([...kinds.keys()].sort()).toEqual([
    "bare",
    "binary",
    "end",
    "http",
    "open",
    "session",
    "text",
    "visit",
    "wait",
  ]);
  const texts = kinds.get("text") ?? 0;
  expect(texts).toBeGreaterThan(3000);
  // Most frames pass the parser.
  expect(malformed / texts).toBeLessThan(0.1);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
