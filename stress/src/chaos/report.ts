/** Report of many runs, as text: counts for each scenario, and each failure with the command that repeats it. */
import type { RunResult } from "./run.ts";
import { writeScript } from "./script.ts";
import { count, emptyTally } from "./trace.ts";

/** @param results of one scenario, or of all */
function sum(results: readonly RunResult[]) {
  const total = { ...emptyTally(), runs: results.length, withAnew: 0, failed: 0 };
  for (const { tally, problems } of results) {
    for (const key of ["attempts", "broke", "resumed", "anew"] as const) total[key] += tally[key];
    for (const [reason, times] of tally.reasons) count(total.reasons, reason, times);
    total.withAnew += Number(tally.anew > 0);
    total.failed += Number(problems.length > 0);
  }
  return total;
}

const columns = ["runs", "failed", "broke", "attempts", "resumed", "anew", "withAnew"] as const;

export function writeCounts(results: readonly RunResult[]): string {
  const names = [...new Set(results.map(({ scenario }) => scenario))];
  const rows = [...names, "all"].map((name) => {
    const total = sum(results.filter(({ scenario }) => name === "all" || scenario === name));
    const cells = columns.map((key) => String(total[key]).padStart(9));
    return `${name.padEnd(12)}${cells.join("")}  ${((100 * total.withAnew) / total.runs).toFixed(0).padStart(3)} %`;
  });
  const reasons = [...sum(results).reasons].sort((a, b) => b[1] - a[1]);
  const titles = ["runs", "failed", "broke", "attempts", "resumed", "anew", "runs anew"];
  return [
    `${"scenario".padEnd(12)}${titles.map((title) => title.padStart(9)).join("")}  ratio`,
    ...rows,
    ...(reasons.length ? ["", "Views were mounted anew because"] : []),
    ...reasons.map(([reason, times]) => `${String(times).padStart(6)} × ${reason}`),
  ].join("\n");
}

/** @param seed of the runs */
export function writeFailure(
  { scenario, run, script, problems, trace }: RunResult,
  seed: number,
  withTrace: boolean,
): string {
  return [
    `${scenario}, run ${run}: npm run chaos -- --seed ${seed} --run ${run} --scenario ${scenario} --trace`,
    `  script: ${writeScript(script)}`,
    ...problems.map((problem) => `  - ${problem}`),
    ...(withTrace ? trace.map((line) => `    ${line}`) : []),
  ].join("\n");
}
