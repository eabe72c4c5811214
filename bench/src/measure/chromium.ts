/** Chromium, if there is one, for measures in a page. */
import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium } from "playwright-core";

const PLACES = [
  process.env["CHROMIUM_PATH"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"];

/** The row of a measure that needs a browser if there is none. */
export const notMeasured = (what: string) => ({
  what,
  ours: "not measured",
  beside: "no Chromium here: set CHROMIUM_PATH",
});

/** Starts it, and ends it whatever the outcome. @returns undefined if there is none */
export async function withChromium<T>(use: (browser: Browser) => Promise<T>): Promise<T | undefined> {
  const executablePath = PLACES.find((place) => place !== undefined && existsSync(place));
  if (!executablePath) return undefined;
  const browser = await chromium.launch({ executablePath, args: ARGS });
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}

/** Gives it pages that know nothing of others. */
export async function inContext<T>(
  browser: Browser,
  use: (context: BrowserContext) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext();
  try {
    return await use(context);
  } finally {
    await context.close();
  }
}

/** Opens a page of one live view, and waits until it is joined and all of the client is there. */
export async function openPage(context: BrowserContext, url: string) {
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForSelector(".phx-connected", { state: "attached", timeout: 20_000 });
  // Files that the client loads later are there as well.
  await page.waitForLoadState("networkidle");
  return page;
}
