import { serve } from "@overwire/server/node";
import { expectAccessible } from "@overwire/test-support/axe";
import { describeBrowser, idle } from "@overwire/test-support/chromium";
import { freePort } from "@overwire/test-support/free-port";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seed } from "../../src/database/seed.ts";
import { users } from "../support/factories.ts";
import { setStock } from "../support/stock.ts";
import { type TestStore, testStore } from "../support/test-store.ts";

describeBrowser("the shop, in Chromium", (browser) => {
  let at: TestStore;
  let url: string;
  let close: () => Promise<void>;
  const errors: string[] = [];

  beforeAll(async () => {
    const port = await freePort();
    url = `http://localhost:${port}`;
    at = testStore({ url });
    await seed(at.repo);
    const served = await serve(at.app, { port, log: false, handleSignals: false }).ready;
    close = () => served.close();
  });
  afterAll(() => close());

  /** A visitor's own browser. Errors of a strict policy are among those that a test sees. */
  async function open(path: string): Promise<Page> {
    const page = await browser().newPage();
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(`${url}${path}`);
    await idle(page);
    return page;
  }

  test("finds while a user types, and Back shows the page before the search, also in its field", async () => {
    const page = await open("/");
    await expectAccessible(page);
    await page.getByLabel("Search", { exact: true }).pressSequentially("teapot");
    await page.getByText("2 products for “teapot”").waitFor();
    expect(new URL(page.url()).search).toBe("?q=teapot");
    await page.goBack();
    await page.getByText("64 products").waitFor();
    expect(await page.getByLabel("Search", { exact: true }).inputValue()).toBe("");
    expect(errors).toEqual([]);
  });

  test("goes on as far as a user scrolls, from a filtered URL that stays as it is", async () => {
    const page = await open("/?sort=cheapest&stock=in");
    expect(await page.locator(".product").count()).toBe(24);
    await page.locator(".product").last().scrollIntoViewIfNeeded();
    await expect.poll(() => page.locator(".product").count()).toBeGreaterThan(24);
    expect(new URL(page.url()).search).toBe("?sort=cheapest&stock=in");
    await expectAccessible(page);
  });

  test("a product's page shows the last piece go, and the other who looks at it", async () => {
    const page = await open("/products/dipped-mug");
    await expectAccessible(page);
    const other = await browser().newContext();
    const second = await other.newPage();
    await second.goto(`${url}/products/dipped-mug`);
    await page.getByText("1 other is looking at this").waitFor();
    const product = await at.store.catalogue.bySlug("dipped-mug");
    await setStock(at.store, product?.id ?? 0, 0);
    await page.locator(".price .badge.bad").waitFor();
    await second.locator(".price .badge.bad").waitFor();
    await other.close();
    await page.getByText("1 other is looking at this").waitFor({ state: "detached" });
    expect(errors).toEqual([]);
  });

  test("on a phone the header fits, with a long name and a page that does not exist", async () => {
    const password = "correct horse battery";
    const { email } = await users(at.repo)
      .admin()
      .withPassword(password)
      .insert({ name: "Wilhelmina Featherstonehaugh" });
    const context = await browser().newContext({ viewport: { width: 390, height: 800 } });
    const page = await context.newPage();
    const expectToFit = async () => {
      await expectAccessible(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    };
    await page.goto(`${url}/login`);
    await idle(page);
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("link", { name: "Desk" }).waitFor();
    await expectToFit();
    await page.goto(`${url}/nothing`);
    await expectToFit();
    await page.getByRole("link", { name: "To the shop" }).click();
    await page.getByRole("link", { name: "Desk" }).waitFor();
    await context.close();
  });

  test("on a phone the filters open by their button", async () => {
    const context = await browser().newContext({ viewport: { width: 390, height: 800 } });
    const page = await context.newPage();
    await page.goto(url);
    await idle(page);
    const field = page.getByLabel("Search", { exact: true });
    expect(await field.isVisible()).toBe(false);
    await page.getByRole("button", { name: "Search and filter" }).click();
    await field.waitFor();
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await context.close();
  });

  test("an admin's short name is whole on a phone, beside a cart with pieces", async () => {
    const password = "correct horse battery";
    const grace = await users(at.repo).admin().withPassword(password).insert({ name: "Grace" });
    await at.store.carts.add({ userId: grace.id }, 1, 12);
    const page = await open("/login");
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByLabel("Email").fill(grace.email);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.locator("header .count", { hasText: "12" }).waitFor();
    const name = page.locator("header").getByText("Grace", { exact: true });
    expect(await name.evaluate((text) => text.scrollWidth - text.clientWidth)).toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
  });
});
