/** The short form of `npm run chaos`: lines break, and nothing is lost. */
import { expect, test } from "vitest";
import { writeFailure } from "./report.ts";
import { playRuns, watchLeft } from "./runs.ts";
import { scenarios } from "./scenarios/index.ts";

const SEED = 1;

test("nothing is lost and nothing is left behind over lines that break", async () => {
  const [results, left] = await watchLeft(() =>
    playRuns({
      scenarios,
      seed: SEED,
      first: 0,
      runs: 60,
      beside: 6,
    }),
  );
  const failed = results.filter(({ problems }) => problems.length);
  expect(failed.map((result) => writeFailure(result, SEED, true)).join("\n\n")).toBe("");
  expect(left).toEqual([]);
  // The line did break, and views did go on.
  const sum = (key: "broke" | "resumed") => results.reduce((all, { tally }) => all + tally[key], 0);
  expect(sum("broke")).toBeGreaterThan(20);
  expect(sum("resumed")).toBeGreaterThan(20);
});
