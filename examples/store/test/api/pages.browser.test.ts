import { serve } from "@overwire/server/node";
import { expectAccessible } from "@overwire/test-support/axe";
import { describeBrowser, idle } from "@overwire/test-support/chromium";
import { expect, onTestFinished, test } from "vitest";
import { users } from "../support/factories.ts";
import { sessionOf } from "../support/login.ts";
import { testStore } from "../support/test-store.ts";

describeBrowser("pages about the API, in Chromium", (browser) => {
  async function open() {
    const shop = testStore();
    const ada = await users(shop.repo).insert();
    const session = await sessionOf(shop.store, ada);
    shop.app.get("/test/log-in", async (c) => {
      await shop.app.setSession(c, session);
      return c.redirect("/account/tokens");
    });
    const server = await serve(shop.app, { port: 0, log: false, handleSignals: false }).ready;
    onTestFinished(() => server.close());
    const context = await browser().newContext({ permissions: ["clipboard-read", "clipboard-write"] });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", ({ message }) => complaints.push(message));
    return { ...shop, page, url: `http://localhost:${server.port}`, complaints };
  }

  test("a user creates a token, copies it, and revokes it by the keyboard, under the strict policy", async () => {
    const { store, page, url, complaints } = await open();
    await page.goto(`${url}/test/log-in`);
    await idle(page);
    await page.getByLabel("Name of a new token").fill("Stock keeper");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Copy" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    const token = await page.evaluate(() => navigator.clipboard.readText());
    expect(await store.apiTokens.verify(token)).toMatchObject({ user: { name: "Ada Lovelace" } });
    await expectAccessible(page);

    await page.getByRole("button", { name: "Revoke Stock keeper" }).press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).press("Enter");
    await page.getByText("You have no tokens.").waitFor();
    expect(await store.apiTokens.verify(token)).toBeUndefined();
    expect(complaints).toEqual([]);
  });

  test("the page of the API is one for all users, in light, dark and on a phone", async () => {
    const { page, url, complaints } = await open();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.goto(`${url}/api`);
      await expectAccessible(page);
    }
    await page.setViewportSize({ width: 390, height: 800 });
    const [width, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(width).toBeLessThanOrEqual(inner ?? 0);
    await page.getByRole("link", { name: "/orders/{number}" }).click();
    expect(await page.getByRole("heading", { name: "Read an order" }).isVisible()).toBe(true);
    expect(complaints).toEqual([]);
  });
});
