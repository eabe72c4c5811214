/** The first journey, on a phone: a visitor finds a product, becomes a customer, orders and pays. */
import { describeBrowser } from "@overwire/test-support/chromium";
import { expect, test } from "vitest";
import { runningStores } from "../support/running-store.ts";
import { PHONE, walker } from "../support/walker.ts";

describeBrowser("a visitor with a phone", (browser) => {
  const start = runningStores();

  test("finds a cup, registers, enters a card, orders, pays, and sees the order paid", async () => {
    const store = await start();
    const { page, ...ada } = await walker(browser(), store.url, { viewport: PHONE, hasTouch: true });

    await ada.open("/");
    await ada.reach("Everything for the table");
    await page.getByRole("button", { name: "Search and filter" }).click();
    await page.getByLabel("Search", { exact: true }).fill("espresso");
    await page.getByText("for “espresso”").waitFor();
    await page.getByRole("link", { name: "Espresso cup with saucer" }).click();
    await ada.reach("Espresso cup with saucer");
    await page.getByRole("button", { name: "Add to cart" }).click();
    await page.locator(".label span", { hasText: "1 in your cart" }).waitFor();

    await page.getByRole("link", { name: "Log in" }).click();
    await ada.reach("Log in");
    await page.getByRole("link", { name: "Register" }).click();
    await ada.reach("Register");
    await page.getByLabel("Name").fill("Ada Lovelace");
    await page.getByLabel("Email").fill("ada@example.com");
    await page.getByLabel("Password").fill("a gentle analytical engine");
    await page.getByRole("button", { name: "Register" }).click();
    await ada.reach("Look into your mail");

    await ada.open(await store.link("ada@example.com", "Confirm your address"));
    await ada.reach("Welcome, Ada Lovelace");
    await page.getByLabel("Password").fill("a gentle analytical engine");
    await page.getByRole("button", { name: "Confirm and log in" }).click();

    await ada.reach("Nice to meet you");
    await page.getByRole("button", { name: "Go on" }).click();
    await ada.reach("Your address");
    await page.getByLabel("Street and number").fill("St. James's Square 12");
    await page.getByLabel("Postcode").fill("10969");
    await page.getByLabel("City").fill("Berlin");
    await page.getByLabel("Country").selectOption("Germany");
    await page.getByRole("button", { name: "Go on" }).click();
    await ada.reach("Means of payment");
    await page.getByRole("button", { name: "Enter a card" }).click();
    await ada.reachOther("Save a card");
    await page.getByRole("button", { name: "Save this card" }).click();
    await ada.reach("Means of payment");
    await page.getByText("Visa that ends with 4242").waitFor();
    await page.getByRole("link", { name: "Go on" }).click();
    await ada.reach("You are ready, Ada Lovelace");

    await page.getByRole("link", { name: /^Cart/ }).click();
    await ada.reach("Your cart");
    expect(await page.getByLabel("Pieces of Espresso cup with saucer").inputValue()).toBe("1");
    await page.getByRole("link", { name: "Check out" }).click();
    await ada.reach("Check out");
    expect(await page.getByLabel("Street and number").inputValue()).toBe("St. James's Square 12");
    await page.getByLabel("By card, on the page of our payment gateway").check();
    await page.getByRole("button", { name: "Order and pay" }).click();
    await ada.reachOther("Pay €16.50");

    // A tab beside the gateway's page follows the order.
    const tab = await ada.tab("/orders");
    await ada.reach("Your orders", tab);
    await tab
      .getByRole("main")
      .getByRole("link", { name: /^Order/ })
      .click();
    await ada.reach(/^Order 2/, tab);
    await tab.getByRole("status").getByText("Waiting for the payment").waitFor();
    await page.getByRole("button", { name: /^Pay/ }).click();
    await tab.getByRole("status").getByText("Paid").waitFor();
    await ada.reach(/^Order 2/);
    await page.getByRole("status").getByText("Paid").waitFor();
    await expect
      .poll(() => store.subjects("ada@example.com"))
      .toContainEqual(expect.stringContaining("paid"));
    await ada.leave();
  });
});
