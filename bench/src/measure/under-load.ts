/** One run of the closed loop against a server, with what it cost the server. */
import type { Child } from "../child.ts";
import type { LoopResult } from "../load/loop.ts";
import type { LoadCalls } from "../load/main.ts";
import type { Rig } from "../rig.ts";
import type { Usage } from "../server/usage.ts";

/** Calls of both servers. */
export interface Metered {
  ask(name: "usage" | "settledUsage" | "liveUsage"): Promise<Usage>;
  ask(name: "publish"): Promise<bigint>;
}

export interface Run extends LoopResult {
  /** Events per second. */
  readonly rate: number;
  /** Microseconds of server CPU an event. */
  readonly cpu: number;
}

export async function underLoad(
  server: Metered,
  load: Child<LoadCalls>,
  group: number,
  event: string,
  seconds: number,
): Promise<Run> {
  const before = await server.ask("usage");
  const loop = await load.ask("loop", group, event, seconds);
  const after = await server.ask("usage");
  return { ...loop, rate: loop.events / loop.seconds, cpu: (after.cpu - before.cpu) / loop.events };
}

/** Lets both servers warm up on an event, and the bare one answer with as many bytes as ours does. */
export async function warmUp(
  { ours, bare, load }: Rig,
  groups: { readonly ours: number; readonly bare: number },
  event: string,
  seconds: number,
): Promise<string> {
  const { sample } = await underLoad(ours.process, load, groups.ours, event, seconds);
  await bare.process.ask("setReply", sample);
  await underLoad(bare.process, load, groups.bare, event, seconds);
  return sample;
}
