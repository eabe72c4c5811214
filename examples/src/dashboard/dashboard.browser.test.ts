/** The dashboard in a browser: its look while it loads, and a focus that stays. */

import { describeBrowser } from "@overwire/test-support/chromium";
import type { Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openGallery, text } from "../shared/browser-harness.ts";
import { network } from "./dashboard-sources.ts";

describeBrowser("the dashboard", (browser) => {
  const { visit } = openGallery(browser);
  const slow = network.travel;
  /** Lets what is under way to a source arrive. */
  let arrive: (id: string) => void;
  /** Of what was asked for last, by source. */
  let signals: Map<string, AbortSignal>;

  beforeEach(() => {
    const waiting = new Map<string, () => void>();
    signals = new Map();
    network.travel = ({ id }, signal) => {
      signals.set(id, signal);
      return new Promise((resolve) => waiting.set(id, resolve));
    };
    arrive = (id) => waiting.get(id)?.();
  });

  afterEach(() => {
    network.travel = slow;
  });

  const panel = (page: Page, title: string) => page.getByRole("region", { name: title, exact: true });
  const idle = (page: Page, title: string) =>
    page.locator(".panel[aria-busy=false]", { hasText: title }).waitFor();
  const button = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));

  test("panels come one by one, and nothing moves when they do", async () => {
    const page = await visit("/dashboard");
    await expect.poll(() => signals.size).toBe(4);
    expect(await page.locator(".skeleton").count()).toBe(4);
    const places = () =>
      page
        .locator(".panel")
        .evaluateAll((all) => all.map((el) => Object.values(el.getBoundingClientRect().toJSON())));
    const before = await places();
    for (const [at, id] of ["orders", "revenue", "visitors"].entries()) {
      arrive(id);
      await expect.poll(() => page.locator(".skeleton").count()).toBe(3 - at);
    }
    expect(await places()).toEqual(before);
    expect(await panel(page, "Revenue").locator("path").count()).toBe(1);
  });

  test("the focus stays on the button of another try", async () => {
    const page = await visit("/dashboard");
    await expect.poll(() => signals.size).toBe(4);
    arrive("returns");
    await page.getByRole("alert").waitFor();
    await page.getByRole("button", { name: "Try again: Returns" }).focus();
    await page.keyboard.press("Enter");
    await panel(page, "Returns").locator(".skeleton").waitFor();
    expect(await button(page)).toBe("Refresh: Returns");
    arrive("returns");
    await panel(page, "Returns").locator(".total").waitFor();
    expect(await button(page)).toBe("Refresh: Returns");
    expect(await page.getByRole("alert").count()).toBe(0);
  });

  test("old figures stay, paler, while new ones are on their way", async () => {
    const page = await visit("/dashboard");
    await expect.poll(() => signals.size).toBe(4);
    arrive("visitors");
    await idle(page, "Visitors");
    const total = panel(page, "Visitors").locator(".total");
    const week = await total.textContent();
    const color = () => total.evaluate((element) => getComputedStyle(element).color);
    const fresh = await color();
    const pale = await panel(page, "Visitors")
      .locator(".as-of")
      .evaluate((element) => getComputedStyle(element).color);
    expect(pale).not.toBe(fresh);
    await page.getByRole("button", { name: "month" }).click();
    await expect.poll(color).toBe(pale);
    expect(await total.textContent()).toBe(week);
    arrive("visitors");
    await expect.poll(color).toBe(fresh);
    expect(await total.textContent()).not.toBe(week);
    expect(await text(page, ".segments [aria-pressed=true]")).toBe("month");
  });

  test("nothing is loaded for a tab that is closed", async () => {
    const page = await visit("/dashboard");
    await expect.poll(() => signals.size).toBe(4);
    await page.close();
    await expect.poll(() => [...signals.values()].every(({ aborted }) => aborted)).toBe(true);
  });
});
