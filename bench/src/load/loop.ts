/** The closed loop: each client sends its next event when the last one is answered. */
import { performance } from "node:perf_hooks";
import { quantile } from "../stats.ts";
import { VIEW } from "./join.ts";
import type { LightSocket } from "./socket.ts";

export interface LoopResult {
  readonly events: number;
  readonly seconds: number;
  /** Milliseconds from event to answer. */
  readonly p50: number;
  readonly p99: number;
  /** Bytes of the longest answer, without its frame. */
  readonly bytes: number;
  /** One of the answers. */
  readonly sample: string;
  /** Share of the time that this process was busy itself. */
  readonly busy: number;
}

/** Most latencies that are kept; what comes later is counted only. */
const KEPT = 2_000_000;

const latencies = new Float64Array(KEPT);

/**
 * Runs for some time and until the last event is answered.
 * @param event name of the event. A server that answers with fixed bytes is sent the same
 * @throws Error when a client fails or an answer is no patch
 */
export async function closedLoop(
  sockets: readonly LightSocket[],
  event: string,
  seconds: number,
): Promise<LoopResult> {
  let events = 0;
  let bytes = 0;
  let sample = "";
  const before = process.cpuUsage();
  const start = performance.now();
  const end = start + seconds * 1000;
  await Promise.all(
    sockets.map(
      (socket) =>
        new Promise<void>((resolve, reject) => {
          let ref = 0;
          let sent = 0;
          const next = (now: number) => {
            sent = now;
            socket.send(`["e",${VIEW},${++ref},"${event}",{}]`);
          };
          socket.onFailure = reject;
          socket.onText = (buffer, from, to) => {
            const now = performance.now();
            if (events < KEPT) latencies[events] = now - sent;
            events++;
            if (to - from > bytes) {
              bytes = to - from;
              sample = buffer.toString("utf8", from, to);
              // Kinds of messages are told apart by their second character; anything but a patch is a failure.
              if (!sample.startsWith('["p",'))
                reject(new Error(`an event is answered with ${sample.slice(0, 500)}`));
            }
            if (now < end) next(now);
            else resolve();
          };
          next(performance.now());
        }),
    ),
  );
  const elapsed = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  const sorted = latencies.subarray(0, Math.min(events, KEPT)).sort();
  return {
    events,
    seconds: elapsed / 1000,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
    bytes,
    sample,
    busy: (user + system) / 1000 / elapsed,
  };
}
