/** Counter: events per second, latency and CPU of the smallest view there is, beside a bare `ws` server. */
import { atLeast, atMost, digits, type Row } from "../report.ts";
import { interleave, type Measure, type Options, type Rig, withRig } from "../rig.ts";
import { over } from "../stats.ts";
import { underLoad, warmUp } from "./under-load.ts";

const EVENT = "inc";
const CONNECTIONS = [1, 100, 1000];
/** The number of connections for which there is a goal in events per second. */
const GOAL_AT = 100;

export const counter: Measure = {
  name: "counter",
  about: "events/s, latency and CPU of a counter, closed loop, beside bare ws",
  run: (options) =>
    withRig(options, [], async (rig) => {
      const rows: Row[] = [];
      for (const connections of CONNECTIONS) rows.push(...(await measure(rig, connections, options)));
      return rows;
    }),
};

async function measure(rig: Rig, connections: number, { seconds, rounds, log }: Options): Promise<Row[]> {
  const { ours, bare, load } = rig;
  log(`counter: ${connections} connections`);
  const groups = {
    ours: await load.ask("joinViews", ours.port, "/counter", connections),
    bare: await load.ask("openBare", bare.port, connections),
  };
  await warmUp(rig, groups, EVENT, seconds);
  const results = await interleave(
    rounds,
    () => underLoad(ours.process, load, groups.ours, EVENT, seconds),
    () => underLoad(bare.process, load, groups.bare, EVENT, seconds),
  );
  await load.ask("close", groups.ours);
  await load.ask("close", groups.bare);

  const of = connections === 1 ? "1 connection" : `${connections.toLocaleString("en-US")} connections`;
  const rate = over(results, ([our, their]) => our.rate / their.rate);
  const cpu = over(results, ([our, their]) => our.cpu / their.cpu);
  const ms = (at: "p50" | "p99", server: 0 | 1) => digits(over(results, (round) => round[server][at]));
  const busy = Math.round(100 * over(results, ([, their]) => their.busy));
  return [
    {
      what: `counter, ${of}: events/s`,
      ours: digits(over(results, ([our]) => our.rate)),
      beside: `bare ws ${digits(over(results, ([, their]) => their.rate))} (load ${busy} % busy)`,
      ratio: digits(rate),
      ...(connections === GOAL_AT && { goal: atLeast(rate, 0.8) }),
    },
    {
      what: `counter, ${of}: p50 / p99`,
      ours: `${ms("p50", 0)} / ${ms("p99", 0)} ms`,
      beside: `bare ws ${ms("p50", 1)} / ${ms("p99", 1)} ms`,
    },
    {
      what: `counter, ${of}: server CPU an event`,
      ours: `${digits(over(results, ([our]) => our.cpu))} µs`,
      beside: `bare ws ${digits(over(results, ([, their]) => their.cpu))} µs`,
      ratio: digits(cpu),
      ...(connections > 1 && { goal: atMost(cpu, 1.25) }),
    },
    ...(connections === GOAL_AT
      ? [{ what: "counter: bytes a patch", ours: String(Math.max(...results.map(([our]) => our.bytes))) }]
      : []),
  ];
}
