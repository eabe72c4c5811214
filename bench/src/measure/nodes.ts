/** An event on one node until a view on another has its patch, through Redis, beside two views of one node. */
import { Child } from "../child.ts";
import type { LoadCalls } from "../load/main.ts";
import { atMost, digits } from "../report.ts";
import { interleave, type Measure } from "../rig.ts";
import type { NodeCalls } from "../server/node.ts";
import { median, over } from "../stats.ts";
import { startRedis } from "./redis.ts";

export const nodes: Measure = {
  name: "nodes",
  about: "an event on one node until a view on another has its patch",
  run: async ({ rounds, quick, log }) => {
    const times = quick ? 100 : 500;
    const server = await startRedis();
    const load = new Child<LoadCalls>("./load/main.js", 1);
    const [first, second] = [0, 0].map(() => new Child<NodeCalls>("./server/node.js", 0)) as [
      Child<NodeCalls>,
      Child<NodeCalls>,
    ];
    try {
      const ports = [await first.ask("start", server.url), await second.ask("start", server.url)] as const;
      const join = (port: number) => load.ask("joinViews", port, "/room", 1);
      const [speaker, neighbour, far] = [await join(ports[0]), await join(ports[0]), await join(ports[1])];
      const to = async (hearer: number) => median(await load.ask("hear", speaker, hearer, "say", times));
      log("nodes: warming up");
      await to(far);
      await to(neighbour);
      log("nodes: measuring");
      const results = await interleave(
        rounds,
        () => to(far),
        () => to(neighbour),
      );
      const ms = over(results, ([across]) => across);
      return [
        {
          what: "event on one node until the view on another has it: p50",
          ours: `${digits(ms)} ms`,
          beside: `two views of one node ${digits(over(results, ([, within]) => within))} ms`,
          ratio: digits(over(results, ([across, within]) => across / within)),
          goal: atMost(ms, 50, " ms"),
        },
      ];
    } finally {
      await Promise.all([load, first, second].map((child) => child.end()));
      server.process.kill();
    }
  },
};
