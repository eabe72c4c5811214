/** Streams: one item more in a list of 10,000, on the server beside the counter, and in Chromium beside a list of 10. */
import type { Browser, Page } from "playwright-core";
import { atMost, digits, type Row } from "../report.ts";
import { interleave, type Measure, type Options, type Rig, withRig } from "../rig.ts";
import { over } from "../stats.ts";
import { inContext, notMeasured, openPage, withChromium } from "./chromium.ts";
import { measureInserts, timeMessages } from "./in-page.ts";
import { underLoad, warmUp } from "./under-load.ts";

const ITEMS = 10_000;
const FEW = 10;
const CONNECTIONS = [1, 50];

/** Items that the event `fill` puts in. */
const FILL = 1000;
/** Number of these events between the two looks at the memory, and of the views. */
const FILLS = 49;
const VIEWS = 10;

export const stream: Measure = {
  name: "stream",
  about:
    "one item into a stream of 10,000: server CPU, bytes, memory; message to DOM in Chromium, beside 10 items",
  run: async (options) => {
    const rows = await withRig(options, [], async (rig) => {
      const rows: Row[] = [];
      for (const connections of CONNECTIONS) rows.push(...(await cost(rig, connections, options)));
      return rows;
    });
    rows.push(await memory(options));
    const patches = await withRig(options, [], ({ ours }) =>
      withChromium((browser) => inBrowser(browser, `http://127.0.0.1:${ours.port}`, options)),
    );
    return [...rows, ...(patches ?? [notMeasured("stream, message to DOM")])];
  },
};

async function cost(rig: Rig, connections: number, { seconds, rounds, log }: Options): Promise<Row[]> {
  const { ours, bare, load } = rig;
  log(`stream: ${connections} connections`);
  const streams = await load.ask("joinViews", ours.port, `/stream/${ITEMS}`, connections);
  const counters = await load.ask("joinViews", ours.port, "/counter", connections);
  const bares = await load.ask("openBare", bare.port, connections);
  await warmUp(rig, { ours: counters, bare: bares }, "inc", seconds);
  await warmUp(rig, { ours: streams, bare: bares }, "append", seconds);
  const results = await interleave(
    rounds,
    () => underLoad(ours.process, load, streams, "append", seconds),
    () => underLoad(ours.process, load, counters, "inc", seconds),
    () => underLoad(bare.process, load, bares, "append", seconds),
  );
  for (const group of [streams, counters, bares]) await load.ask("close", group);

  const of = connections === 1 ? "1 connection" : `${connections} connections`;
  const rows: Row[] = [
    {
      what: `stream, ${of}: events/s`,
      ours: digits(over(results, ([our]) => our.rate)),
      beside: `bare ws ${digits(over(results, ([, , their]) => their.rate))}`,
      ratio: digits(over(results, ([our, , their]) => our.rate / their.rate)),
    },
    {
      what: `stream, ${of}: server CPU an event`,
      ours: `${digits(over(results, ([our]) => our.cpu))} µs`,
      beside: `counter ${digits(over(results, ([, counter]) => counter.cpu))} µs`,
      ratio: `+${digits(over(results, ([our, counter]) => our.cpu - counter.cpu))} µs`,
    },
  ];
  if (connections === 1)
    rows.push({
      what: "stream: bytes a patch",
      ours: String(Math.max(...results.map(([our]) => our.bytes))),
    });
  return rows;
}

/** Memory of the server for an item that it has sent. */
async function memory(options: Options): Promise<Row> {
  const slopes: { readonly heap: number; readonly rss: number }[] = [];
  for (let round = 0; round < Math.min(options.rounds, 3); round++) {
    options.log(`stream: memory, round ${round + 1}, processes of its own`);
    slopes.push(
      await withRig(options, ["--expose-gc"], async ({ ours, load }) => {
        // A cost that is paid once is paid by other views.
        const others = await load.ask("joinViews", ours.port, "/stream/0", VIEWS);
        await load.ask("repeat", others, "fill", FILLS + 1);
        const views = await load.ask("joinViews", ours.port, "/stream/0", VIEWS);
        await load.ask("repeat", views, "fill", 1);
        const before = await ours.process.ask("settledUsage");
        await load.ask("repeat", views, "fill", FILLS);
        const after = await ours.process.ask("settledUsage");
        const items = VIEWS * FILLS * FILL;
        return { heap: (after.heap - before.heap) / items, rss: (after.rss - before.rss) / items };
      }),
    );
  }
  const heap = over(slopes, (slope) => slope.heap);
  return {
    what: "stream: bytes that the server holds of an item it has sent",
    ours: digits(heap),
    beside: `resident memory ${digits(over(slopes, ({ rss }) => rss))}`,
    goal: { text: "0 (± 1)", met: Math.abs(heap) <= 1 },
  };
}

async function inBrowser(browser: Browser, origin: string, { rounds, quick, log }: Options): Promise<Row[]> {
  // Each is followed by a layout of the page, which is not what is timed but takes its time.
  const times = quick ? 40 : 150;
  const results = await inContext(browser, async (context) => {
    await context.addInitScript(timeMessages);
    const many = await openPage(context, `${origin}/isolated/stream/${ITEMS}`);
    const few = await openPage(context, `${origin}/isolated/stream/${FEW}`);
    const insert = async (page: Page, at: "append" | "prepend") => {
      await page.bringToFront();
      return 1000 * (await page.evaluate(measureInserts, { at, times }));
    };
    log("stream: in Chromium");
    return interleave(
      rounds,
      () => insert(many, "append"),
      () => insert(few, "append"),
      () => insert(many, "prepend"),
      () => insert(few, "prepend"),
    );
  });
  const row = (where: string, figures: readonly (readonly [many: number, few: number])[]): Row => {
    const ratio = over(figures, ([many, few]) => many / few);
    return {
      what: `one item ${where} of 10,000, message to DOM`,
      ours: `${digits(over(figures, ([many]) => many))} µs`,
      beside: `of 10 ${digits(over(figures, ([, few]) => few))} µs`,
      ratio: `${digits(ratio)}× the time`,
      goal: atMost(ratio, 2, "×"),
    };
  };
  return [
    row(
      "at the end",
      results.map(([many, few]) => [many, few]),
    ),
    row(
      "at the beginning",
      results.map(([, , many, few]) => [many, few]),
    ),
  ];
}
