/** Tests by `live()` and `request()`: interactions a second, pages opened and closed, requests, beside bare ones. */
import { Child } from "../child.ts";
import { atMost, digits } from "../report.ts";
import { interleave, type Measure } from "../rig.ts";
import type { TestedCalls } from "../server/tested.ts";
import { over } from "../stats.ts";

export const live: Measure = {
  name: "live",
  about: "tests by live() and request(): clicks, pages, requests, beside bare happy-dom and app.request()",
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
        () => child.ask("posts", seconds),
        () => child.ask("barePosts", seconds),
        () => child.ask("sessions", seconds),
        () => child.ask("bareSessions", seconds),
      );
      const [clicks, postClicks, pages, barePages, postPages, barePostPages] = [0, 1, 2, 3, 4, 5];
      const [posts, barePosts, sessions, bareSessions] = [6, 7, 8, 9];
      const of = (at = 0, what: "rate" | "cpu" = "rate") =>
        over(results, (round) => round[at]?.[what] ?? Number.NaN);
      const both = (at: number | undefined) => `${digits(of(at))}/s, ${digits(of(at, "cpu"))} ms CPU`;
      const beside = (at: number | undefined, bare: number | undefined) => ({
        ours: both(at),
        beside: `bare happy-dom ${both(bare)}`,
        ratio: digits(of(at) / of(bare)),
      });
      const extra = (at: number, bare: number) => {
        const more = of(at, "cpu") - of(bare, "cpu");
        return {
          ours: both(at),
          beside: `app.request() ${both(bare)}`,
          ratio: `+${digits(more)} ms`,
          goal: atMost(more, 1, " ms more"),
        };
      };
      return [
        { what: "live(): clicks on a counter", ours: both(clicks) },
        { what: "live(): clicks on one of 100 live components in a stream", ours: both(postClicks) },
        { what: "live(): counters opened and closed", ...beside(pages, barePages) },
        {
          what: "live(): streams of 100 live components opened and closed",
          ...beside(postPages, barePostPages),
        },
        { what: "request(): a new visitor posts a form", ...extra(posts, barePosts) },
        { what: "request(): a new visitor with a session", ...extra(sessions, bareSessions) },
      ];
    } finally {
      await child.end();
    }
  },
};
