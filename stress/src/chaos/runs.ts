/** Many runs, several at a time, after which the process must keep nothing of them. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { playRun, type RunResult } from "./run.ts";
import type { Scenario } from "./scenario.ts";
import type { Step } from "./script.ts";
import { count } from "./trace.ts";

export interface RunsOptions {
  readonly scenarios: readonly Scenario[];
  readonly seed: number;
  readonly first: number;
  readonly runs: number;
  /** Number of runs at a time. */
  readonly beside: number;
  readonly script?: readonly Step[] | undefined;
  onResult?(result: RunResult): void;
}

/** Each run's scenario follows from its number. */
export async function playRuns({
  scenarios,
  seed,
  first,
  runs,
  beside,
  script,
  onResult,
}: RunsOptions): Promise<RunResult[]> {
  const results: RunResult[] = [];
  let next = first;
  const work = async () => {
    while (next < first + runs) {
      const run = next++;
      const scenario = scenarios[run % scenarios.length] as Scenario;
      const result = await playRun({ scenario, seed, run, script });
      results.push(result);
      onResult?.(result);
    }
  };
  await Promise.all(Array.from({ length: beside }, work));
  return results.sort((a, b) => a.run - b.run);
}

/**
 * Runs a task, and finds the sockets, listeners of the process and temporary files that are left of it.
 * @returns the task's result, and the leftovers
 */
export async function watchLeft<T>(work: () => Promise<T>): Promise<readonly [T, string[]]> {
  // Other processes have temporary files too.
  const { TMPDIR } = process.env;
  const folder = await mkdtemp(join(tmpdir(), "chaos-"));
  process.env.TMPDIR = folder;
  try {
    const before = await resources(folder);
    const done = await work();
    const left = [...(await resources(folder))].flatMap(([name, times]) => {
      const more = times - (before.get(name) ?? 0);
      return more > 0 ? [`${more} × ${name}`] : [];
    });
    return [done, left];
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    await rm(folder, { recursive: true, force: true });
  }
}

/** Items that are there now, with their counts. */
async function resources(folder: string): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo()) if (/TCP|Server/.test(name)) count(found, name);
  for (const event of process.eventNames())
    count(found, `listener for ${String(event)}`, process.listenerCount(event));
  count(found, "temporary file", (await readdir(folder)).length);
  return found;
}
