/** Publishing through Redis from one process to another, beside the bare client with the same bytes. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { Child } from "../child.ts";
import { atLeast, atMost, digits } from "../report.ts";
import { interleave, type Measure } from "../rig.ts";
import type { RedisPeerCalls, Side } from "../server/redis-peer.ts";
import { median, over } from "../stats.ts";

const NANOSECONDS = 1e6;

interface Pair {
  readonly publisher: Child<RedisPeerCalls>;
  readonly subscriber: Child<RedisPeerCalls>;
}

export const redis: Measure = {
  name: "redis",
  about: "publish through Redis from one process to another, beside the bare client",
  run: async (options) => {
    const { rounds, quick, log } = options;
    const count = quick ? 5000 : 50_000;
    const single = quick ? 100 : 500;
    const server = await startRedis();
    const children: Child<RedisPeerCalls>[] = [];
    const open = async (side: Side): Promise<Pair> => {
      const [publisher, subscriber] = [0, 1].map(
        (core) => new Child<RedisPeerCalls>("./server/redis-peer.js", core as 0 | 1),
      ) as [Child<RedisPeerCalls>, Child<RedisPeerCalls>];
      children.push(publisher, subscriber);
      await subscriber.ask("connect", side, server.url, true);
      await publisher.ask("connect", side, server.url, false);
      return { publisher, subscriber };
    };
    try {
      const [ours, bare] = [await open("ours"), await open("bare")];
      const run = async (pair: Pair) => ({
        rate: await rate(pair, count),
        latency: await latency(pair, single),
      });
      log("redis: warming up");
      await run(ours);
      await run(bare);
      log("redis: measuring");
      const results = await interleave(
        rounds,
        () => run(ours),
        () => run(bare),
      );
      const share = over(results, ([our, their]) => our.rate / their.rate);
      const slower = over(results, ([our, their]) => our.latency / their.latency);
      return [
        {
          what: "publish through Redis: messages/s",
          ours: digits(over(results, ([our]) => our.rate)),
          beside: `bare client ${digits(over(results, ([, their]) => their.rate))}`,
          ratio: digits(share),
          goal: atLeast(share, 0.7),
        },
        {
          what: "publish through Redis: p50 until it is there",
          ours: `${digits(over(results, ([our]) => our.latency))} ms`,
          beside: `bare client ${digits(over(results, ([, their]) => their.latency))} ms`,
          ratio: digits(slower),
          goal: atMost(slower, 1.3),
        },
      ];
    } finally {
      await Promise.all(children.map((child) => child.end()));
      server.process.kill();
    }
  },
};

/** Messages a second, until the last has come. */
async function rate({ publisher, subscriber }: Pair, count: number): Promise<number> {
  await subscriber.ask("expect", count);
  const start = await publisher.ask("publish", count);
  const last = (await subscriber.ask("arrivals")).at(-1) ?? start;
  return (count / Number(last - start)) * 1e9;
}

/** Milliseconds of a message when nothing else is under way. */
async function latency({ publisher, subscriber }: Pair, count: number): Promise<number> {
  await subscriber.ask("expect", count);
  const starts = await publisher.ask("publishSlowly", count);
  const ends = await subscriber.ask("arrivals");
  return median(starts.map((start, index) => Number((ends[index] ?? start) - start) / NANOSECONDS));
}

/** Starts a Redis for a measure, which ends it. */
export async function startRedis(): Promise<{ process: ChildProcess; url: string }> {
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const address = free.address();
  free.close();
  const port = String(typeof address === "object" ? address?.port : 0);
  const args = ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const child = spawn("redis-server", args, { stdio: ["ignore", "pipe", "inherit"] });
  process.once("exit", () => child.kill());
  await new Promise<void>((resolve, reject) => {
    child.once("error", () => reject(new Error("needs a redis-server: apt-get install redis-server")));
    child.once("exit", (code) => reject(new Error(`redis-server ended at once, with ${code}`)));
    child.stdout.on("data", (text) => String(text).includes("Ready to accept connections") && resolve());
  });
  return { process: child, url: `redis://127.0.0.1:${port}` };
}
