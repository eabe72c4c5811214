/** Notifications in a real browser: two tabs of a user, the keyboard, and a bell that stays. */
import { describeBrowser } from "@overwire/test-support/chromium";
import type { Page } from "playwright-core";
import { beforeEach, expect, test } from "vitest";
import { joined, openGallery } from "../shared/browser-harness.ts";
import { inboxOf, markRead, sendNotice, users } from "./notices.ts";

describeBrowser("notifications", (browser) => {
  const { visit } = openGallery(browser);

  beforeEach(() => {
    for (const user of users)
      markRead(
        user,
        inboxOf(user).map(({ id }) => id),
      );
  });

  const unread = (page: Page, count: number) =>
    page.getByRole("link", { name: `Inbox, ${count} unread` }).waitFor();
  const toast = (page: Page, text: string) => page.locator(".toast", { hasText: text });

  test("goes from the desk to both tabs of a user; read in one is read in the other", async () => {
    const desk = await visit("/notifications/desk?as=Ann");
    const bob = await visit("/notifications?as=Bob");
    const [tab] = await Promise.all([
      bob.waitForEvent("popup"),
      bob.locator(".hint").getByRole("link", { name: "Bob" }).click(),
    ]);
    await joined(tab);
    await desk.locator("label", { hasText: "Bob online, 2 tabs" }).click();
    await desk.getByRole("textbox", { name: "Text" }).fill("Lunch?");
    await desk.keyboard.press("Enter");
    for (const page of [bob, tab]) {
      await toast(page, "Lunch?").waitFor();
      await unread(page, 1);
    }
    await unread(desk, 0);
    await desk.getByRole("status").filter({ hasText: "Sent to Bob" }).waitFor();
    expect(await desk.getByRole("radio", { name: "Bob" }).isChecked()).toBe(true);
    expect(await desk.getByRole("textbox", { name: "Text" }).inputValue()).toBe("");

    await bob.getByRole("button", { name: "Mark “Lunch?” as read" }).click();
    for (const page of [bob, tab]) {
      await unread(page, 0);
      await toast(page, "Lunch?").waitFor({ state: "detached" });
      await page.locator(".unread").waitFor({ state: "detached" });
    }
    await tab.close();
    await desk.locator("label", { hasText: /Bob\s+online\s*$/ }).waitFor();
  });

  test("the bell stays in its element while its user goes from page to page", async () => {
    const page = await visit("/notifications?as=Cleo");
    sendNotice("Cleo", "Stay");
    await toast(page, "Stay").waitFor();
    const handle = await toast(page, "Stay").elementHandle();
    await page.getByRole("link", { name: "Desk" }).click();
    await page.locator("#send").waitFor();
    expect(await handle?.evaluate((element) => element.isConnected)).toBe(true);
    await unread(page, 1);
    await page.goBack();
    await page.locator(".inbox").waitFor();
    expect(await handle?.evaluate((element) => element.isConnected)).toBe(true);
  });

  test("toasts are announced, and leave by the keyboard, which stays at the bell", async () => {
    const page = await visit("/notifications/desk?as=Dee");
    const live = page.locator("[aria-live=polite]");
    expect(await live.count()).toBe(1);
    sendNotice("Dee", "First");
    sendNotice("Dee", "Second");
    await live.locator("li", { hasText: "Second" }).waitFor();
    await page.getByRole("button", { name: "Dismiss “First”" }).focus();
    await page.keyboard.press("Enter");
    await toast(page, "First").waitFor({ state: "detached" });
    const atBell = () => page.evaluate(() => document.activeElement?.matches("#bell a"));
    expect(await atBell()).toBe(true);

    await page.getByRole("button", { name: "Dismiss “Second”" }).focus();
    await page.keyboard.press("Escape");
    await toast(page, "Second").waitFor({ state: "detached" });
    expect(await atBell()).toBe(true);
    await unread(page, 2);
  });
});
