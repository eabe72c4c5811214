/** The counter in a browser: clicks, and a way back. */
import { describeBrowser } from "@overwire/test-support/chromium";
import { expect, test } from "vitest";
import { joined, openGallery, text } from "../shared/browser-harness.ts";

describeBrowser("the counter", (browser) => {
  const { visit } = openGallery(browser);

  test("counts", async () => {
    const page = await visit("/counter");
    await page.getByRole("button", { name: "Add one" }).click();
    await page.getByRole("button", { name: "+10" }).click();
    await expect.poll(() => text(page, "output")).toBe("11");

    // While a click waits for its answer its button takes no other.
    await page.getByRole("button", { name: "Add one" }).dblclick();
    await expect.poll(async () => Number(await text(page, "output"))).toBeGreaterThanOrEqual(12);

    await page.getByRole("button", { name: "Reset" }).click();
    await expect.poll(() => text(page, "output")).toBe("0");
    expect(await page.getByRole("button", { name: "Reset" }).isDisabled()).toBe(true);
  });

  test("counts again after a way back", async () => {
    const page = await visit("/counter");
    await page.getByRole("button", { name: "+10" }).click();
    await page.getByRole("button", { name: "Examples" }).click();
    await page.getByRole("link", { name: "Todo" }).click();
    await page.waitForURL("**/todo");
    await joined(page);
    await page.goBack();
    await joined(page);
    const before = Number(await text(page, "output"));
    await page.getByRole("button", { name: "Add one" }).click();
    await expect.poll(() => text(page, "output")).toBe(String(before + 1));
  });
});
