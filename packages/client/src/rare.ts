/** Parts that few pages ever need, loaded when one does: simulated latency, printed messages, refusals. */
export { tellRefused } from "./behaviour/refused.ts";
export { inPlaceOf } from "./net/too-large.ts";
export { watchTravel } from "./net/travel.ts";
