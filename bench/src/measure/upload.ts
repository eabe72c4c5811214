/** Uploads: how fast files come in, and what the server holds of them, beside a bare `ws` server that is sent the same. */
import type { Destination } from "../load/files.ts";
import { atLeast, atMost, digits, type Row } from "../report.ts";
import { interleave, type Measure, type Options, pause, type Rig, withRig } from "../rig.ts";
import { over } from "../stats.ts";
import type { Metered } from "./under-load.ts";

const MB = 1_000_000;
const KB = 1024;
const TOGETHER = 50;
/** Bytes of one upload that may be under way. */
const WINDOW = 4 * 64_000;
/** Bytes that one look may differ from another. */
const NOISE = 16 * KB;
/**
 * V8 counts the buffers that come and go against what a heap may grow by. That is little for a small one, so one process
 * collects it forty times as often as another, and uses twice the CPU: which of them does is a matter of chance and of
 * a few megabytes. With a heap that may grow both do the same.
 */
const ROOM = ["--initial-old-space-size=64"];
/** Between two runs, so that none meets what is left of the one before, such as its file; and between two looks at the memory. */
const BREATH = 300;
const LOOK = 100;
/** Files before the first that counts. */
const WARM = 3;
const GOAL = 0.7;

const sizeOf = (quick: boolean) => (quick ? 40 : 200) * MB;

export const upload: Measure = {
  name: "upload",
  about: "one file of 200 MB, to a file and to nowhere, beside bare ws; memory while 50 files of 100 MB come",
  run: async (options) => [
    ...(await withRig(options, ROOM, (rig) => speed(rig, options))),
    ...(await withRig(options, [], (rig) => speedByDefault(rig, options))),
    ...(await withRig(options, ["--expose-gc"], (rig) => memory(rig, options))),
  ],
};

/** A server, and where files go there. */
interface Target {
  readonly server: Metered;
  readonly to: Destination;
}

const targets = ({ ours, bare }: Rig, what: "kept" | "discarded"): readonly [ours: Target, bare: Target] => [
  { server: ours.process, to: { port: ours.port, path: `/upload/${what}`, isBare: false } },
  { server: bare.process, to: { port: bare.port, path: `/${what}`, isBare: true } },
];

/** Sends one file. @returns MB a second, and microseconds of server CPU a MB */
async function sendOne({ load }: Rig, { server, to }: Target, size: number) {
  const files = await load.ask("openFiles", to, 1, size);
  await pause(BREATH);
  const before = await server.ask("usage");
  const { seconds, busy } = await load.ask("sendFiles", files);
  const after = await server.ask("usage");
  await load.ask("closeFiles", files);
  return { rate: size / MB / seconds, cpu: ((after.cpu - before.cpu) / size) * MB, busy };
}

type Sent = Awaited<ReturnType<typeof sendOne>>;
type Pair = readonly [our: Sent, their: Sent];

/** Sends files to all until they are warm; then round after round. */
async function sendToEach(rig: Rig, { rounds, quick, log }: Options) {
  const size = sizeOf(quick);
  const [file, bareFile] = targets(rig, "kept");
  const [nowhere, bareNowhere] = targets(rig, "discarded");
  log("upload: warming up");
  for (let time = 0; time < WARM; time++)
    for (const target of [file, bareFile, nowhere, bareNowhere]) await sendOne(rig, target, size);
  log("upload: measuring");
  const results = await interleave(
    rounds,
    () => sendOne(rig, file, size),
    () => sendOne(rig, bareFile, size),
    () => sendOne(rig, nowhere, size),
    () => sendOne(rig, bareNowhere, size),
  );
  return {
    kept: results.map(([our, their]): Pair => [our, their]),
    discarded: results.map(([, , our, their]): Pair => [our, their]),
    unlike: results.map(([our, , , their]): Pair => [our, their]),
  };
}

function speedRow(what: string, beside: string, pairs: readonly Pair[], least?: number): Row {
  const ratio = over(pairs, ([our, their]) => our.rate / their.rate);
  const busy = Math.round(100 * over(pairs, ([, their]) => their.busy));
  return {
    what: `upload ${what}`,
    ours: `${digits(over(pairs, ([our]) => our.rate))} MB/s`,
    beside: `bare ws ${beside} ${digits(over(pairs, ([, their]) => their.rate))} MB/s (load ${busy} % busy)`,
    ratio: digits(ratio),
    ...(least !== undefined && { goal: atLeast(ratio, least) }),
  };
}

