/** Pages as all users can use them, and as their policy wants them: axe in Chromium, and violations of the policy. */
import axe from "axe-core";
import type { BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";

export interface AccessibleOptions {
  /** Selectors of parts that are not looked at, such as those of a foreign widget. */
  readonly exclude?: readonly string[];
}

/** The page's, once its source has run there. */
declare const window: { readonly axe: typeof axe };

/**
 * Fails with each finding of axe in the page as it is now: its rule, its places, and the advice.
 * @example await expectAccessible(page);
 */
export async function expectAccessible(page: Page, { exclude = [] }: AccessibleOptions = {}): Promise<void> {
  // Run as the debugger does: a script element would be refused by a strict policy.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (exclude) => window.axe.run({ exclude: [...exclude] }, { preload: false, resultTypes: ["violations"] }),
    exclude,
  );
  const findings = violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n${nodes.map(({ target, html }) => `  ${target.join(" ")}  ${html}`).join("\n")}`,
  );
  if (findings.length > 0) expect.fail(`axe finds on ${page.url()}:\n${findings.join("\n")}`);
}

const BINDING = "overwireViolation";

/**
 * Collects what a page's policy refuses, in all documents that are loaded from now on. Call it before the first one.
 * @returns a function that reads all violations so far, as `directive: URL`
 * @example
 * const violations = await collectViolations(page);
 * await page.goto(url);
 * expect(await violations()).toEqual([]);
 */
export async function collectViolations(place: Page | BrowserContext): Promise<() => Promise<string[]>> {
  const found: string[] = [];
  await place.exposeFunction(BINDING, (text: string) => void found.push(text));
  await place.addInitScript((binding) => {
    const tell = (globalThis as unknown as Record<string, (text: string) => void>)[binding];
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
      tell?.(`${effectiveDirective}: ${blockedURI}`),
    );
  }, BINDING);
  const pages = () => ("pages" in place ? place.pages() : [place]);
  return async () => {
    // The answer of a page comes after all that it has told.
    await Promise.all(pages().map((page) => page.evaluate(() => new Promise((done) => setTimeout(done)))));
    return [...found];
  };
}
