/** The second journey: log-ins that come and go, and what other browsers see of it. The first form is filled in by the keyboard alone. */
import { describeBrowser } from "@overwire/test-support/chromium";
import { expect, test } from "vitest";
import { HOUR } from "../../src/shared/clock.ts";
import { users } from "../support/factories.ts";
import { type RunningStore, runningStores } from "../support/running-store.ts";
import { type Walker, walker } from "../support/walker.ts";

const EMAIL = "ada@example.com";
const PASSWORD = "a gentle analytical engine";
const NEW_PASSWORD = "notes upon the memoir";
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/** Of a store that is being deployed. */
const expected = /ERR_CONNECTION_REFUSED/;

describeBrowser("a user with an account", (browser) => {
  const start = runningStores();

  test("stays logged in, sees every browser that is, and has the others leave by a new password", async () => {
    const store = await start({
      fill: async (repo) => {
        await users(repo).withPassword(PASSWORD).insert({ email: EMAIL, name: "Ada Lovelace" });
      },
    });
    const first = await walker(browser(), store.url);
    await byKeyboard(first);

    // The browser is closed and opened again.
    const storageState = await first.page.context().storageState();
    await first.leave();
    const desktop = await walker(browser(), store.url, { storageState, expected });
    await desktop.open("/account");
    await desktop.reach("Ada Lovelace");
    await desktop.page.getByRole("link", { name: "Security" }).click();
    await desktop.reach("Security");

    // Another one comes, and is sent away.
    const laptop = await walker(browser(), store.url, { userAgent: FIREFOX, expected });
    await laptop.open("/account");
    await logIn(laptop, PASSWORD);
    await laptop.reach("Ada Lovelace");
    await desktop.page.getByText("Firefox on Linux").waitFor();
    await desktop.reach("Security");
    await desktop.page.getByRole("button", { name: "Log out Firefox on Linux" }).click();
    await laptop.reach("Log in");
    await desktop.page.getByText("Firefox on Linux").waitFor({ state: "detached" });

    await resetPassword(laptop, store);
    await laptop.reach("Ada Lovelace");
    await laptop.page.getByText("Your password is changed").waitFor();
    await desktop.reach("Log in");
    await logIn(desktop, NEW_PASSWORD);
    await desktop.reach("Security");

    await showAgain(desktop, store);
    await Promise.all([desktop.leave(), laptop.leave()]);
  });

  async function byKeyboard({ open, reach, page }: Walker): Promise<void> {
    await open("/login");
    await reach("Log in");
    const { keyboard } = page;
    const isFocused = (name: string) =>
      page.getByLabel(name).evaluate((field) => field === document.activeElement);
    await keyboard.press("Tab");
    await keyboard.press("Enter");
    while (!(await isFocused("Email"))) await keyboard.press("Tab");
    await keyboard.type(EMAIL);
    await keyboard.press("Tab");
    await keyboard.type("a wrong password");
    await keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    await reach("Log in");
    while (!(await isFocused("Password"))) await keyboard.press("Tab");
    await keyboard.press("Control+A");
    await keyboard.type(PASSWORD);
    await keyboard.press("Tab");
    await keyboard.press("Space");
    await keyboard.press("Tab");
    await keyboard.press("Enter");
    await reach("Everything for the table");
  }

  async function logIn({ reach, page }: Walker, password: string): Promise<void> {
    await reach("Log in");
    await page.getByLabel("Email").fill(EMAIL);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Log in" }).click();
  }

  async function resetPassword({ open, reach, page }: Walker, store: RunningStore): Promise<void> {
    await page.getByRole("link", { name: "Choose another password" }).click();
    await reach("Choose another password");
    await page.getByLabel("Email").fill(EMAIL);
    await page.getByRole("button", { name: "Send the link" }).click();
    await reach("Look into your mail");
    await open(await store.link(EMAIL, "Choose another password"));
    await reach("Choose another password");
    await page.getByLabel("New password").fill(NEW_PASSWORD);
    await page.getByRole("button", { name: "Change it and log in" }).click();
  }

  /** Dangerous pages ask again after a while. The store is deployed meanwhile, and no page is lost. */
  async function showAgain({ reach, page }: Walker, store: RunningStore): Promise<void> {
    await store.end("SIGTERM");
    await store.withData((repo) =>
      repo.updateAll("logins", {}, { authenticatedAt: new Date(Date.now() - HOUR) }),
    );
    await store.start();
    await page.getByRole("link", { name: "Account", exact: true }).click();
    await reach("Ada Lovelace");
    await page
      .getByRole("definition")
      .filter({ hasText: "Set" })
      .getByRole("link", { name: "Change" })
      .click();
    await reach("Is it you?");
    await page.getByLabel("Password").fill(NEW_PASSWORD);
    await page.getByRole("button", { name: "Go on" }).click();
    await reach("Change the password");
    expect(new URL(page.url()).pathname).toBe("/account/password");
  }
});
