/** Signing up in a real browser: by keyboard alone, to and fro, and through a lost connection. */
import { describeBrowser } from "@overwire/test-support/chromium";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { joined, openGallery, text } from "../shared/browser-harness.ts";

/** The name, or what can be read, of what has the keyboard. */
const at = (page: Page) =>
  page.evaluate(() => {
    const active = document.activeElement as HTMLInputElement;
    return active.labels?.[0]?.textContent?.trim() || active.ariaLabel || active.textContent?.trim() || "";
  });

const type = async (page: Page, ...texts: string[]) => {
  for (const [index, text] of texts.entries()) {
    if (index > 0) await page.keyboard.press("Tab");
    await page.keyboard.type(text);
  }
};

const tabTo = async (page: Page, name: string) => {
  for (let count = 0; count < 30 && (await at(page)) !== name; count++) await page.keyboard.press("Tab");
  expect(await at(page)).toBe(name);
};

const names = (page: Page) =>
  page
    .locator("#team input[name$='[name]']")
    .evaluateAll((all) => all.map((each) => (each as HTMLInputElement).value));

const alerts = (page: Page) => page.getByRole("alert").allTextContents();

describeBrowser("signing up", (browser) => {
  const gallery = openGallery(browser);
  const { visit } = gallery;

  test("works by keyboard alone", async () => {
    const page = await visit("/signup");
    await page.locator("#you [name=name]").focus();
    await page.keyboard.press("Enter");
    // Led to what is wrong first.
    await expect.poll(() => page.getByRole("alert").count()).toBe(3);
    await expect.poll(() => at(page)).toBe("Name");
    await type(page, "Ada", "ada@example.com", "a long secret");
    await page.keyboard.press("Enter");
    await expect.poll(() => alerts(page)).toEqual([expect.stringContaining("Somebody has an account")]);
    await expect.poll(() => at(page)).toMatch(/^Email/);
    await type(page, "ada@keyboard.example");
    await page.keyboard.press("Enter");

    await expect.poll(() => at(page)).toBe("Your team");
    await expect.poll(() => new URL(page.url()).search).toBe("?step=team");
    await page.keyboard.press("Tab");
    await type(page, "Ann");
    await tabTo(page, "Add a person");
    await page.keyboard.press("Enter");
    await expect.poll(() => at(page)).toBe("Name");
    await type(page, "Bob", "Guest");
    await tabTo(page, "Move person 2 up");
    await page.keyboard.press("Enter");
    await expect.poll(() => names(page)).toEqual(["Bob", "Ann"]);
    // The button has moved with its row, and the keyboard with it.
    await expect.poll(() => at(page)).toBe("Move person 1 up");
    await tabTo(page, "Add a person");
    await page.keyboard.press("Space");
    await expect.poll(() => at(page)).toBe("Name");
    await tabTo(page, "Remove person 3");
    await page.keyboard.press("Enter");
    await expect.poll(() => names(page)).toEqual(["Bob", "Ann"]);
    await expect.poll(() => at(page)).toBe("Add a person");
    await tabTo(page, "Continue");
    await page.keyboard.press("Enter");

    await expect.poll(() => at(page)).toBe("Review");
    expect(await page.locator("#review ol li").allTextContents()).toEqual(["Bob Guest", "Ann Editor"]);
    await tabTo(page, "Create account");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/signup/welcome");
    await expect.poll(() => text(page, "[role=status]")).toContain("Welcome, Ada.");
  });

  test("back and forward go through the steps, and keep what was typed", async () => {
    const page = await visit("/signup");
    await page.locator("#you [name=name]").focus();
    await type(page, "Ada", "ada@history.example", "a long secret");
    await page.keyboard.press("Enter");
    await page.locator("#team h2").waitFor();
    await page.locator("#team input[name$='[name]']").fill("Ann");
    await page.goBack();
    await page.locator("#you h2").waitFor();
    expect(await page.locator("#you [name=email]").inputValue()).toBe("ada@history.example");
    expect(await page.locator("#you [name=password]").inputValue()).toBe("a long secret");
    await expect.poll(() => at(page)).toBe("You");
    await page.goForward();
    await page.locator("#team h2").waitFor();
    expect(await names(page)).toEqual(["Ann"]);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.locator("#review h2").waitFor();
    await page.getByRole("link", { name: "Change You", exact: true }).click();
    await page.locator("#you h2").waitFor();
    expect(await alerts(page)).toEqual([]);
  });

  test("a connection that is lost in the middle loses nothing", async () => {
    gallery.expected = /WebSocket connection|ERR_CONNECTION_REFUSED/;
    const page = await visit("/signup");
    await page.locator("#you [name=name]").focus();
    await type(page, "Ada", "ada@lost.example", "a long secret");
    await page.keyboard.press("Enter");
    await page.locator("#team h2").waitFor();
    await page.locator("#team input[name$='[name]']").fill("Ann");
    await page.getByRole("button", { name: "Add a person" }).click();
    await expect.poll(() => names(page)).toHaveLength(2);
    await expect.poll(() => at(page)).toBe("Name");
    await page.keyboard.type("Bo");

    await gallery.stop();
    await page.locator("[data-ow-view]:not(.phx-connected)").waitFor();
    await page.keyboard.type("b and more");
    await gallery.restart();
    await joined(page);
    expect(await names(page)).toEqual(["Ann", "Bob and more"]);
    expect(await at(page)).toBe("Name");
    await page.keyboard.press("Enter");

    await page.locator("#review h2").waitFor();
    expect(await page.locator("#review ol li").allTextContents()).toEqual([
      "Ann Editor",
      "Bob and more Editor",
    ]);
    expect(await page.locator(".missing").count()).toBe(0);
    await page.getByRole("button", { name: "Create account" }).click();
    await page.waitForURL("**/signup/welcome");
  });

  test("fits a phone in each step", async () => {
    const page = await visit("/signup", { viewport: { width: 390, height: 800 } });
    for (const step of ["You", "Your team", "Review"]) {
      await page
        .getByRole("navigation", { name: "Steps" })
        .getByRole("link", { name: step, exact: true })
        .click();
      await page.getByRole("heading", { name: step, exact: true, level: 2 }).waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide).toBeLessThanOrEqual(390);
    }
  });
});
