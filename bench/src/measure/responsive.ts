/** Responsiveness: how long an event takes over a socket over which a large file goes, beside the same socket at rest. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import type { Destination, RoundTrips } from "../load/files.ts";
import { digits, type Row } from "../report.ts";
import { interleave, type Measure, type Options, pause, type Rig, withRig } from "../rig.ts";
import { over, quantile } from "../stats.ts";
import { inContext, notMeasured, openPage, withChromium } from "./chromium.ts";
import { measureClicks } from "./in-page.ts";

const MB = 1_000_000;
const EVENT = "inc";
/** Between two runs, so that none meets what is left of the one before, such as its file. */
const BREATH = 300;

export const responsive: Measure = {
  name: "responsive",
  about: "event round trip while a file of 200 MB goes over the same socket, and while none does",
  run: (options) =>
    withRig(options, [], async (rig) => {
      const rows = await overWire(rig, options);
      const clicks = await withChromium((browser) => inBrowser(rig, browser, options));
      return [...rows, ...(clicks ?? [notMeasured("click while a file is uploaded")])];
    }),
};

const sizeOf = ({ quick }: Options) => (quick ? 40 : 200) * MB;

async function overWire(rig: Rig, options: Options): Promise<Row[]> {
  const { ours, bare, load } = rig;
  const { rounds, seconds, log } = options;
  const run = async (to: Destination, time: number | "sending") => {
    const files = await load.ask("openFiles", to, 1, sizeOf(options));
    await pause(BREATH);
    const result = await load.ask("roundTrips", files, EVENT, time);
    await load.ask("closeFiles", files);
    return result;
  };
  const our = { port: ours.port, path: "/upload/kept", isBare: false };
  const their = { port: bare.port, path: "/kept", isBare: true };
  log("responsive: warming up");
  const { sample } = await run(our, seconds);
  await bare.process.ask("setReply", sample);
  for (const to of [our, their]) await run(to, "sending");
  log("responsive: measuring");
  const results = await interleave(
    rounds,
    () => run(our, seconds),
    () => run(their, seconds),
    () => run(our, "sending"),
    () => run(their, "sending"),
  );
  const figures = (index: 0 | 1 | 2 | 3) => summary(results.map((round) => round[index]));
  const row = (what: string, our: 0 | 2, their: 1 | 3): Row => ({
    what: `event ${what}: median / p95 / longest`,
    ours: figures(our),
    beside: `bare ws ${figures(their)}`,
    ratio: digits(over(results, (round) => round[our].median / round[their].median)),
  });
  return [row("at rest", 0, 1), row(`while ${sizeOf(options) / MB} MB are sent`, 2, 3)];
}

/** The rounds' median figures, but the longest of all. */
function summary(rounds: readonly Pick<RoundTrips, "median" | "p95" | "longest">[]): string {
  const longest = Math.max(...rounds.map((round) => round.longest));
  return `${digits(over(rounds, ({ median }) => median))} / ${digits(over(rounds, ({ p95 }) => p95))} / ${digits(longest)} ms`;
}

async function inBrowser({ ours }: Rig, browser: Browser, options: Options): Promise<Row[]> {
  const { rounds, seconds, log } = options;
  const folder = mkdtempSync(join(tmpdir(), "overwire-bench-"));
  try {
    const file = join(folder, "file.bin");
    writeFileSync(file, Buffer.alloc(sizeOf(options), "as good as anything "));
    const results = [];
    for (let round = 0; round < rounds; round++) {
      log(`responsive: in Chromium, round ${round + 1}`);
      results.push(await clicks(browser, `http://127.0.0.1:${ours.port}/isolated/upload`, file, seconds));
    }
    const rate = over(results, ({ took }) => sizeOf(options) / MB / took);
    return [
      {
        what: `click in Chromium while ${sizeOf(options) / MB} MB are sent: median / p95 / longest`,
        ours: `${summary(results.map(({ sending }) => sending))} (${digits(rate)} MB/s)`,
        beside: `at rest ${summary(results.map(({ rest }) => rest))}`,
        ratio: `${digits(over(results, ({ sending, rest }) => sending.median / rest.median))}× the time`,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const clicks = (browser: Browser, url: string, file: string, seconds: number) =>
  inContext(browser, async (context) => {
    const page = await openPage(context, url);
    const rest = trips(await page.evaluate(measureClicks, seconds));
    await page.setInputFiles("input[type=file]", file);
    const start = performance.now();
    const sending = trips(await page.evaluate(measureClicks, "sending" as const));
    return { rest, sending, took: (performance.now() - start) / 1000 };
  });

function trips(figures: readonly number[]) {
  const sorted = Float64Array.from(figures).sort();
  return { median: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), longest: quantile(sorted, 1) };
}
