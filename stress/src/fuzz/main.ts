/** `npm run fuzz`: attacks of any length; the fewest steps that fail are written to a file. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { FuzzError, fuzz, Target } from "./fuzz.ts";
import { minimise } from "./minimise.ts";
import type { Step } from "./steps.ts";

const { values } = parseArgs({
  options: {
    frames: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    replay: { type: "string" },
    tries: { type: "string", default: "60" },
  },
});

if (values.replay !== undefined) {
  const steps = JSON.parse(readFileSync(values.replay, "utf8")) as Step[];
  const target = await Target.start();
  try {
    await target.attack(steps, new Map());
    console.log("The server goes on.");
  } finally {
    await target.end();
  }
} else {
  const seed = Number(values.seed);
  try {
    const result = await fuzz({
      seed,
      frames: Number(values.frames),
      from: Number(values.from),
      log: console.log,
    });
    const tally = Array.from(result.tally).sort(([, a], [, b]) => b - a);
    console.log(
      `${result.frames} frames in ${result.batches} batches: the server goes on, nothing is left behind.`,
    );
    console.log(
      `Longest time for one message: ${result.longest.toFixed(0)} ms of CPU. Most memory after a batch: ${(result.heap / 1e6).toFixed(0)} MB.`,
    );
    console.log(`Answers: ${tally.map(([kind, count]) => `${kind} ${count}`).join(", ")}`);
  } catch (error) {
    if (!(error instanceof FuzzError)) throw error;
    console.error(error.message);
    console.error(`To repeat: npm run fuzz -- --seed ${seed} --from ${error.batch}`);
    const small =
      error.steps.length > 0 ? await minimise(error.steps, Number(values.tries), console.log) : undefined;
    if (!small) console.log("The batch alone does not do it; it takes what came before.");
    const file = join(process.cwd(), `fuzz-${seed}-${error.batch}.json`);
    writeFileSync(file, `${JSON.stringify(small?.steps ?? error.steps, null, 1)}\n`);
    console.error(
      `${small?.message ?? ""}\nIts steps: ${file}. To run them again: npm run fuzz -- --replay ${file}`,
    );
    process.exitCode = 1;
  }
}
