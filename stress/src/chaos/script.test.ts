/** Scripts: equal for equal seeds, and the same when they are written and read. */
import { expect, test } from "vitest";
import { createRandom } from "./random.ts";
import { makeScript, readScript, writeScript } from "./script.ts";

test("a seed makes the same script each time, another seed another one", () => {
  const make = (seed: number, run: number) => writeScript(makeScript(createRandom(seed, run)));
  expect(make(1, 7)).toBe(make(1, 7));
  expect(new Set([make(1, 7), make(1, 8), make(2, 7)]).size).toBe(3);
});

test("a script that was written can be read", () => {
  for (let run = 0; run < 50; run++) {
    const script = makeScript(createRandom(1, run));
    expect(readScript(writeScript(script))).toEqual(script);
  }
});

test("an unknown step is refused by its name", () => {
  expect(() => readScript("act; explode 3")).toThrow("no step explode");
});
