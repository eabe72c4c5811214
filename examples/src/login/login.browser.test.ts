/** Logging in and out in a real browser: by keyboard, and in two tabs. */
import { describeBrowser } from "@overwire/test-support/chromium";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { joined, openGallery, text } from "../shared/browser-harness.ts";
import { demo } from "./members.ts";

const logIn = async (page: Page) => {
  await page.getByLabel("Email").fill(demo.email);
  await page.getByLabel("Password").fill(demo.password);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/login/account");
};

describeBrowser("logging in", (browser) => {
  const gallery = openGallery(browser);
  const { visit } = gallery;

  test("sets an HttpOnly cookie, which a reload finds", async () => {
    const page = await visit("/login");
    await logIn(page);
    await expect.poll(() => text(page, ".account h2")).toBe("Ada Lovelace");
    const session = (await page.context().cookies()).find(({ name }) => name === "ow_session");
    expect(session).toMatchObject({ httpOnly: true, sameSite: "Lax" });
    await page.reload();
    expect(await text(page, ".account h2")).toBe("Ada Lovelace");
  });

  test("with a wrong password says so, and leads the keyboard to it", async () => {
    const page = await visit("/login");
    await page.getByLabel("Email").fill(demo.email);
    await page.getByLabel("Password").fill("wrong");
    await page.keyboard.press("Enter");
    await expect.poll(() => text(page, "[role=alert]")).toContain("No account has");
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute("type")))
      .toBe("password");
  });

  test("ends in every tab with one log-out", async () => {
    const page = await visit("/login");
    await logIn(page);
    const opened = page.context().waitForEvent("page");
    await page.getByRole("link", { name: "Open another tab" }).click();
    const other = await opened;
    await joined(other);
    await expect.poll(() => text(page, ".open")).toContain("2 pages");
    await page.getByRole("button", { name: "Log out" }).click();
    await page.waitForURL("**/login");
    await expect.poll(() => text(page, "[role=status]")).toContain("logged out");
    await other.waitForURL("**/login");
    await joined(other);
  });
});
