/** Delays and prints frames, on demand: for authors who look at the behaviour of a page far away. */
import type { ClientFrame } from "../wire/frames.ts";
import type { FrameQueue, ReceivedFrame } from "./frame-queue.ts";
import { storageOf } from "./storage.ts";

/** In the session's storage, so that it outlives reloads. */
export const LATENCY = "overwire:latency";
export const DEBUG = "overwire:debug";

export interface LatencySimulation {
  /** Delays all that travels, in each direction. @param ms 0 ends it */
  delay(ms: number): void;
  /** Prints all that travels. */
  print(on: boolean): void;
}

const watched = new WeakMap<FrameQueue, LatencySimulation>();

export function simulateLatency(traffic: FrameQueue, win: Window & typeof globalThis): LatencySimulation {
  const { setTimeout, console } = win;
  /** Of this page alone if the browser refuses its own. */
  const storage: Record<string, string> = storageOf(win) ?? {};
  const before = watched.get(traffic);
  if (before) return before;
  /** Time at which the last delayed frame arrives. */
  let last = -1;
  traffic.travel = (way: string, frame: ReceivedFrame | ClientFrame, run: () => void) => {
    if (storage[DEBUG]) console.log(`Overwire ${way}`, frame);
    const now = performance.now();
    const latency = Number(storage[LATENCY] ?? 0);
    // Frames on their way are not overtaken when the latency is made less.
    if (!latency && last < now) return run();
    last = Math.max(last, now + latency);
    setTimeout(run, last - now);
  };
  const set = (key: string, value: number) => {
    if (value) storage[key] = String(value);
    else delete storage[key];
  };
  const travel: LatencySimulation = {
    delay: (ms) => set(LATENCY, ms),
    print: (on) => set(DEBUG, Number(on)),
  };
  watched.set(traffic, travel);
  return travel;
}
