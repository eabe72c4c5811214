/** Files under way, many at the same time or with events beside them: what comes of it, and how long it takes. */
import { performance } from "node:perf_hooks";
import { quantile } from "../stats.ts";
import { Sender } from "./sender.ts";

/** Target of files: our view at a path, or the bare server at one. */
export interface Destination {
  readonly port: number;
  readonly path: string;
  readonly isBare: boolean;
}

export interface FilesResult {
  readonly seconds: number;
  /** Share of the time that this process was busy itself. */
  readonly busy: number;
}

/** Round trips of events, in milliseconds. */
export interface RoundTrips {
  readonly count: number;
  readonly median: number;
  readonly p95: number;
  readonly longest: number;
  /** One of the answers. */
  readonly sample: string;
}

/** Between an answer and the next event, in milliseconds. */
const PAUSE = 2;

const open = ({ port, path, isBare }: Destination, size: number): Promise<Sender> =>
  isBare ? Sender.bare(port, path, size) : Sender.join(port, path, size);

/** Connects, and has the server ready to take one file of so many bytes on each connection. */
export const openFiles = (to: Destination, count: number, size: number): Promise<Sender[]> =>
  Promise.all(Array.from({ length: count }, () => open(to, size)));

/** Sends all of them. */
export async function sendFiles(senders: readonly Sender[]): Promise<FilesResult> {
  const before = process.cpuUsage();
  const start = performance.now();
  await Promise.all(senders.map((sender) => sender.send()));
  const elapsed = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return { seconds: elapsed / 1000, busy: (user + system) / 1000 / elapsed };
}

/** Sends events for some time, with a little pause after each; or as long as a file is under way. */
export async function roundTrips(
  sender: Sender,
  event: string,
  seconds: number | "sending",
): Promise<RoundTrips> {
  const figures: number[] = [];
  let sample: readonly unknown[] = [];
  const start = performance.now();
  let isOver = false;
  const sending =
    seconds === "sending"
      ? sender.send().finally(() => {
          isOver = true;
        })
      : undefined;
  // The waiting caller is told; until then it is not unhandled.
  sending?.catch(() => {});
  while (!isOver) {
    const sent = performance.now();
    sample = await sender.ask(event, {});
    const now = performance.now();
    if (!isOver) figures.push(now - sent);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    isOver ||= seconds !== "sending" && now - start > seconds * 1000;
  }
  await sending;
  const sorted = Float64Array.from(figures).sort();
  return {
    count: figures.length,
    median: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    longest: quantile(sorted, 1),
    sample: JSON.stringify(sample),
  };
}
