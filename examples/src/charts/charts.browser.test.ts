/** The chart in a real browser: a third-party library, under the strict policy. */
import { describeBrowser } from "@overwire/test-support/chromium";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { joined, openGallery, text } from "../shared/browser-harness.ts";

/** Pixels of the line, in the colour that the page gives it. */
const inked = (page: Page) =>
  page.locator("#chart canvas").evaluate((canvas: HTMLCanvasElement) => {
    // A copy, as reading would make the browser draw the chart itself in another way.
    const { width, height } = canvas;
    const copy = Object.assign(document.createElement("canvas"), { width, height });
    const context = copy.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    let count = 0;
    // Saturated: grid and texts are grey.
    for (let at = 0; at < data.length; at += 4)
      if ((data[at + 3] ?? 0) > 200 && (data[at + 2] ?? 0) - (data[at + 1] ?? 0) > 60) count++;
    return count;
  });

const drawn = (page: Page) => expect.poll(() => inked(page)).toBeGreaterThan(500);

/** Clicks into the chart. @param across from 0, left, to 1 */
const click = async (page: Page, across: number) => {
  const box = await page.locator("#chart .u-over").boundingBox();
  if (!box) throw new Error("There is no chart.");
  await page.mouse.click(box.x + box.width * across, box.y + box.height / 2);
};

const marks = (page: Page) => page.locator(".marks li").count();

describeBrowser("the chart", (browser) => {
  const gallery = openGallery(browser);
  const { visit, newContext } = gallery;

  test("draws what the server sends, and a click comes back as an event", async () => {
    const page = await visit("/charts");
    await drawn(page);
    await click(page, 0.3);
    await expect.poll(() => marks(page)).toBe(1);
    await click(page, 0.6);
    await expect.poll(() => marks(page)).toBe(2);
    await page.getByRole("button", { name: "Mark the latest" }).press("Enter");
    await expect.poll(() => marks(page)).toBe(3);
    await page
      .getByRole("button", { name: /Remove the mark/ })
      .first()
      .click();
    await expect.poll(() => marks(page)).toBe(2);
  });

  test("moves on with each point, and stops when it is paused", async () => {
    const page = await visit("/charts");
    await drawn(page);
    const last = () =>
      page.evaluate(() => (document.querySelector("#chart canvas") as HTMLCanvasElement).toDataURL());
    const before = await last();
    await expect.poll(last).not.toBe(before);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Go on" }).waitFor();
    expect(await text(page, ".chart p")).toMatch(/^\d+ requests a second$/);
  });

  test("outlives a lost connection, and is complete again", async () => {
    gallery.expected = /WebSocket connection|ERR_CONNECTION_REFUSED/;
    const page = await visit("/charts");
    await drawn(page);
    const canvas = await page.locator("#chart canvas").elementHandle();
    await gallery.stop();
    await page.locator("[data-ow-view]:not(.phx-connected)").waitFor();
    await gallery.restart();
    await joined(page);
    expect(await canvas?.evaluate((element) => element.isConnected)).toBe(true);
    await drawn(page);
    await click(page, 0.5);
    await expect.poll(() => marks(page)).toBe(1);
  });

  test("ends with its element, and begins anew with another", async () => {
    const context = await newContext();
    await context.addInitScript(() => {
      window.changes = [];
      let uPlot: new (...args: unknown[]) => { hooks: Record<string, (() => void)[]> };
      Object.defineProperty(window, "uPlot", {
        set: (library) => {
          uPlot = library;
        },
        get: () =>
          class extends uPlot {
            constructor(...args: unknown[]) {
              super(...args);
              this.hooks["destroy"] = [() => window.changes.push("destroyed")];
              window.changes.push("made");
            }
          },
      });
    });
    const page = await context.newPage();
    await page.goto("/charts");
    await drawn(page);
    await page.getByRole("button", { name: "Show as a table" }).click();
    await page.locator(".points tbody tr").first().waitFor();
    await expect.poll(() => page.locator(".uplot").count()).toBe(0);
    await expect.poll(() => page.evaluate(() => window.changes)).toEqual(["made", "destroyed"]);

    await page.getByRole("button", { name: "Show as a chart" }).click();
    await drawn(page);
    // To another view of the live session, over the same socket.
    await page.evaluate(() => {
      const link = document.createElement("a");
      link.href = "/counter";
      link.dataset["owLink"] = "navigate";
      link.textContent = "Leave";
      document.querySelector(".chart .row")?.append(link);
    });
    await page.getByRole("link", { name: "Leave" }).click();
    await page.getByRole("button", { name: "Add one" }).waitFor();
    await expect
      .poll(() => page.evaluate(() => window.changes))
      .toEqual(["made", "destroyed", "made", "destroyed"]);
  });

  test("fits its page, also when that becomes narrow or dark", async () => {
    const page = await visit("/charts");
    await drawn(page);
    await page.setViewportSize({ width: 390, height: 800 });
    await expect
      .poll(() =>
        page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth),
      )
      .toBe(true);
    const width = () =>
      page.locator("#chart canvas").evaluate((canvas) => canvas.getBoundingClientRect().width);
    await expect.poll(width).toBeLessThan(360);
    const light = await page.locator("#chart").screenshot();
    await page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(async () => (await page.locator("#chart").screenshot()).equals(light)).toBe(false);
    await drawn(page);
  });
});
