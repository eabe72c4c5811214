/** The form that adds to the cart, on a slow network: what shows before the answer, and what is left when the piece is gone. */
import { type Served, serve } from "@overwire/server/node";
import { describeBrowser, idle } from "@overwire/test-support/chromium";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Product } from "../../src/database/schema.ts";
import { BADGE } from "../../src/web/cart/badge.ts";
import { products } from "../support/factories.ts";
import { setStock } from "../support/stock.ts";
import { testStore } from "../support/test-store.ts";

declare global {
  interface Window {
    /** Numbers that the badge has shown, one after the other. */
    shown: string[];
  }
}

describeBrowser("adding to the cart on a slow network", (browser) => {
  const { app, store, repo } = testStore();
  let served: Served;
  beforeAll(async () => {
    served = await serve(app, { port: 0, log: false, handleSignals: false }).ready;
  });
  afterAll(() => served.close());

  /** Opens the page of a product. Its messages wait from `hold` to `release`. */
  async function open(product: Product) {
    const page = await browser().newPage();
    let isHeld = false;
    const waiting: (() => void)[] = [];
    await page.routeWebSocket(/./, (socket) => {
      const server = socket.connectToServer();
      socket.onMessage((message) => {
        if (isHeld) waiting.push(() => server.send(message));
        else server.send(message);
      });
    });
    await page.goto(`${served.url}/products/${product.slug}`);
    await idle(page);
    await page.evaluate((selector) => {
      const badge = document.querySelector(selector) as Element;
      const look = () => badge.getAttribute("data-ahead") ?? badge.textContent ?? "";
      window.shown = [look()];
      new MutationObserver(() => {
        if (look() !== window.shown.at(-1)) window.shown.push(look());
      }).observe(badge, { subtree: true, childList: true, characterData: true, attributes: true });
    }, BADGE);
    return {
      page,
      hold: () => {
        isHeld = true;
      },
      release: () => {
        isHeld = false;
        for (const send of waiting.splice(0)) send();
      },
    };
  }

  const button = (page: Page) => page.locator(".add-to-cart button");
  /** Text of the button as the user sees it. */
  const label = (page: Page) =>
    page.locator(".add-to-cart .label").evaluate((label: HTMLElement) => {
      const ahead = getComputedStyle(label, "::after").content;
      return ahead.startsWith('"') ? JSON.parse(ahead) : label.textContent;
    });
  const shown = (page: Page) => page.evaluate(() => window.shown);

  test("button and badge show the piece at once, and never another number", async () => {
    const { page, hold, release } = await open(await products(repo).insert({ name: "Cup" }));
    hold();
    await button(page).click();
    expect(await label(page)).toBe("Add another · 1 in your cart");
    expect(await shown(page)).toEqual(["0", "1"]);
    release();
    await page.locator(".label span", { hasText: "1 in your cart" }).waitFor();
    await idle(page);
    expect(await label(page)).toBe("Add another · 1 in your cart");
    expect(await page.locator("[data-ahead]").count()).toBe(0);
    expect(await shown(page)).toEqual(["0", "1"]);
    await page.close();
  });

  test("a piece that is gone is taken back before the user's eyes, with the reason", async () => {
    const product = await products(repo).insert({ name: "Bowl", stock: 1 });
    const { page, hold, release } = await open(product);
    hold();
    await button(page).click();
    expect(await label(page)).toBe("Add another · 1 in your cart");
    await setStock(store, product.id, 0);
    release();
    await page.getByRole("alert").waitFor();
    await idle(page);
    expect(await page.getByRole("alert").textContent()).toBe("Bowl is sold out.");
    expect(await label(page)).toBe("Sold out");
    expect(await shown(page)).toEqual(["0", "1", "0"]);
    await page.close();
  });

  test("a number is typed and sent by Enter; until the server knows it, no sum with another one shows", async () => {
    const { page, hold, release } = await open(await products(repo).insert({ name: "Jug" }));
    const badge = () =>
      page.locator(BADGE).evaluate((count) => JSON.parse(getComputedStyle(count, "::after").content));
    hold();
    await page.getByLabel("Quantity").fill("3");
    await page.keyboard.press("Enter");
    expect(await label(page)).toBe("Adding…");
    expect(await badge()).toBe("…");
    release();
    await page.locator(".label span", { hasText: "3 in your cart" }).waitFor();
    await idle(page);
    expect(await page.locator("[data-ahead], [data-unsure]").count()).toBe(0);
    // The server knows the number by now.
    hold();
    await page.getByLabel("Quantity").press("Enter");
    expect(await label(page)).toBe("Add another · 6 in your cart");
    release();
    await page.locator(".label span", { hasText: "6 in your cart" }).waitFor();
    await page.close();
  });
});
