/** The setup of a measure: our server and the bare one on one core, the load on the other. */

import type { Calls } from "./calls.ts";
import { Child } from "./child.ts";
import type { LoadCalls } from "./load/main.ts";
import type { Row } from "./report.ts";
import type { BareCalls } from "./server/bare.ts";
import type { OverwireCalls } from "./server/overwire.ts";

/** Duration and number of rounds. */
export interface Options {
  /** Few and short rounds: to see that it works, not to quote. */
  readonly quick: boolean;
  /** Rounds of each measure. */
  readonly rounds: number;
  /** Seconds of one run in a round. */
  readonly seconds: number;
  /** Folder for CPU profiles of our server. */
  readonly profiles?: string;
  /** Told what is being done. */
  readonly log: (text: string) => void;
}

/** A part of the benchmark, by its name on the command line. */
export interface Measure {
  readonly name: string;
  readonly about: string;
  run(options: Options): Promise<Row[]>;
}

/** A server in a process of its own. */
export interface Server<C extends Calls> {
  readonly process: Child<C>;
  readonly port: number;
}

export interface Rig {
  readonly ours: Server<OverwireCalls>;
  readonly bare: Server<BareCalls>;
  readonly load: Child<LoadCalls>;
}

/** Starts the three processes, and ends them whatever comes of it. */
export async function withRig<T>(
  options: Options,
  flags: readonly string[],
  use: (rig: Rig) => Promise<T>,
): Promise<T> {
  const profile = options.profiles ? ["--cpu-prof", `--cpu-prof-dir=${options.profiles}`] : [];
  const ours = new Child<OverwireCalls>("./server/overwire.js", 0, [...flags, ...profile]);
  const bare = new Child<BareCalls>("./server/bare.js", 0, flags);
  const load = new Child<LoadCalls>("./load/main.js", 1);
  try {
    return await use({
      ours: { process: ours, port: await ours.ask("port") },
      bare: { process: bare, port: await bare.ask("port") },
      load,
    });
  } finally {
    await Promise.all([load.end(), ours.end(), bare.end()]);
  }
}

type Results<T extends readonly (() => Promise<unknown>)[]> = {
  -readonly [Index in keyof T]: Awaited<ReturnType<T[Index]>>;
};

/**
 * Does `tasks` one after the other, round after round; in every other round in reverse, so that none is always the first.
 * @returns their results, side by side for each round
 */
export async function interleave<T extends readonly (() => Promise<unknown>)[]>(
  rounds: number,
  ...tasks: T
): Promise<Results<T>[]> {
  const all: Results<T>[] = [];
  for (let round = 0; round < rounds; round++) {
    const results: unknown[] = [];
    const order = [...tasks.keys()];
    if (round % 2) order.reverse();
    for (const index of order) results[index] = await tasks[index]?.();
    all.push(results as Results<T>);
  }
  return all;
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
