/** Parts that few pages ever need, loaded when one does: simulated latency, printed messages, refusals. */
export { tellRefused } from "../bindings/refused-events.ts";
export { simulateLatency } from "../net/latency-sim.ts";
export { inPlaceOf } from "../net/too-large.ts";
