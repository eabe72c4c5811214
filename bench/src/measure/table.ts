/** Table on the server: one cell of a thousand rows changes, beside the counter and a bare `ws` server. */
import { atMost, digits, type Row } from "../report.ts";
import { interleave, type Measure, type Options, type Rig, withRig } from "../rig.ts";
import { over } from "../stats.ts";
import { underLoad, warmUp } from "./under-load.ts";

const CONNECTIONS = [1, 50];

export const table: Measure = {
  name: "table",
  about:
    "server CPU and bytes for one changed cell of a 1,000-row keyed table, beside the counter and bare ws",
  run: (options) =>
    withRig(options, [], async (rig) => {
      const rows: Row[] = [];
      for (const connections of CONNECTIONS) rows.push(...(await measure(rig, connections, options)));
      return rows;
    }),
};

async function measure(rig: Rig, connections: number, { seconds, rounds, log }: Options): Promise<Row[]> {
  const { ours, bare, load } = rig;
  log(`table: ${connections} connections`);
  const tables = await load.ask("joinViews", ours.port, "/table", connections);
  const counters = await load.ask("joinViews", ours.port, "/counter", connections);
  const bares = await load.ask("openBare", bare.port, connections);
  await warmUp(rig, { ours: counters, bare: bares }, "inc", seconds);
  await warmUp(rig, { ours: tables, bare: bares }, "sell", seconds);
  const results = await interleave(
    rounds,
    () => underLoad(ours.process, load, tables, "sell", seconds),
    () => underLoad(ours.process, load, counters, "inc", seconds),
    () => underLoad(bare.process, load, bares, "sell", seconds),
  );
  for (const group of [tables, counters, bares]) await load.ask("close", group);

  const of = connections === 1 ? "1 connection" : `${connections} connections`;
  const more = over(results, ([our, counter]) => our.cpu - counter.cpu);
  const bytes = Math.max(...results.map(([our]) => our.bytes));
  const rows: Row[] = [
    {
      what: `table, ${of}: events/s`,
      ours: digits(over(results, ([our]) => our.rate)),
      beside: `bare ws ${digits(over(results, ([, , their]) => their.rate))}`,
      ratio: digits(over(results, ([our, , their]) => our.rate / their.rate)),
    },
    {
      what: `table, ${of}: server CPU an event`,
      ours: `${digits(over(results, ([our]) => our.cpu))} µs`,
      beside: `counter ${digits(over(results, ([, counter]) => counter.cpu))} µs`,
      ratio: `+${digits(more)} µs`,
      goal: atMost(more, 60, " µs more"),
    },
  ];
  if (connections === 1)
    rows.push({ what: "table: bytes a patch", ours: String(bytes), goal: atMost(bytes, 150) });
  return rows;
}
