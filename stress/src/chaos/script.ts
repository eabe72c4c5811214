/** Scripts of faults, step by step: written as text, made from a seed, or read from the command line. */
import { setTimeout as pause } from "node:timers/promises";
import { BEAT } from "./clock.ts";
import type { FaultyProxy, Pipe } from "./proxy.ts";
import type { Random } from "./random.ts";

/** `act`, `restart`, or a fault of the line with its arguments: `stall down 40`. */
export type Step = readonly [name: string, ...args: (string | number)[]];

export const writeScript = (steps: readonly Step[]): string => steps.map((step) => step.join(" ")).join("; ");

/** Steps that are not about the line. */
const own = ["act", "restart"];

/** @throws Error for an unknown step */
export function readScript(text: string): Step[] {
  return text
    .split(";")
    .map((step) => step.trim().split(/\s+/))
    .filter(([name]) => name)
    .map(([name = "", ...args]) => {
      if (!own.includes(name) && !(name in faults))
        throw new Error(`There is no step ${name}, but ${[...own, ...Object.keys(faults)].join(", ")}.`);
      return [name, ...args.map((arg) => (Number.isNaN(Number(arg)) ? arg : Number(arg)))];
    });
}

type Way = "up" | "down" | "both";

/** The lanes of a pipe that a fault is about. */
const lanes = (pipe: Pipe | undefined, way: Way) =>
  pipe ? (way === "both" ? [pipe.up, pipe.down] : [pipe[way]]) : [];

/** Faults end by themselves, or when the proxy is healed; only `wait` takes time. */
const faults = {
  wait: (_proxy: FaultyProxy, ms: number) => pause(ms),
  /** Resets the line. */
  reset: (proxy: FaultyProxy) => proxy.newest?.reset(),
  fin: (proxy: FaultyProxy) => proxy.newest?.finish(),
  /** Cuts it in the middle of the next message. */
  midframe(proxy: FaultyProxy, way: Way) {
    for (const lane of lanes(proxy.newest, way)) lane.cutNext();
  },
  /** Holds the bytes under way for a while. */
  stall(proxy: FaultyProxy, way: Way, ms: number) {
    for (const lane of lanes(proxy.newest, way)) {
      lane.hold();
      later(ms, () => lane.release());
    }
  },
  /** Loses all bytes from now on, and neither side is told. */
  lose(proxy: FaultyProxy, way: Way) {
    for (const lane of lanes(proxy.newest, way)) lane.lose();
  },
  /** Holds the bytes under way until the client has given up the line, and delivers them when it has another one. */
  late(proxy: FaultyProxy, way: Way, ms: number) {
    for (const lane of lanes(proxy.newest, way)) {
      lane.hold();
      later(2 * BEAT + ms, () => lane.release());
    }
  },
  /** The next lines open, and then their joins are held back; later messages of the client are lost. */
  latejoin(proxy: FaultyProxy, ms: number) {
    proxy.onPipe = (pipe) => {
      proxy.onPipe = () => {};
      pipe.up.holdAfter(1);
      later(2 * BEAT, () => pipe.up.lose());
      later(2 * BEAT + ms, () => pipe.up.release());
    };
  },
  latency(proxy: FaultyProxy, latency: number, jitter: number) {
    proxy.delay = { latency, jitter };
  },
  /** The next lines open late. */
  handshake(proxy: FaultyProxy, ms: number) {
    proxy.onPipe = (pipe) => {
      pipe.hold();
      later(ms, () => pipe.release());
    };
    later(ms, () => {
      proxy.onPipe = () => {};
    });
  },
  /** The next lines open, and their joins are late. */
  join(proxy: FaultyProxy, ms: number) {
    proxy.onPipe = (pipe) => {
      pipe.up.holdAfter(1);
      later(ms, () => pipe.up.release());
    };
    later(ms, () => {
      proxy.onPipe = () => {};
    });
  },
  refuse(proxy: FaultyProxy, ms: number) {
    proxy.refusing = true;
    proxy.newest?.reset();
    later(ms, () => {
      proxy.refusing = false;
    });
  },
  /** Holds all bytes for a while, also on new lines. */
  freeze(proxy: FaultyProxy, ms: number) {
    const held = [...proxy.pipes];
    const hold = (pipe: Pipe) => {
      pipe.hold();
      held.push(pipe);
    };
    for (const pipe of held) pipe.hold();
    proxy.onPipe = hold;
    later(ms, () => {
      if (proxy.onPipe === hold) proxy.onPipe = () => {};
      for (const pipe of held) pipe.release();
    });
  },
};

const later = (ms: number, run: () => void) => void setTimeout(run, ms).unref();

export async function runFault(proxy: FaultyProxy, [name, ...args]: Step): Promise<void> {
  const fault = faults[name as keyof typeof faults] as (proxy: FaultyProxy, ...args: unknown[]) => unknown;
  await fault(proxy, ...args);
}

/**
 * A script of some acts and a few faults, at random.
 * @param restarts the server is restarted in it too
 */
export function makeScript(random: Random, restarts = false): Step[] {
  const steps: Step[] = [];
  const wait = (most: number) => steps.push(["wait", random.between(0, most)]);
  const act = () => {
    for (let acts = random.between(1, 4); acts > 0; acts--) {
      steps.push(["act"]);
      if (random.chance(0.5)) wait(12);
    }
  };
  if (random.chance(0.4)) steps.push(["latency", random.between(1, 20), random.between(0, 10)]);
  act();
  for (let times = random.between(2, 4); times > 0; times--) {
    steps.push(restarts && random.chance(0.4) ? ["restart"] : makeFault(random));
    act();
    if (random.chance(0.3)) wait(60);
    // Long enough for a dead line to be found.
    else if (random.chance(0.35)) wait(3 * BEAT);
    act();
  }
  return steps;
}

function makeFault(random: Random): Step {
  const way = () => random.pick(["up", "down", "both"]);
  const ms = (most: number) => random.between(10, most);
  return random.pick<() => Step>([
    () => ["reset"],
    () => ["reset"],
    () => ["fin"],
    () => ["midframe", random.pick(["up", "down"])],
    () => ["stall", way(), ms(100)],
    () => ["lose", way()],
    () => ["late", way(), ms(150)],
    () => ["latejoin", ms(150)],
    () => ["latency", random.between(0, 30), random.between(0, 20)],
    () => ["handshake", ms(120)],
    () => ["join", ms(120)],
    () => ["refuse", ms(200)],
    () => ["freeze", ms(2 * BEAT + 150)],
  ])();
}
