/** The music in a real browser: it goes on while the user moves between views. */

import { describeBrowser } from "@overwire/test-support/chromium";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { joined, openGallery, text } from "../shared/browser-harness.ts";

const audio = (page: Page) =>
  page.locator("#audio").evaluate((audio: HTMLAudioElement) => ({
    time: audio.currentTime,
    paused: audio.paused,
    same: audio === (window as { audio?: Element }).audio,
  }));

/** Remembers the element, and what interrupts it from now on. */
const watch = (page: Page) =>
  page.locator("#audio").evaluate((audio: HTMLAudioElement) => {
    (window as { audio?: Element }).audio = audio;
    window.changes = [];
    for (const type of ["pause", "emptied", "abort", "error", "loadstart"])
      audio.addEventListener(type, () => window.changes.push(type));
  });

const plays = async (page: Page) => {
  const { time } = await audio(page);
  // A short track begins anew now and then.
  await expect.poll(async () => (await audio(page)).time).not.toBe(time);
  expect(await audio(page)).toMatchObject({ paused: false, same: true });
};

describeBrowser("the music", (browser) => {
  const { visit } = openGallery(browser);

  test("goes on from tab to tab, and back, in the same element", async () => {
    const page = await visit("/music");
    await page.getByRole("button", { name: "Play Evening" }).click();
    await expect.poll(async () => (await audio(page)).time).toBeGreaterThan(0.1);
    await watch(page);

    for (const [name, path] of [
      ["Albums", "/music/albums"],
      ["About", "/music/about"],
      ["Tracks", "/music"],
    ] as const) {
      await page.getByRole("link", { name, exact: true }).click();
      await page.waitForURL(`**${path}`);
      await page.locator(".music h2", { hasText: name === "Albums" ? "Hours" : name }).waitFor();
      expect(await text(page, ".tabs [aria-current=page]")).toBe(name);
      await plays(page);
      expect(await text(page, ".played")).toBe("1 played");
    }
    await page.goBack();
    await page.locator(".music h2", { hasText: "About" }).waitFor();
    await plays(page);
    await page.goForward();
    await page.locator(".music h2", { hasText: "Tracks" }).waitFor();
    await plays(page);
    expect(await page.title()).toBe("Music · Overwire");
    expect(await page.evaluate(() => window.changes)).toEqual([]);
  });

  test("another track plays in the same element, from any tab, until it is stopped", async () => {
    const page = await visit("/music");
    await page.getByRole("button", { name: "Play Evening" }).click();
    await expect.poll(async () => (await audio(page)).time).toBeGreaterThan(0);
    await watch(page);
    await page.getByRole("link", { name: "Albums" }).click();
    await page.getByRole("button", { name: "Play Landing" }).click();
    await page.locator("#audio[src$='4.wav']").waitFor();
    await plays(page);
    await expect.poll(() => text(page, ".played")).toBe("2 played");
    await page.getByRole("button", { name: "Stop" }).click();
    await expect.poll(() => page.locator("#audio").count()).toBe(0);
  });

  test("is a page of its own wherever one begins", async () => {
    const page = await visit("/music/albums");
    expect(await text(page, ".tabs [aria-current=page]")).toBe("Albums");
    await page.getByRole("link", { name: "Tracks", exact: true }).press("Enter");
    await page.waitForURL("**/music");
    await page.getByRole("button", { name: "Play Steps" }).press("Enter");
    await page.locator(".player strong", { hasText: "Steps" }).waitFor();
    await page.reload();
    await joined(page);
    expect(await text(page, ".player [role=status]")).toContain("Nothing plays");
  });
});
