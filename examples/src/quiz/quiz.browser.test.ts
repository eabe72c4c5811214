/** The quiz in a browser: two tabs play short rounds, and the page counts the seconds by itself. */
import { describeBrowser } from "@overwire/test-support/chromium";
import type { Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openGallery } from "../shared/browser-harness.ts";
import { rules } from "./game.ts";

describeBrowser("the quiz", (browser) => {
  const { visit, newContext } = openGallery(browser);
  const usual = { ...rules };
  beforeEach(() => void Object.assign(rules, { rounds: 2, questionTime: 20_000, resultTime: 500 }));
  afterEach(() => void Object.assign(rules, usual));

  const join = async (page: Page, name: string) => {
    await page.getByRole("textbox", { name: "Your name" }).fill(name);
    await page.keyboard.press("Enter");
    await page.locator(".players li.me", { hasText: name }).waitFor();
  };
  const shows = (page: Page, text: string) => page.getByText(text, { exact: true }).waitFor();

  /** Time at which the countdown of a page ends, by the clock that all pages of the machine have. */
  const end = (page: Page) =>
    page.locator(".bar i").evaluate((bar) => {
      const [motion] = bar.getAnimations();
      const left = Number(motion?.effect?.getComputedTiming().duration) - Number(motion?.currentTime);
      return performance.timeOrigin + performance.now() + left;
    });

  test("a page that takes long to load counts the seconds that are left then", async () => {
    rules.questionTime = 120_000;
    const ann = await visit("/quiz?room=late");
    await join(ann, "Ann");
    await ann.getByRole("button", { name: "Start the game" }).click();
    await ann.locator(".countdown b").waitFor();

    const late = await (await newContext()).newPage();
    let load = () => {};
    const loaded = new Promise<void>((resolve) => (load = resolve));
    await late.route(/features/, async (route) => {
      await loaded;
      await route.continue();
    });
    await late.goto("/quiz?room=late");
    const shown = Number(await late.locator(".countdown b").textContent());
    // Its script comes when three seconds have gone by at another page.
    await expect
      .poll(async () => Number(await ann.locator(".countdown b").textContent()), { timeout: 10_000 })
      .toBeLessThan(shown - 2);
    load();
    await expect.poll(async () => (await end(late)) - (await end(ann))).toBeLessThan(1000);
  });

  test("two tabs play to the podium, and again", async () => {
    const [ann, bob] = [await visit("/quiz?room=browser"), await visit("/quiz?room=browser")];
    await join(ann, "Ann");
    await join(bob, "Bob");
    await ann.getByRole("button", { name: "Start the game" }).click();
    for (const round of [1, 2]) {
      for (const page of [ann, bob]) await shows(page, `Round ${round} of 2`);
      const number = bob.locator(".countdown b");
      const before = await number.textContent();
      await expect.poll(() => number.textContent()).not.toBe(before);
      for (const page of [ann, bob]) await page.locator(".choices button").first().click();
    }
    for (const page of [ann, bob]) await shows(page, "Game over");
    expect(await ann.locator(".podium li").count()).toBe(2);
    await bob.getByRole("button", { name: "Play again" }).click();
    for (const page of [ann, bob]) await shows(page, "Round 1 of 2");
  });
});
