/** Presence on two nodes: what one who comes or goes costs both, beside the same message published on a topic. */
import { Child } from "../child.ts";
import { atMost, digits } from "../report.ts";
import { interleave, type Measure } from "../rig.ts";
import type { PresenceCalls } from "../server/presence.ts";
import { over } from "../stats.ts";

const MEMBERS = 1000;
const FEW = 10;

export const presence: Measure = {
  name: "presence",
  about: "one who comes to 1,000 members on two nodes, beside the same message on a topic",
  run: async ({ rounds, quick, profiles, log }) => {
    const flags = profiles ? ["--cpu-prof", `--cpu-prof-dir=${profiles}`] : [];
    const [many, few] = [MEMBERS, FEW].map(() => new Child<PresenceCalls>("./server/presence.js", 0, flags));
    if (!many || !few) return [];
    try {
      await many.ask("fill", MEMBERS);
      await few.ask("fill", FEW);
      const times = quick ? 5000 : 50_000;
      log("presence: warming up");
      for (const child of [many, few]) await child.ask("joins", 10_000);
      for (const child of [many, few]) await child.ask("messages", 10_000);
      log("presence: measuring");
      const results = await interleave(
        rounds,
        () => many.ask("joins", times),
        () => many.ask("messages", times),
        () => few.ask("joins", times),
      );
      const [joins] = results.at(-1) ?? [];
      // Beats go between.
      if (joins?.heard !== 2 || Math.round(joins.messages) !== 1)
        throw new Error(`a join is heard ${joins?.heard} times, and told in ${joins?.messages} messages`);
      const size = over(results, ([ours, , small]) => ours.cpu / small.cpu);
      const ratio = over(results, ([ours, plain]) => ours.cpu / plain.cpu);
      return [
        {
          what: `presence of ${MEMBERS.toLocaleString("en-US")}: CPU of a join or leave, both nodes together`,
          ours: `${digits(over(results, ([ours]) => ours.cpu))} µs`,
          beside: `the message alone ${digits(over(results, ([, plain]) => plain.cpu))} µs`,
          ratio: digits(ratio),
          goal: atMost(ratio, 4),
        },
        {
          what: `presence of ${MEMBERS.toLocaleString("en-US")}: the same, beside ${FEW} members`,
          ours: `${digits(over(results, ([ours]) => ours.cpu))} µs`,
          beside: `${FEW} members ${digits(over(results, ([, , small]) => small.cpu))} µs`,
          ratio: digits(size),
          goal: atMost(size, 1.5),
        },
        {
          what: "presence: bytes of a join or leave to another node",
          ours: digits(over(results, ([ours]) => ours.bytes)),
          beside: `the message of a join ${digits(over(results, ([, plain]) => plain.bytes))}`,
        },
        {
          what: "presence: bytes a second of an idle node",
          ours: digits(await many.ask("idle")),
        },
      ];
    } finally {
      await Promise.all([many.end(), few.end()]);
    }
  },
};