const cpuRow = (what: string, pairs: readonly Pair[]): Row => ({
  what: `upload ${what}: server CPU a MB`,
  ours: `${digits(over(pairs, ([our]) => our.cpu))} µs`,
  beside: `bare ws ${what} ${digits(over(pairs, ([, their]) => their.cpu))} µs`,
  ratio: digits(over(pairs, ([our, their]) => our.cpu / their.cpu)),
});

async function speed(rig: Rig, options: Options): Promise<Row[]> {
  const { kept, discarded, unlike } = await sendToEach(rig, options);
  return [
    speedRow("to a file", "to a file", kept, GOAL),
    cpuRow("to a file", kept),
    speedRow("to nowhere", "to nowhere", discarded, GOAL),
    cpuRow("to nowhere", discarded),
    speedRow("to a file", "to nowhere", unlike),
  ];
}

/** The same with node's own settings. */
async function speedByDefault(rig: Rig, options: Options): Promise<Row[]> {
  const { kept, discarded } = await sendToEach(rig, options);
  return [
    speedRow("to a file, small heaps", "to a file", kept),
    speedRow("to nowhere, small heaps", "to nowhere", discarded),
  ];
}

/** The most that was seen while files were coming, in bytes more than before. */
interface Peak {
  rss: number;
  buffers: number;
  seconds: number;
}

async function memory(rig: Rig, { quick, log }: Options): Promise<Row[]> {
  const size = (quick ? 10 : 100) * MB;
  const [ours, bare] = targets(rig, "kept");
  const look = async ({ server, to }: Target, usage: "usage" | "liveUsage"): Promise<Peak> => {
    const files = await rig.load.ask("openFiles", to, TOGETHER, size);
    const before = await server.ask("settledUsage");
    const peak = { rss: 0, buffers: 0, seconds: 0 };
    let isDone = false;
    const sending = rig.load.ask("sendFiles", files).finally(() => {
      isDone = true;
    });
    // The waiting caller is told; until then it is not unhandled.
    sending.catch(() => {});
    while (!isDone) {
      const { rss, buffers } = await server.ask(usage);
      peak.rss = Math.max(peak.rss, rss - before.rss);
      peak.buffers = Math.max(peak.buffers, buffers - before.buffers);
      await Promise.race([sending, pause(LOOK)]);
    }
    peak.seconds = (await sending).seconds;
    await rig.load.ask("closeFiles", files);
    await pause(BREATH);
    return peak;
  };
  log(`upload: memory, ${TOGETHER} files at the same time`);
  for (const target of [ours, bare]) await sendOne(rig, target, size);
  const held = { ours: await look(ours, "liveUsage"), bare: await look(bare, "liveUsage") };
  log("upload: memory, with what the collector leaves");
  const peak = { ours: await look(ours, "usage"), bare: await look(bare, "usage") };
  const each = (bytes: number) => bytes / TOGETHER / KB;
  const kb = (bytes: number) => `${digits(each(bytes))} KB`;
  const what = `${TOGETHER} uploads of ${size / MB} MB`;
  return [
    {
      what: `${what}: buffers held an upload`,
      ours: kb(held.ours.buffers),
      beside: `bare ws ${kb(held.bare.buffers)}`,
      goal: atMost(each(held.ours.buffers), (WINDOW + NOISE) / KB, " KB"),
    },
    {
      what: `${what}: the same, garbage included`,
      ours: kb(peak.ours.buffers),
      beside: `bare ws ${kb(peak.bare.buffers)}`,
    },
    {
      what: `${what}: resident memory an upload`,
      ours: kb(peak.ours.rss),
      beside: `bare ws ${kb(peak.bare.rss)}`,
    },
    {
      what: `${what}: together`,
      ours: `${digits((TOGETHER * size) / MB / peak.ours.seconds)} MB/s`,
      beside: `bare ws ${digits((TOGETHER * size) / MB / peak.bare.seconds)} MB/s`,
      ratio: digits(peak.bare.seconds / peak.ours.seconds),
    },
  ];
}
