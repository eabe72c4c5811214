/** `npm run chaos`: many runs over lines that break, with counts, and the command that repeats each failure. */
import { parseArgs } from "node:util";
import { writeCounts, writeFailure } from "./report.ts";
import { playRuns, watchLeft } from "./runs.ts";
import { scenarios } from "./scenarios/index.ts";
import { readScript } from "./script.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    /** The only run to make. */
    run: { type: "string" },
    scenario: { type: "string" },
    script: { type: "string" },
    beside: { type: "string", default: "6" },
    trace: { type: "boolean", default: false },
  },
});

const chosen = scenarios.filter(({ name }) => values.scenario === undefined || name === values.scenario);
if (chosen.length === 0)
  throw new Error(
    `There is no scenario ${values.scenario}, but ${scenarios.map(({ name }) => name).join(", ")}.`,
  );

const seed = Number(values.seed);
const [results, left] = await watchLeft(() =>
  playRuns({
    scenarios: chosen,
    seed,
    first: Number(values.run ?? 0),
    runs: values.run === undefined ? Number(values.runs) : 1,
    beside: Number(values.beside),
    script: values.script === undefined ? undefined : readScript(values.script),
    onResult: (result) => {
      if (result.problems.length || (values.run !== undefined && values.trace))
        console.log(`${writeFailure(result, seed, values.trace)}\n`);
    },
  }),
);
console.log(writeCounts(results));
if (left.length) console.log(`\nLeft behind: ${left.join(", ")}`);
process.exitCode = left.length || results.some(({ problems }) => problems.length) ? 1 : 0;
