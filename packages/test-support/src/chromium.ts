// Chromium for the browser tests: found on the machine, never downloaded.
import { existsSync } from "node:fs";
import { type Browser, chromium, type LaunchOptions, type Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { deferred } from "./deferred.ts";
import { describeWith } from "./requirements.ts";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** For root, and for a network without an outside. */
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Path of Chromium: CHROMIUM_PATH, or one of the usual places; `undefined` if there is none. */
export function chromiumPath(): string | undefined {
  const named = process.env["CHROMIUM_PATH"];
  return named ? (existsSync(named) ? named : undefined) : PLACES.find((place) => existsSync(place));
}

export async function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  const executablePath = chromiumPath();
  if (!executablePath) throw new Error("No Chromium here: install it or set CHROMIUM_PATH.");
  return chromium.launch({ executablePath, ...options, args: [...ARGS, ...(options.args ?? [])] });
}

/**
 * Until the features of a page that was loaded for the first time have begun: they come beside its views, and what
 * needs them before only waits.
 */
export const featured = (page: Page) => page.waitForFunction(() => history.state !== null);

/** The page's own, once its client has begun. */
declare const liveSocket: { readonly idle: boolean };

/** Waits until the page's views are joined, and all that they were asked is answered. */
export const idle = (page: Page) => page.waitForFunction(() => "liveSocket" in globalThis && liveSocket.idle);

/** Holds files of a page back. @returns lets them come */
export async function holdFiles(page: Page, files: RegExp): Promise<() => void> {
  const { promise, resolve } = deferred();
  await page.route(files, async (route) => {
    await promise;
    await route.continue();
  });
  return resolve;
}

/** A `describe` with one browser for all its tests; `browser()` is it, from `beforeAll` on. */
export function describeBrowser(name: string, body: (browser: () => Browser) => void): void {
  const hint = "Install chromium (`apt-get install chromium`) or set CHROMIUM_PATH to an executable.";
  describeWith("chromium", chromiumPath() !== undefined, hint, name, () => {
    let running: Browser | undefined;
    beforeAll(async () => {
      running = await launchChromium();
    });
    afterAll(() => running?.close());
    body(() => {
      if (!running) throw new Error("The browser runs inside tests and hooks only.");
      return running;
    });
  });
}
