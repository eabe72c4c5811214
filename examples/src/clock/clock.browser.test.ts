/** The clock in a browser: it ticks, and leaves the keyboard alone. */
import { describeBrowser } from "@overwire/test-support/chromium";
import { expect, test } from "vitest";
import { openGallery, text } from "../shared/browser-harness.ts";

describeBrowser("the clock", (browser) => {
  const { visit } = openGallery(browser);

  test("ticks, in SVG", async () => {
    const page = await visit("/clock");
    const seen = new Set<string | null>();
    await expect.poll(async () => seen.add(await text(page, ".time time")).size).toBeGreaterThanOrEqual(3);
    const hand = await page.locator(".seconds").evaluate((line) => [line.namespaceURI, line.localName]);
    expect(hand).toEqual(["http://www.w3.org/2000/svg", "line"]);

    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Go on" }).waitFor();
    const shown = await page.locator(".seconds").getAttribute("transform");
    expect(shown).toBe(`rotate(${Number((await text(page, ".time time"))?.slice(-2)) * 6})`);
  });

  test("keeps the focus while the clock ticks", async () => {
    const page = await visit("/clock");
    const button = page.getByRole("button", { name: "Pause" });
    await button.focus();
    const before = await text(page, ".time time");
    await expect.poll(() => text(page, ".time time")).not.toBe(before);
    expect(await button.evaluate((element) => document.activeElement === element)).toBe(true);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Go on" }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Go on");
  });
});
