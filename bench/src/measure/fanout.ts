/** Fan-out: from one publish until the last of 1,000 views has it, beside `ws` sending to 1,000 sockets. */
import type { Child } from "../child.ts";
import type { LoadCalls } from "../load/main.ts";
import { atLeast, digits } from "../report.ts";
import { interleave, type Measure, pause, withRig } from "../rig.ts";
import { median, over } from "../stats.ts";
import type { Metered } from "./under-load.ts";

const VIEWS = 1000;
const NANOSECONDS = 1e6;
/** Pause between two publishes, so that none meets what is left of the one before. */
const BREATH = 10;

export const fanout: Measure = {
  name: "fanout",
  about: "one publish to 1,000 views, until the last client has it, beside bare ws",
  run: (options) =>
    withRig(options, [], async ({ ours, bare, load }) => {
      const { rounds, quick, log } = options;
      const publishes = quick ? 10 : 40;
      log(`fan-out: joining ${VIEWS} views`);
      const feeds = await load.ask("joinViews", ours.port, "/feed", VIEWS);
      const bares = await load.ask("openBare", bare.port, VIEWS);
      const run = async (server: Metered, group: number) => {
        const before = await server.ask("usage");
        const times = [];
        for (let time = 0; time < publishes; time++) times.push((await publish(server, load, group)).ms);
        const after = await server.ask("usage");
        return { ms: median(times), cpu: (after.cpu - before.cpu) / publishes / VIEWS };
      };
      log("fan-out: warming up");
      const { sample } = await publish(ours.process, load, feeds);
      if (!sample.startsWith('["p",')) throw new Error(`a publish arrives as ${sample.slice(0, 500)}`);
      await run(ours.process, feeds);
      await bare.process.ask("setReply", (await publish(ours.process, load, feeds)).sample);
      await run(bare.process, bares);
      log("fan-out: measuring");
      const results = await interleave(
        rounds,
        () => run(ours.process, feeds),
        () => run(bare.process, bares),
      );
      const ratio = over(results, ([our, their]) => their.ms / our.ms);
      return [
        {
          what: "fan-out to 1,000 views: until the last has it",
          ours: `${digits(over(results, ([our]) => our.ms))} ms`,
          beside: `bare ws ${digits(over(results, ([, their]) => their.ms))} ms`,
          ratio: digits(ratio),
          goal: atLeast(ratio, 0.75),
        },
        {
          what: "fan-out to 1,000 views: server CPU a view",
          ours: `${digits(over(results, ([our]) => our.cpu))} µs`,
          beside: `bare ws ${digits(over(results, ([, their]) => their.cpu))} µs`,
          ratio: digits(over(results, ([our, their]) => our.cpu / their.cpu)),
        },
      ];
    }),
};

async function publish(
  server: Metered,
  load: Child<LoadCalls>,
  group: number,
): Promise<{ ms: number; sample: string }> {
  await load.ask("expect", group);
  const start = await server.ask("publish");
  const { at, sample } = await load.ask("arrival", group);
  await pause(BREATH);
  return { ms: Number(at - start) / NANOSECONDS, sample };
}
