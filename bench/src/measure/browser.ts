/** Table in a browser: from the message to the patched DOM, beside setting the text by hand and morphing the table. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser } from "playwright-core";
import { Child } from "../child.ts";
import { atLeast, digits } from "../report.ts";
import type { Measure } from "../rig.ts";
import type { OverwireCalls } from "../server/overwire.ts";
import { over } from "../stats.ts";
import { inContext, notMeasured, openPage, withChromium } from "./chromium.ts";
import { measureByHand, measureMorph, measurePatches, timeMessages } from "./in-page.ts";

export const browser: Measure = {
  name: "browser",
  about: "message to patched DOM in Chromium, one cell of 1,000 rows, beside by hand and morphdom",
  run: async ({ rounds, quick, log }) => {
    const server = new Child<OverwireCalls>("./server/overwire.js", 0);
    try {
      const origin = `http://127.0.0.1:${await server.ask("port")}`;
      const rows = await withChromium(async (running) => {
        const results = [];
        for (let round = 0; round < rounds; round++) {
          log(`browser: round ${round + 1}`);
          results.push(await measure(running, origin, quick));
        }
        const ratio = over(results, ({ morph, patch }) => morph / patch);
        const patch = `${digits(1000 * over(results, (round) => round.patch))} µs`;
        return [
          {
            what: "one cell of 1,000 rows, message to DOM",
            ours: patch,
            beside: `morphdom over the table ${digits(over(results, ({ morph }) => morph))} ms`,
            ratio: `${digits(ratio)}× faster`,
            goal: atLeast(ratio, 20, "×"),
          },
          {
            what: "one cell of 1,000 rows, message to DOM",
            ours: patch,
            beside: `text node set by hand ${digits(1000 * over(results, ({ hand }) => hand))} µs`,
            ratio: `${digits(over(results, (round) => round.patch / round.hand))}× the time`,
          },
        ];
      });
      return rows ?? [notMeasured("browser")];
    } finally {
      await server.end();
    }
  },
};

const measure = (browser: Browser, origin: string, quick: boolean) =>
  inContext(browser, async (context) => {
    // Scripts of this kind run whatever the page's policy says.
    await context.addInitScript(timeMessages);
    await context.addInitScript(
      readFileSync(createRequire(import.meta.url).resolve("morphdom/dist/morphdom-umd.min.js"), "utf8"),
    );
    const page = await openPage(context, `${origin}/isolated/table`);
    const patch = await page.evaluate(measurePatches, quick ? 200 : 1000);
    const table = await page.evaluate(() => document.querySelector("table")?.outerHTML ?? "");
    await page.goto(`${origin}/isolated/empty`);
    const hand = await page.evaluate(measureByHand, { table, times: quick ? 10_000 : 100_000 });
    const morph = await page.evaluate(measureMorph, { table, times: quick ? 5 : 30 });
    return { patch, hand, morph };
  });
