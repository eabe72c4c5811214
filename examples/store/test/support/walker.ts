/** A user in a browser of their own, for walks through the store. Each page that is reached is one that all users can use. */
import { collectViolations, expectAccessible } from "@overwire/test-support/axe";
import { idle } from "@overwire/test-support/chromium";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { expect } from "vitest";

export const PHONE = { width: 390, height: 844 };

export interface WalkerOptions extends BrowserContextOptions {
  /** Errors that the walk brings about itself, such as those of a network that is cut. */
  readonly expected?: RegExp;
}

export interface Walker {
  readonly page: Page;
  /** Loads a page of the store. */
  open(path: string): Promise<void>;
  /** Waits for a page by its first heading, then looks at it. @param page another tab */
  reach(heading: string | RegExp, page?: Page): Promise<void>;
  /** The same, of a page that is not a view. */
  reachOther(heading: string | RegExp): Promise<void>;
  tab(path: string): Promise<Page>;
  /** Closes the browser. Its console had no error, and the pages' policy had nothing to refuse. */
  leave(): Promise<void>;
}

export async function walker(
  browser: Browser,
  url: string,
  { expected, ...options }: WalkerOptions = {},
): Promise<Walker> {
  const context = await browser.newContext({ baseURL: url, reducedMotion: "reduce", ...options });
  const violations = await collectViolations(context);
  const errors: string[] = [];
  context.on("console", (message) => {
    if (message.type() !== "error") return;
    const text = `${message.text()} (${message.location().url})`;
    if (!expected?.test(text)) errors.push(text);
  });
  context.on("weberror", (error) => errors.push(String(error.error())));
  const first = await context.newPage();

  const look = async (page: Page) => {
    await expectAccessible(page);
    const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(excess, `${page.url()} is wider than its window`).toBeLessThanOrEqual(0);
  };
  const headed = (page: Page, name: string | RegExp) =>
    page.getByRole("heading", { level: 1, name }).waitFor();

  return {
    page: first,
    async open(path) {
      await first.goto(path);
      await idle(first);
    },
    async reach(heading, page = first) {
      await headed(page, heading);
      await idle(page);
      await look(page);
    },
    async reachOther(heading) {
      await headed(first, heading);
      await look(first);
    },
    async tab(path) {
      const page = await context.newPage();
      await page.goto(path);
      await idle(page);
      return page;
    },
    async leave() {
      expect([...errors, ...(await violations())]).toEqual([]);
      await context.close();
    },
  };
}
