/** First paint: pages per second of a 100-row page, beside node's `http` sending the same bytes. */
import { atLeast, digits } from "../report.ts";
import { interleave, type Measure, type Rig, withRig } from "../rig.ts";
import { over } from "../stats.ts";
import type { Metered } from "./under-load.ts";

const CONNECTIONS = 50;
const PATH = "/page";
/** Headers that node sets itself. */
const NODES_OWN = new Set(["date", "connection", "keep-alive", "content-length", "transfer-encoding"]);

export const paint: Measure = {
  name: "paint",
  about: "first paint of a 100-row page, 50 connections, beside bare http sending the same bytes",
  run: (options) =>
    withRig(options, [], async (rig) => {
      const { seconds, rounds, log } = options;
      const bytes = await copyPage(rig);
      const run = async ({ process, port }: { process: Metered; port: number }) => {
        const before = await process.ask("usage");
        const result = await rig.load.ask("requests", port, PATH, CONNECTIONS, seconds);
        const after = await process.ask("usage");
        return {
          rate: result.requests / result.seconds,
          cpu: (after.cpu - before.cpu) / result.requests,
          busy: result.busy,
        };
      };
      log("paint: warming up");
      await run(rig.ours);
      await run(rig.bare);
      log("paint: measuring");
      const results = await interleave(
        rounds,
        () => run(rig.ours),
        () => run(rig.bare),
      );
      const rate = over(results, ([our, their]) => our.rate / their.rate);
      const busy = Math.round(100 * over(results, ([, their]) => their.busy));
      return [
        {
          what: `first paint, ${digits(bytes)} bytes: requests/s`,
          ours: digits(over(results, ([our]) => our.rate)),
          beside: `bare http ${digits(over(results, ([, their]) => their.rate))} (load ${busy} % busy)`,
          ratio: digits(rate),
          goal: atLeast(rate, 0.2),
        },
        {
          what: "first paint: server CPU a request",
          ours: `${digits(over(results, ([our]) => our.cpu))} µs`,
          beside: `bare http ${digits(over(results, ([, their]) => their.cpu))} µs`,
          ratio: digits(over(results, ([our, their]) => our.cpu / their.cpu)),
        },
      ];
    }),
};

/** Teaches the bare server one page of ours, with its headers. @returns the page's bytes */
async function copyPage({ ours, bare }: Rig): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${ours.port}${PATH}`);
  const page = await response.text();
  if (!response.ok) throw new Error(`${PATH} is answered with ${response.status}: ${page.slice(0, 500)}`);
  await bare.process.ask(
    "setPage",
    page,
    [...response.headers].filter(([name]) => !NODES_OWN.has(name)),
  );
  return Buffer.byteLength(page);
}
