/** The feed in a real browser: scrolled both ways, without a jump and with an end to what the page holds. */

import { describeBrowser } from "@overwire/test-support/chromium";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { focused, openGallery, text } from "../shared/browser-harness.ts";

const place = (page: Page) => text(page, ".feed-place");

/** Waits with patience: a list tells of its ends twice a second at most. */
const shows = (page: Page, entries: string) =>
  page.locator(".feed-place", { hasText: `${entries} of 1000` }).waitFor();

/**
 * Scrolls so that an end of the list is in sight, by a few steps of the wheel at most.
 * @returns an entry in sight, and how far from the top it was before anything was patched
 */
const reach = (page: Page, edge: "first" | "last") =>
  page.evaluate((edge) => {
    const child = document.querySelector(`#feed > :${edge}-child`) as Element;
    const { top, bottom } = child.getBoundingClientRect();
    scrollBy({ top: edge === "first" ? top - 250 : bottom - innerHeight + 40, behavior: "instant" });
    const seen = document.elementFromPoint(200, innerHeight / 2)?.closest("#feed > li") as Element;
    return { id: seen.id, top: Math.round(seen.getBoundingClientRect().top) };
  }, edge);

const topOf = (page: Page, id: string) =>
  page.locator(`#${id}`).evaluate((entry) => Math.round(entry.getBoundingClientRect().top));

describeBrowser("the feed", (browser) => {
  const { visit } = openGallery(browser);

  test("goes on as the user scrolls, to and fro, and keeps the entry that they read", async () => {
    const page = await visit("/feed");
    await page.evaluate(() => {
      window.changes = [];
      const list = document.querySelector("#feed") as Element;
      new MutationObserver(() => {
        if (list.children.length > 60) window.changes.push(`${list.children.length} entries`);
      }).observe(list, { childList: true });
    });

    for (const [first, end] of [
      [1, 40],
      [1, 60],
      [21, 80],
      [41, 100],
      [61, 120],
    ]) {
      const { id, top } = await reach(page, "last");
      await shows(page, `${first} to ${end}`);
      await expect.poll(async () => Math.abs((await topOf(page, id)) - top)).toBeLessThan(3);
    }
    for (const [first, end] of [
      [41, 100],
      [21, 80],
      [1, 60],
    ]) {
      const { id, top } = await reach(page, "first");
      await shows(page, `${first} to ${end}`);
      await expect.poll(async () => Math.abs((await topOf(page, id)) - top)).toBeLessThan(3);
    }
    expect(await page.locator("#feed-gap").count()).toBe(0);
    expect(await page.evaluate(() => window.changes)).toEqual([]);
  });

  test("follows the wheel", async () => {
    const page = await visit("/feed");
    await page.mouse.move(400, 400);
    await expect
      .poll(async () => {
        await page.mouse.wheel(0, 3000);
        return Number((await place(page))?.split(" ")[2]);
      })
      .toBeGreaterThan(160);
    expect(await page.locator("#feed > li").count()).toBe(60);
    await expect
      .poll(async () => {
        await page.mouse.wheel(0, -3000);
        return place(page);
      })
      .toBe("1 to 60 of 1000");
  });

  test("starts again at the top for who goes there at once", async () => {
    const page = await visit("/feed");
    for (const end of [40, 60, 80, 100, 120]) {
      await reach(page, "last");
      await shows(page, `to ${end}`);
    }
    await page.evaluate(() => scrollTo({ top: 0, behavior: "instant" }));
    await shows(page, "1 to 60");
    await expect.poll(() => page.evaluate(() => scrollY)).toBeLessThan(300);
    expect(await page.locator("#entry-0").isVisible()).toBe(true);
  });

  test("works by keyboard: by its button, and by the keys that scroll", async () => {
    // So high that nothing has to be scrolled: only the button leads on.
    const page = await visit("/feed", { viewport: { width: 1000, height: 4200 } });
    await page.getByRole("button", { name: "Show older entries" }).focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => focused(page)).toBe("entry-20");
    expect(await place(page)).toBe("1 to 40 of 1000");

    await page.setViewportSize({ width: 1000, height: 800 });
    // Each goes to the end of what is there, and more comes.
    for (const entries of ["1 to 60", "21 to 80"]) {
      await page.keyboard.press("End");
      await shows(page, entries);
    }
    await expect
      .poll(
        async () => {
          await page.keyboard.press("PageUp");
          return place(page);
        },
        { interval: 300 },
      )
      .toBe("1 to 60 of 1000");
  });
});
