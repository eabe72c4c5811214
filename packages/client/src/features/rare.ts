/** Parts that few pages ever need, loaded when one does: simulated latency, printed messages, refusals, sessions, drafts. */
import { restoreDrafts } from "../net/drafts.ts";
import type { FrameQueue } from "../net/frame-queue.ts";
import { type LatencySimulation, simulateLatency } from "../net/latency-sim.ts";

export { tellRefused } from "../bindings/refused-events.ts";
export { fetchSession } from "../net/session.ts";
export { inPlaceOf } from "../net/too-large.ts";

/** Goes on with what the page's storage has. */
export function resume(traffic: FrameQueue, win: Window & typeof globalThis): LatencySimulation {
  restoreDrafts(win);
  return simulateLatency(traffic, win);
}
