/** The gallery in a real browser, under its strict policy: a server for each file of tests, and browsers that are watched. */
import { type Served, serve } from "@overwire/server/node";
import { type LiveDriver, live } from "@overwire/testing";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { app } from "../app.ts";

declare global {
  interface Window {
    /** Violations of the page's policy. */
    violations: string[];
    /** Records of a test's observer. */
    changes: string[];
  }
}

export interface Gallery {
  readonly url: string;
  /** Trouble that a test means to make: the browser tells of each handshake that fails. */
  expected: RegExp | undefined;
  /** A browser of its own, watched. */
  newContext(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** Opens a page and waits until it lives. */
  visit(path: string, options?: BrowserContextOptions): Promise<Page>;
  /** Closes the server. */
  stop(): Promise<void>;
  /** Serves again, at the same address. */
  restart(): Promise<void>;
  /** Another user, without a browser. */
  openDriver(path: string): Promise<LiveDriver>;
}

/** Runs in a page before its own scripts. */
function recordViolations(): void {
  window.violations = [];
  document.addEventListener("securitypolicyviolation", (event) => {
    window.violations.push(`${event.violatedDirective}: ${event.blockedURI}`);
  });
}

/** Called in a `describeBrowser`. After each test nothing may have gone wrong in any page. */
export function openGallery(browser: () => Browser): Gallery {
  /** Errors in the pages of a test. */
  let trouble: string[] = [];
  let contexts: BrowserContext[] = [];
  let drivers: LiveDriver[] = [];

  let served: Served;
  /** A server that is closed has none. */
  let port = 0;
  const start = async () => {
    served = await serve(app, { port, log: false }).ready;
    port = served.port;
  };
  beforeAll(start);
  afterAll(() => served.close());

  afterEach(async () => {
    const found = trouble.filter((line) => !gallery.expected?.test(line));
    try {
      for (const page of contexts.flatMap((context) => context.pages())) {
        const left = await page.evaluate(() => ({
          violations: window.violations,
          marks: [...document.querySelectorAll("[data-ow-mark], [data-ow-keep]")].map(
            (element) => element.outerHTML,
          ),
        }));
        expect(left).toEqual({ violations: [], marks: [] });
      }
      expect(found).toEqual([]);
    } finally {
      await Promise.all([
        ...contexts.map((context) => context.close()),
        ...drivers.map((driver) => driver.close()),
      ]);
      [contexts, drivers, trouble] = [[], [], []];
      gallery.expected = undefined;
    }
  });

  async function newContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await browser().newContext({ baseURL: served.url, ...options });
    contexts.push(context);
    context.on("weberror", (error) => trouble.push(`page error: ${error.error().stack}`));
    context.on("console", (message) => {
      if (/^(error|warning|assert)$/.test(message.type()))
        trouble.push(`console ${message.type()}: ${message.text()}`);
    });
    context.on("response", (response) => {
      if (response.status() >= 400) trouble.push(`${response.status()} for ${response.url()}`);
    });
    await context.addInitScript(recordViolations);
    return context;
  }

  const gallery: Gallery = {
    get url() {
      return served.url;
    },
    stop: () => served.close(),
    restart: start,
    expected: undefined,
    newContext,
    async visit(path, options) {
      const page = await (await newContext(options)).newPage();
      await page.goto(path);
      await joined(page);
      return page;
    },
    async openDriver(path) {
      const driver = await live(app, path);
      drivers.push(driver);
      return driver;
    },
  };
  return gallery;
}

export const joined = (page: Page) =>
  page.locator("[data-ow-view].phx-connected:not(.phx-error, .phx-loading)").first().waitFor();

/** Events of a name that the page sends from now on. */
export async function sentEvents(page: Page, name: string): Promise<string[]> {
  const sent: string[] = [];
  const opened = page.waitForEvent("websocket");
  const [socket] = await Promise.all([opened, page.reload()]);
  socket.on("framesent", ({ payload }) => {
    const [kind, , , event] = JSON.parse(String(payload)) as [string, number, number, string];
    if (/^[ef]$/.test(kind) && event === name) sent.push(String(payload));
  });
  await joined(page);
  return sent;
}

export const text = (page: Page, selector: string) => page.locator(selector).textContent();

/** The id of the element that has the keyboard. */
export const focused = (page: Page) => page.evaluate(() => document.activeElement?.id ?? "");

export const field = (page: Page, selector: string) =>
  page.locator(selector).evaluate((element: HTMLInputElement) => ({
    value: element.value,
    start: element.selectionStart,
    end: element.selectionEnd,
    focused: document.activeElement === element,
  }));
