/** Channels: broadcasts, joins, answered events and memory, beside bare `ws` and Socket.IO. */
import { Child } from "../child.ts";
import type { ChannelLoadCalls } from "../load/channels.ts";
import { atLeast, atMost, digits, type Row } from "../report.ts";
import { interleave, type Measure, pause } from "../rig.ts";
import type { ChannelCalls, Kind } from "../server/channels.ts";
import { median, over } from "../stats.ts";

const SOCKETS = 1000;
const MORE = 1000;
const NANOSECONDS = 1e6;
const KB = 1024;
const BREATH = 10;
const kinds = ["ours", "bare", "socketio"] as const;
const SETTLE = 500;

type Figures = Readonly<Record<Kind, number>>;
type Rounds = readonly Figures[];

export const channels: Measure = {
  name: "channels",
  about: "a broadcast to 1,000 channels, joins, answered events and memory, beside bare ws and Socket.IO",
  run: async ({ rounds, quick, seconds, profiles, log }) => {
    const flags = ["--expose-gc", ...(profiles ? ["--cpu-prof", `--cpu-prof-dir=${profiles}`] : [])];
    const servers = new Map(
      kinds.map((kind) => [kind, new Child<ChannelCalls>("./server/channels.js", 0, flags)]),
    );
    const load = new Child<ChannelLoadCalls>("./load/channels.js", 1);
    const serverOf = (kind: Kind) => servers.get(kind) as Child<ChannelCalls>;
    try {
      const ports = new Map<Kind, number>();
      const memory = {} as Record<Kind, number>;
      for (const kind of kinds) {
        const port = await serverOf(kind).ask("start", kind);
        ports.set(kind, port);
        log(`channels: joining ${SOCKETS + MORE} of ${kind}`);
        await load.ask("fill", kind, port, SOCKETS);
        const before = await serverOf(kind).ask("settledUsage");
        // Only those that count for memory: broadcasts go to all.
        await load.ask("fill", kind, port, MORE);
        const after = await serverOf(kind).ask("settledUsage");
        memory[kind] = (after.heap - before.heap) / MORE / KB;
      }
      const broadcast = async (kind: Kind) => {
        const times: number[] = [];
        const before = await serverOf(kind).ask("usage");
        for (let time = 0; time < (quick ? 10 : 40); time++) {
          await load.ask("expect", kind);
          const start = await serverOf(kind).ask("broadcast");
          times.push(Number((await load.ask("arrival")) - start) / NANOSECONDS);
          await pause(BREATH);
        }
        const after = await serverOf(kind).ask("usage");
        return { ms: median(times), cpu: (after.cpu - before.cpu) / times.length / (SOCKETS + MORE) };
      };
      const joins = async (kind: Kind) => {
        const rate = await load.ask("joins", kind, ports.get(kind) as number, quick ? 500 : 2000);
        await pause(SETTLE);
        return rate;
      };
      const ofAll = async <T>(run: (kind: Kind) => Promise<T>) => {
        const results = await interleave(rounds, ...kinds.map((kind) => () => run(kind)));
        return results.map(
          ([ours, bare, socketio]) => ({ ours, bare, socketio }) as Readonly<Record<Kind, T>>,
        );
      };
      log("channels: warming up");
      for (const kind of kinds) {
        await broadcast(kind);
        await load.ask("echoes", kind, 1);
      }
      log("channels: measuring");
      const sent = await ofAll(broadcast);
      const joined = await ofAll(joins);
      const answered = await ofAll((kind) => load.ask("echoes", kind, seconds));
      return table(sent, joined, answered, memory);
    } finally {
      await Promise.all([load.end(), ...[...servers.values()].map((server) => server.end())]);
    }
  },
};

type Sent = Readonly<Record<Kind, { readonly ms: number; readonly cpu: number }>>;

function table(sent: readonly Sent[], joined: Rounds, answered: Rounds, memory: Figures): Row[] {
  const cpu = sent.map(({ ours, bare, socketio }) => ({
    ours: ours.cpu,
    bare: bare.cpu,
    socketio: socketio.cpu,
  }));
  const ms = sent.map(({ ours, bare, socketio }) => ({
    ours: ours.ms,
    bare: bare.ms,
    socketio: socketio.ms,
  }));
  return [
    ...rows("a broadcast to 2,000 channels, until the last has it", "ms", ms, false, 0.85),
    ...rows("a broadcast: server CPU a channel", "µs", cpu, false),
    ...rows("joins a second: a socket and a channel", "", joined, true),
    ...rows("answered events a second", "", answered, true),
    {
      what: "memory of a socket with a channel: heap and buffers",
      ours: `${digits(memory.ours)} KB`,
      beside: `bare ws ${digits(memory.bare)} KB`,
      ratio: `+${digits(memory.ours - memory.bare)} KB`,
      goal: atMost(memory.ours - memory.bare, 4, " KB more"),
    },
    {
      what: "the same",
      ours: `${digits(memory.ours)} KB`,
      beside: `Socket.IO ${digits(memory.socketio)} KB`,
      ratio: digits(memory.ours / memory.socketio),
    },
  ];
}

/** A row beside each. @param isRate more is better: ratios are ours to the other, else the other's to ours */
function rows(what: string, unit: string, rounds: Rounds, isRate: boolean, goal?: number): Row[] {
  const show = (kind: Kind) => `${digits(over(rounds, (figures) => figures[kind]))} ${unit}`.trim();
  const row = (name: string, kind: Kind, wanted?: number): Row => {
    const ratio = over(rounds, (figures) =>
      isRate ? figures.ours / figures[kind] : figures[kind] / figures.ours,
    );
    return {
      what,
      ours: show("ours"),
      beside: `${name} ${show(kind)}`,
      ratio: digits(ratio),
      ...(wanted !== undefined && { goal: atLeast(ratio, wanted) }),
    };
  };
  return [row("bare ws", "bare", goal), row("Socket.IO", "socketio")];
}
