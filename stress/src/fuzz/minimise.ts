/** Minimising of a failure to the fewest steps that still cause it. */
import { Target } from "./fuzz.ts";
import type { Step } from "./steps.ts";

/**
 * Takes parts away for as long as the rest fails on a server of its own.
 * @param tries number of servers that it may start
 * @returns undefined if the steps alone do not fail
 */
export async function minimise(
  steps: readonly Step[],
  tries: number,
  log: (line: string) => void,
): Promise<{ steps: readonly Step[]; message: string } | undefined> {
  let message = await failure(steps);
  if (message === undefined) return undefined;
  let left = steps;
  for (
    let size = Math.ceil(left.length / 2);
    size > 0 && tries > 0;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let at = 0; at < left.length && tries > 0; tries--) {
      const fewer = left.filter((step, index) => index < at || index >= at + size || step.do === "open");
      const result = fewer.length < left.length ? await failure(fewer) : undefined;
      if (result === undefined) at += size;
      else [left, message] = [fewer, result];
    }
    log(`${left.length} steps are left`);
  }
  const used = new Set(left.map((step) => step.do !== "open" && "socket" in step && step.socket));
  return { steps: left.filter((step) => step.do !== "open" || used.has(step.socket)), message };
}

async function failure(steps: readonly Step[]): Promise<string | undefined> {
  const target = await Target.start();
  try {
    await target.attack(steps, new Map());
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await target.end();
  }
}
