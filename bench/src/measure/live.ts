/** Tests by `live()`: interactions a second, and pages opened and closed, beside bare happy-dom with the same HTML. */
import { Child } from "../child.ts";
import { digits } from "../report.ts";
import { interleave, type Measure } from "../rig.ts";
import type { TestedCalls } from "../server/tested.ts";
import { over } from "../stats.ts";

export const live: Measure = {
  name: "live",
  about: "tests by live(): clicks, pages opened and closed, beside bare happy-dom",
  run: async ({ rounds, seconds, profiles, log }) => {
    const flags = profiles ? ["--cpu-prof", `--cpu-prof-dir=${profiles}`] : [];
    const child = new Child<TestedCalls>("./server/tested.js", 0, flags, "development");
    try {
      log("live: measuring");
      const results = await interleave(
        rounds,
        () => child.ask("clicks", seconds),
        () => child.ask("postClicks", seconds),
        () => child.ask("pages", seconds),
        () => child.ask("barePages", seconds),
        () => child.ask("postPages", seconds),
        () => child.ask("barePostPages", seconds),
      );
      const [clicks, postClicks, pages, barePages, postPages, barePostPages] = [0, 1, 2, 3, 4, 5];
      const of = (at = 0, what: "rate" | "cpu" = "rate") =>
        over(results, (round) => round[at]?.[what] ?? Number.NaN);
      const both = (at: number | undefined) => `${digits(of(at))}/s, ${digits(of(at, "cpu"))} ms CPU`;
      const beside = (at: number | undefined, bare: number | undefined) => ({
        ours: both(at),
        beside: `bare happy-dom ${both(bare)}`,
        ratio: digits(of(at) / of(bare)),
      });
      return [
        { what: "live(): clicks on a counter", ours: both(clicks) },
        { what: "live(): clicks on one of 100 live components in a stream", ours: both(postClicks) },
        { what: "live(): counters opened and closed", ...beside(pages, barePages) },
        {
          what: "live(): streams of 100 live components opened and closed",
          ...beside(postPages, barePostPages),
        },
      ];
    } finally {
      await child.end();
    }
  },
};
