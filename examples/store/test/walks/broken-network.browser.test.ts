/** The fifth journey: the server dies in the middle of a cart, of a form, and of an order. Nothing is lost, and nothing happens twice. */
import { describeBrowser, idle } from "@overwire/test-support/chromium";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { users } from "../support/factories.ts";
import { type RunningStore, runningStores } from "../support/running-store.ts";
import { type Walker, walker } from "../support/walker.ts";

const PASSWORD = "a gentle analytical engine";
const CUT = /ERR_CONNECTION_REFUSED|ERR_INTERNET_DISCONNECTED|WebSocket/;

describeBrowser("a customer whose network is cut", (browser) => {
  const start = runningStores();

  test("loses neither the cart nor what was typed, and orders once", async () => {
    const store = await start({
      fill: async (repo) => {
        await users(repo).withPassword(PASSWORD).insert({ email: "ada@example.com", name: "Ada Lovelace" });
      },
    });
    const ada = await walker(browser(), store.url, { expected: CUT });
    const { page } = ada;
    const loseAnswer = await lossyAnswers(page);
    const pieces = page.getByLabel("Pieces of Morning mug");

    await logIn(ada);
    await fillCart(ada);
    await breakDown(store, page, async () => {
      expect(await pieces.inputValue()).toBe("2");
    });
    await ada.reach("Your cart");
    expect(await pieces.inputValue()).toBe("2");

    await page.getByRole("link", { name: "Check out" }).click();
    await ada.reach("Check out");
    await page.getByLabel("Street and number").fill("Lindenstr. 1");
    await page.getByLabel("Postcode").fill("10969");
    await breakDown(store, page, async () => {
      await page.getByLabel("City").fill("Berlin");
      await page.getByLabel("Country").selectOption("Germany");
    });
    await ada.reach("Check out");
    const fields = ["Street and number", "Postcode", "City", "Country"];
    const values = fields.map((name) => page.getByLabel(name).inputValue());
    expect(await Promise.all(values)).toEqual(["Lindenstr. 1", "10969", "Berlin", "DE"]);

    // The order is placed, and its answer never comes.
    const lost = loseAnswer();
    await page.getByRole("button", { name: "Order and pay" }).click();
    await lost;
    await breakDown(store, page);
    await page.getByText("There is nothing to check out.").waitFor();
    await ada.reach("Check out");
    await page.getByRole("main").getByRole("link", { name: "your orders" }).click();
    await ada.reach("Your orders");
    await payOnlyOrder(ada);
    await ada.leave();

    await store.end("SIGTERM");
    const { orders, payments } = await store.withData(async (repo) => ({
      orders: await repo.all("orders"),
      payments: await repo.all("payments"),
    }));
    expect(orders.map(({ status, address: { street } }) => [status, street])).toEqual([
      ["paid", "Lindenstr. 1"],
    ]);
    expect(payments).toHaveLength(1);
  });

  async function logIn({ open, reach, page }: Walker): Promise<void> {
    await open("/login");
    await reach("Log in");
    await page.getByLabel("Email").fill("ada@example.com");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Log in" }).click();
    await reach("Everything for the table");
  }

  async function fillCart({ reach, page }: Walker): Promise<void> {
    await page.getByRole("link", { name: "Morning mug" }).click();
    await reach("Morning mug");
    await page.getByRole("button", { name: "Add to cart" }).click();
    await page.locator(".label span", { hasText: "1 in your cart" }).waitFor();
    await page.getByRole("link", { name: /^Cart/ }).click();
    await reach("Your cart");
    await page.getByRole("button", { name: "One Morning mug more" }).click();
    await page.getByText("2 pieces").waitFor();
  }

  /** Kills the server, does something on the page that has lost it, and starts it again. */
  async function breakDown(store: RunningStore, page: Page, meanwhile = async () => {}): Promise<void> {
    await store.end("SIGKILL");
    await page.locator("[data-ow-view].phx-error").first().waitFor({ state: "attached" });
    await meanwhile();
    await store.start();
    await page.locator("[data-ow-view].phx-error").first().waitFor({ state: "detached" });
    await idle(page);
  }

  async function payOnlyOrder({ reach, reachOther, page }: Walker): Promise<void> {
    const link = page.getByRole("main").getByRole("link", { name: /^Order 2/ });
    expect(await link.count()).toBe(1);
    await link.click();
    await reach(/^Order 2/);
    await page.getByRole("link", { name: "Pay now" }).click();
    await reach("Waiting for your payment");
    await page.getByRole("button", { name: "Back to the payment" }).click();
    await reachOther("Pay €44.00");
    await page.getByRole("button", { name: /^Pay/ }).click();
    await reach(/^Order 2/);
    await page.getByRole("status").getByText("Paid").waitFor();
  }

  /**
   * The page's messages go by here.
   * @returns loses the answers from now on until the connection ends, and resolves when the server has redirected the page
   */
  async function lossyAnswers(page: Page): Promise<() => Promise<void>> {
    let lose: (() => void) | undefined;
    await page.routeWebSocket(/./, (socket) => {
      const server = socket.connectToServer();
      server.onMessage((message) => {
        if (!lose) socket.send(message);
        else if (message.includes("/pay/")) lose();
      });
      server.onClose((code, reason) => {
        lose = undefined;
        socket.close({ code: code ?? 1000, reason: reason ?? "" });
      });
    });
    return () =>
      new Promise((resolve) => {
        lose = resolve;
      });
  }
});
