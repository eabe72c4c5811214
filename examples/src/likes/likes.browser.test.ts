/** Likes on a slow way to the store: what shows before the answer, and what is left when it is no. */

import { describeBrowser } from "@overwire/test-support/chromium";
import type { Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openGallery, text } from "../shared/browser-harness.ts";
import { network } from "./likes-store.ts";

describeBrowser("likes", (browser) => {
  const { visit } = openGallery(browser);
  const slow = network.travel;
  /** Lets the first of those that are on the way to the store arrive. */
  let arrive: () => void;

  beforeEach(() => {
    const waiting: (() => void)[] = [];
    network.travel = () => new Promise((resolve) => waiting.push(resolve));
    arrive = () => waiting.shift()?.();
  });

  afterEach(() => {
    network.travel = slow;
  });

  const heart = (page: Page, id: number) => page.locator(`#like-${id}`);
  const likes = async (page: Page, id: number) =>
    Number.parseInt((await text(page, `.photo:nth-child(${id}) output`)) ?? "", 10);
  const full = (page: Page, id: number) =>
    heart(page, id).evaluate((el) => [el.classList.contains("liked"), el.getAttribute("aria-pressed")]);
  const saving = (page: Page, id: number) => page.locator(`.photo:nth-child(${id})`, { hasText: "Saving…" });

  test("hearts show at once, those behind a slow one too", async () => {
    const page = await visit("/likes");
    const before = [await likes(page, 1), await likes(page, 2)];
    await heart(page, 1).click();
    await saving(page, 1).waitFor();
    expect(await full(page, 1)).toEqual([true, "true"]);
    expect(await likes(page, 1)).toBe((before[0] as number) + 1);

    // The server is busy with the first; the page does not wait for it.
    await heart(page, 2).click();
    expect(await full(page, 2)).toEqual([true, "true"]);
    expect(await likes(page, 2)).toBe(before[1]);

    arrive();
    await saving(page, 2).waitFor();
    expect(await full(page, 1)).toEqual([true, "true"]);
    expect(await likes(page, 2)).toBe((before[1] as number) + 1);
    arrive();
    await saving(page, 2).waitFor({ state: "detached" });
    expect(await full(page, 2)).toEqual([true, "true"]);
    expect(await heart(page, 2).evaluate((el) => document.activeElement === el)).toBe(true);
  });

  test("a like that could not be saved is taken back before everybody's eyes", async () => {
    const page = await visit("/likes");
    const before = await likes(page, 3);
    await page.getByRole("checkbox", { name: "The next save fails" }).check();
    await heart(page, 3).click();
    await saving(page, 3).waitFor();
    expect(await full(page, 3)).toEqual([true, "true"]);
    expect(await likes(page, 3)).toBe(before + 1);
    expect(await page.getByRole("alert").count()).toBe(0);

    arrive();
    await page.getByRole("alert").waitFor();
    expect(await full(page, 3)).toEqual([false, "false"]);
    expect(await likes(page, 3)).toBe(before);
    expect(await page.getByRole("checkbox").isChecked()).toBe(false);

    await page.getByRole("button", { name: "Close this message" }).click();
    await page.getByRole("alert").waitFor({ state: "detached" });
  });

  test("a like that is not saved any more takes its heart back, and the failure puts it there again", async () => {
    const page = await visit("/likes");
    await heart(page, 1).click();
    await saving(page, 1).waitFor();
    arrive();
    await saving(page, 1).waitFor({ state: "detached" });
    await page.getByRole("checkbox").check();
    await heart(page, 1).click();
    await saving(page, 1).waitFor();
    expect(await full(page, 1)).toEqual([false, "false"]);
    arrive();
    await page.getByRole("alert").waitFor();
    expect(await full(page, 1)).toEqual([true, "true"]);
  });

  test("hasty clicks on one heart are one like", async () => {
    const page = await visit("/likes");
    const before = await likes(page, 2);
    await heart(page, 2).dblclick();
    await saving(page, 2).waitFor();
    arrive();
    await saving(page, 2).waitFor({ state: "detached" });
    expect(await full(page, 2)).toEqual([true, "true"]);
    expect(await likes(page, 2)).toBe(before + 1);
  });
});
