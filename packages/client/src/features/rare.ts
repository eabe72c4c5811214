/** Parts that few pages ever need, loaded when one does: simulated latency, printed messages, refusals, sessions. */
export { tellRefused } from "../bindings/refused-events.ts";
export { simulateLatency } from "../net/latency-sim.ts";
export { fetchSession } from "../net/session.ts";
export { inPlaceOf } from "../net/too-large.ts";
