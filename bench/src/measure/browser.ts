/** Table in a browser: from the message to the patched DOM, beside setting the text by hand and morphing the table. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, chromium } from "playwright-core";
import { Child } from "../child.ts";
import { atLeast, digits } from "../report.ts";
import type { Measure } from "../rig.ts";
import type { OverwireCalls } from "../server/overwire.ts";
import { over } from "../stats.ts";
import { measureByHand, measureMorph, measurePatches, timeMessages } from "./in-page.ts";

const PLACES = [
  process.env["CHROMIUM_PATH"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"];

export const browser: Measure = {
  name: "browser",
  about: "message to patched DOM in Chromium, one cell of 1,000 rows, beside by hand and morphdom",
  run: async ({ rounds, quick, log }) => {
    const executablePath = PLACES.find((place) => place !== undefined && existsSync(place));
    if (!executablePath) {
      return [{ what: "browser", ours: "not measured", beside: "no Chromium here: set CHROMIUM_PATH" }];
    }
    const server = new Child<OverwireCalls>("./server/overwire.js", 0);
    let running: Browser | undefined;
    try {
      running = await chromium.launch({ executablePath, args: ARGS });
      const origin = `http://127.0.0.1:${await server.ask("port")}`;
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
    } finally {
      await running?.close();
      await server.end();
    }
  },
};

async function measure(browser: Browser, origin: string, quick: boolean) {
  const context = await browser.newContext();
  try {
    // Scripts of this kind run whatever the page's policy says.
    await context.addInitScript(timeMessages);
    await context.addInitScript(
      readFileSync(createRequire(import.meta.url).resolve("morphdom/dist/morphdom-umd.min.js"), "utf8"),
    );
    const page = await context.newPage();
    await page.goto(`${origin}/isolated/table`);
    await page.waitForSelector(".phx-connected", { state: "attached", timeout: 10_000 });
    const patch = await page.evaluate(measurePatches, quick ? 200 : 1000);
    const table = await page.evaluate(() => document.querySelector("table")?.outerHTML ?? "");
    await page.goto(`${origin}/isolated/empty`);
    const hand = await page.evaluate(measureByHand, { table, times: quick ? 10_000 : 100_000 });
    const morph = await page.evaluate(measureMorph, { table, times: quick ? 5 : 30 });
    return { patch, hand, morph };
  } finally {
    await context.close();
  }
}
