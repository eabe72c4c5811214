/** The log in a real browser: scrolled both ways without a jump, jumped into, filtered, and never more than its window. */

import { describeBrowser } from "@overwire/test-support/chromium";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { openGallery } from "../shared/browser-harness.ts";

/** First and last line that the page has. */
const has = (page: Page) =>
  page.evaluate(() => {
    const numbers = [...document.querySelectorAll("#lines > li")].map(({ id }) => id.replace("line-", ""));
    return `${numbers[0]} to ${numbers.at(-1)}`;
  });

/**
 * Scrolls to an end of what is there.
 * @returns a line in sight, and how far from the top of the log it was before anything was patched
 */
const reach = (page: Page, edge: "first" | "last") =>
  page.evaluate((edge) => {
    const log = document.querySelector(".lines") as Element;
    const lines = [...document.querySelectorAll("#lines > li")];
    log.scrollTop = edge === "first" ? 0 : log.scrollHeight;
    const { top, bottom } = log.getBoundingClientRect();
    const seen = lines.find((line) => line.getBoundingClientRect().top > (top + bottom) / 2) as Element;
    return { id: seen.id, top: Math.round(seen.getBoundingClientRect().top - top) };
  }, edge);

const topOf = (page: Page, id: string) =>
  page
    .locator(`#${id}`)
    .evaluate((line) =>
      Math.round(
        line.getBoundingClientRect().top - (line.closest(".lines")?.getBoundingClientRect().top ?? 0),
      ),
    );

/** Tells if a line can be read: it is within the log, and the log's middle within the window. */
const isInSight = (page: Page, id: string) =>
  page.locator(`#${id}`).evaluate((line) => {
    const box = line.getBoundingClientRect();
    const log = line.closest(".lines")?.getBoundingClientRect() ?? box;
    return box.top >= log.top && box.bottom <= log.bottom;
  });

const jump = async (page: Page, number: number) => {
  await page.getByRole("spinbutton", { name: "Line" }).fill(String(number));
  await page.keyboard.press("Enter");
  await page.locator(`#line-${number}[aria-current]`).waitFor();
};

describeBrowser("the log", (browser) => {
  const { visit } = openGallery(browser);

  /** Notes each time that the page has more lines than it may. */
  const watch = (page: Page) =>
    page.evaluate(() => {
      window.changes = [];
      const list = document.querySelector("#lines") as Element;
      new MutationObserver(() => {
        if (list.children.length > 200) window.changes.push(`${list.children.length} lines`);
      }).observe(list, { childList: true });
    });

  test("goes on as the user scrolls, to and fro, and keeps the line that they read", async () => {
    const page = await visit("/logs");
    await watch(page);
    await jump(page, 5000);
    await expect.poll(() => isInSight(page, "line-5000")).toBe(true);
    const scrolled = await page.evaluate(() => window.scrollY);
    for (const [edge, lines] of [
      ["last", "4950 to 5099"],
      ["last", "4950 to 5149"],
      ["last", "5000 to 5199"],
      ["first", "4950 to 5149"],
      ["first", "4900 to 5099"],
      ["first", "4850 to 5049"],
    ] as const) {
      const { id, top } = await reach(page, edge);
      await expect.poll(() => has(page)).toBe(lines);
      await expect.poll(async () => Math.abs((await topOf(page, id)) - top)).toBeLessThan(3);
    }
    expect(await page.evaluate(() => window.changes)).toEqual([]);
    expect(await page.evaluate(() => window.scrollY)).toBe(scrolled);
  });

  test("follows the wheel, both ways", async () => {
    const page = await visit("/logs");
    await page.locator(".lines").hover();
    const wheel = (by: number) =>
      expect.poll(async () => {
        await page.mouse.wheel(0, by);
        return Number.parseInt(await has(page), 10);
      });
    await wheel(2000).toBeGreaterThan(100);
    await wheel(-2000).toBe(1);
  });

  test("jumps to a line, puts it in the middle, and begins at the first line again", async () => {
    const page = await visit("/logs");
    for (const number of [999_999, 500_000, 2]) {
      await jump(page, number);
      await expect.poll(() => isInSight(page, `line-${number}`)).toBe(true);
    }
    await jump(page, 500_000);
    await expect.poll(() => topOf(page, "line-500000")).toBeGreaterThan(100);
  });

  test("a level is shown from the user's position", async () => {
    const page = await visit("/logs");
    await jump(page, 1000);
    await page.getByRole("button", { name: "error" }).click();
    await page.locator("[aria-pressed=true]", { hasText: "error" }).waitFor();
    expect(new Set(await page.locator("#lines b").allTextContents())).toEqual(new Set(["error"]));
    const numbers = await page
      .locator("#lines > li")
      .evaluateAll((lines) => lines.map(({ id }) => Number(id.slice(5))));
    const next = numbers.find((number) => number >= 1000);
    await expect.poll(() => isInSight(page, `line-${next}`)).toBe(true);
  });

  test("is read by the keyboard", async () => {
    const page = await visit("/logs");
    await page.getByRole("region", { name: "Log" }).focus();
    const press = (key: string, until: RegExp) =>
      expect
        .poll(
          async () => {
            await page.keyboard.press(key);
            return has(page);
          },
          { interval: 200 },
        )
        .toMatch(until);
    await press("End", /^51 /);
    await press("PageUp", /^1 /);
    await press("Home", /^1 /);
    await press("PageDown", / 250$/);
  });
});
