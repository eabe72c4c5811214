/** A table whose state is the URL, in a browser: its buttons, its history, its address bar. */

import { describeBrowser } from "@overwire/test-support/chromium";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { field, joined, openGallery, text } from "../shared/browser-harness.ts";

describeBrowser("orders", (browser) => {
  const { visit } = openGallery(browser);

  const search = (page: Page) => new URL(page.url()).search;
  const current = (page: Page) => text(page, ".pages [aria-current=page]");
  const rows = (page: Page) => page.locator("td.number").allTextContents();
  /** The page is the one that was loaded: nothing has loaded another. */
  const mark = (page: Page) => page.evaluate(() => void (window.changes = []));
  const isMarked = (page: Page) => page.evaluate(() => window.changes !== undefined);

  test("back and forward go through what was looked at, without loading anything", async () => {
    const page = await visit("/orders");
    await mark(page);
    const first = await rows(page);
    await page.getByRole("link", { name: "customer" }).click();
    await page.locator("th.customer[aria-sort=ascending]").waitFor();
    await expect.poll(() => search(page)).toBe("?sort=customer&order=ascending");
    const sorted = await rows(page);
    await page.getByRole("link", { name: "Page 2", exact: true }).click();
    await expect.poll(() => current(page)).toBe("2");
    const second = await rows(page);

    await page.goBack();
    await expect.poll(() => current(page)).toBe("1");
    expect(await rows(page)).toEqual(sorted);
    await page.goBack();
    await page.locator("th.placed[aria-sort=descending]").waitFor();
    expect(await rows(page)).toEqual(first);
    await expect.poll(() => search(page)).toBe("");
    await page.goForward();
    await page.locator("th.customer[aria-sort=ascending]").waitFor();
    await page.goForward();
    await expect.poll(() => rows(page)).toEqual(second);
    expect(await isMarked(page)).toBe(true);
  });

  test("typing into the filter is one step of the history", async () => {
    const page = await visit("/orders?sort=total");
    const box = page.getByRole("searchbox");
    await page.getByRole("link", { name: "Page 2", exact: true }).click();
    await expect.poll(() => current(page)).toBe("2");
    await box.pressSequentially("books", { delay: 60 });
    await expect.poll(() => search(page)).toBe("?q=books&sort=total");
    await expect.poll(() => text(page, "form output")).not.toBe("236 orders");
    expect(await field(page, "[name=q]")).toEqual({ value: "books", start: 5, end: 5, focused: true });
    await page.getByRole("combobox").selectOption("paid");
    await expect.poll(() => search(page)).toBe("?q=books&status=paid&sort=total");

    // The form follows, also if it has the focus.
    await box.focus();
    await page.goBack();
    await expect.poll(() => text(page, "form output")).toBe("236 orders");
    await expect.poll(() => search(page)).toBe("?sort=total");
    await expect.poll(() => page.getByRole("combobox").inputValue()).toBe("all");
    await expect.poll(() => box.inputValue()).toBe("");
    await page.goForward();
    await expect.poll(() => box.inputValue()).toBe("books");
    await expect.poll(() => page.getByRole("combobox").inputValue()).toBe("paid");
  });

  test("a reload and a bookmark show what was shown", async () => {
    const page = await visit("/orders");
    await page.getByRole("searchbox").fill("kettle");
    await expect.poll(() => search(page)).toBe("?q=kettle");
    await page.getByRole("link", { name: "total" }).click();
    await page.locator("th.total[aria-sort=ascending]").waitFor();
    await page.getByRole("link", { name: "Next" }).click();
    await expect.poll(() => current(page)).toBe("2");
    const shown = await rows(page);

    await page.reload();
    await joined(page);
    expect(await rows(page)).toEqual(shown);
    expect(await page.getByRole("searchbox").inputValue()).toBe("kettle");

    const other = await visit(new URL(page.url()).pathname + search(page));
    expect(await rows(other)).toEqual(shown);
  });

  test("every link is one: it opens in a tab of its own, and works by the keyboard", async () => {
    const page = await visit("/orders");
    const link = page.getByRole("link", { name: "Page 2", exact: true });
    const [tab] = await Promise.all([
      page.context().waitForEvent("page"),
      link.click({ modifiers: ["ControlOrMeta"] }),
    ]);
    await joined(tab);
    expect(search(tab)).toBe("?page=2");
    expect(await current(page)).toBe("1");

    await link.focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => current(page)).toBe("2");
    // The link that was followed has the focus still, to go on from.
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label")))
      .toBe("Page 2");
  });
});
