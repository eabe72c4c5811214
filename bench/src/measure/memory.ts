/** Memory: what one more connected counter costs, beside what one more bare `ws` socket costs. */
import { atMost, digits } from "../report.ts";
import { type Measure, withRig } from "../rig.ts";
import { over } from "../stats.ts";
import type { Metered } from "./under-load.ts";

/** Connections that are there before, so that what is paid once is paid. */
const FIRST = 1000;
const MORE = 2000;
const KB = 1024;

export const memory: Measure = {
  name: "memory",
  about: "memory of a connected counter, slope over 2,000 connections, beside bare ws",
  run: async (options) => {
    const { rounds, log } = options;
    const results = [];
    for (let round = 0; round < Math.min(rounds, 3); round++) {
      log(`memory: round ${round + 1}, processes of its own`);
      results.push(
        await withRig(options, ["--expose-gc"], async ({ ours, bare, load }) => ({
          ours: await slope(ours.process, (count) => load.ask("joinViews", ours.port, "/counter", count)),
          bare: await slope(bare.process, (count) => load.ask("openBare", bare.port, count)),
        })),
      );
    }
    const resident = over(results, ({ ours, bare }) => ours.rss - bare.rss);
    const heap = over(results, ({ ours, bare }) => ours.heap - bare.heap);
    return [
      {
        what: "memory a connected counter: resident",
        ours: `${digits(over(results, ({ ours }) => ours.rss))} KB`,
        beside: `bare ws ${digits(over(results, ({ bare }) => bare.rss))} KB`,
        ratio: `+${digits(resident)} KB`,
        goal: atMost(resident, 15, " KB more"),
      },
      {
        what: "memory a connected counter: heap and buffers",
        ours: `${digits(over(results, ({ ours }) => ours.heap))} KB`,
        beside: `bare ws ${digits(over(results, ({ bare }) => bare.heap))} KB`,
        ratio: `+${digits(heap)} KB`,
        goal: atMost(heap, 15, " KB more"),
      },
    ];
  },
};

/** KB a connection. */
async function slope(server: Metered, connect: (count: number) => Promise<number>) {
  await connect(FIRST);
  const before = await server.ask("settledUsage");
  await connect(MORE);
  const after = await server.ask("settledUsage");
  return { rss: (after.rss - before.rss) / MORE / KB, heap: (after.heap - before.heap) / MORE / KB };
}
