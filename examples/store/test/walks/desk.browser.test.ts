/** The third journey, in the dark: an admin ships orders, a customer sees it, and the admin's role ends. */
import { describeBrowser } from "@overwire/test-support/chromium";
import { test } from "vitest";
import { orders, users } from "../support/factories.ts";
import { runningStores } from "../support/running-store.ts";
import { PHONE, type Walker, walker } from "../support/walker.ts";

const PASSWORD = "a gentle analytical engine";
/** In one line it is wider than a phone. */
const LONG = "grace.brewster.murray.hopper@department-of-programming.example.com";

describeBrowser("an admin at the desk", (browser) => {
  const start = runningStores();

  test("finds orders, ships them while their customer looks, and refunds one, until another admin takes the role away", async () => {
    const store = await start({
      fill: async (repo) => {
        const people = users(repo).withPassword(PASSWORD);
        await people.admin().insert({ email: LONG, name: "Grace Hopper" });
        await people.admin().insert({ email: "linus@example.com", name: "Linus Pauling" });
        const ada = await people.insert({ email: "ada@example.com", name: "Ada Lovelace" });
        const bob = await people.insert({ email: "bob@example.com", name: "Bob Noyce" });
        await orders(repo, ada).paid().insertList(3);
        await orders(repo, bob).paid().insertList(2);
      },
    });
    // The status of the page that refuses.
    const expected = /403/;
    const [grace, linus, ada] = await Promise.all([
      walker(browser(), store.url, { colorScheme: "dark", expected }),
      walker(browser(), store.url, { viewport: PHONE }),
      walker(browser(), store.url, { colorScheme: "dark" }),
    ]);
    await logIn(ada, "ada@example.com", "/orders");
    await ada.reach("Your orders");
    await ada.page
      .getByRole("main")
      .getByRole("link", { name: /^Order 2/ })
      .first()
      .click();
    await ada.reach(/^Order 2/);

    await logIn(grace, LONG, "/desk");
    await grace.reach("Dashboard");
    await grace.page.getByRole("heading", { name: "Sales" }).waitFor();
    const { page } = grace;
    await page.getByRole("link", { name: "Orders", exact: true }).click();
    await grace.reach("Orders");
    await page.getByLabel("Number, name or address").fill("lovelace");
    await page.getByText("1 to 3 of 3").waitFor();
    await page.getByLabel("Select this page").check();
    await page.getByText("3 selected").waitFor();
    await grace.reach("Orders");
    await page.getByRole("button", { name: "Ship" }).click();
    await page.getByText("3 shipped, 0 refused.").waitFor();
    await grace.reach("Orders");
    await ada.page.getByRole("status").getByText("On its way").waitFor();
    await ada.reach(/^Order 2/);

    await page
      .getByRole("link", { name: /^2026-/ })
      .first()
      .click();
    await grace.reach(/^Order 2/);
    await page.getByRole("button", { name: "Refund" }).click();
    await page.getByRole("dialog", { name: /^Refund order 2/ }).waitFor();
    await grace.reach(/^Order 2/);
    await page.getByRole("button", { name: "Yes, refund" }).click();
    await page.getByRole("status").getByText("refunded").waitFor();
    await page.getByText("order.refunded").waitFor();
    await grace.reach(/^Order 2/);

    await logIn(linus, "linus@example.com", "/desk/users");
    await linus.reach("Users");
    await linus.page.getByRole("link", { name: "Grace Hopper" }).click();
    await linus.reach("Grace Hopper");
    await linus.page.getByRole("combobox", { name: "Role" }).selectOption("customer");
    await linus.page.getByRole("button", { name: "Change role" }).click();
    await linus.page.getByText("Grace Hopper is customer now.").waitFor();
    await grace.reachOther("This is not open to you");
    await page.getByRole("link", { name: "To the shop" }).click();
    await grace.reach("Everything for the table");
    await Promise.all([grace.leave(), linus.leave(), ada.leave()]);
  });

  /** Is sent to the log-in, and back. */
  async function logIn({ open, page }: Walker, email: string, path: string): Promise<void> {
    await open(path);
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Log in" }).click();
  }
});
