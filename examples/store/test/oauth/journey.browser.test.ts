import { serve } from "@overwire/server/node";
import { expectAccessible } from "@overwire/test-support/axe";
import { describeBrowser, idle } from "@overwire/test-support/chromium";
import { freePort } from "@overwire/test-support/free-port";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { oidcProvider } from "../../src/providers/oidc.ts";
import { type OidcServer, startOidc } from "../support/oidc-server.ts";
import { testStore } from "../support/test-store.ts";

describeBrowser("a log-in by a provider, in Chromium", (browser) => {
  let oidc: OidcServer;
  let url: string;
  let close: () => Promise<void>;
  const errors: string[] = [];

  beforeAll(async () => {
    const port = await freePort();
    url = `http://localhost:${port}`;
    oidc = await startOidc(`${url}/auth/oidc/callback`);
    const { app } = testStore({ url, providers: [oidcProvider({ ...oidc.client, title: "Example ID" })] });
    const served = await serve(app, { port, log: false, handleSignals: false }).ready;
    close = () => served.close();
  });
  afterAll(() => Promise.all([oidc.stop(), close()]));

  /** A browser of its own, whose errors a test sees; those of a strict policy are among them. */
  async function open(path: string): Promise<Page> {
    const page = await browser().newPage();
    page.on("console", (message) => {
      // The provider's pages are its own matter.
      if (message.type() === "error" && message.location().url.startsWith(url)) errors.push(message.text());
    });
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(`${url}${path}`);
    await idle(page);
    return page;
  }

  /** At the provider's page. */
  async function choose(page: Page, name: string): Promise<void> {
    await page.getByRole("heading", { name: "Choose an account" }).waitFor();
    await page.getByRole("button", { name }).click();
  }

  test("leads from the button to the account, and to the list of connected accounts", async () => {
    const page = await open("/account");
    expect(new URL(page.url()).pathname).toBe("/login");
    await expectAccessible(page);
    await page.getByRole("link", { name: "Continue with Example ID" }).click();
    await choose(page, "Ada Lovelace");

    await page.getByRole("heading", { level: 1, name: "Ada Lovelace" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/account");
    expect(await page.getByRole("status").textContent()).toContain("Welcome, Ada Lovelace!");

    await page.getByRole("link", { name: "Connections" }).click();
    await page.getByRole("button", { name: "Disconnect Example ID" }).click();
    // The provider has not told if it remembered her.
    await page.getByRole("heading", { level: 1, name: "Is it you?" }).waitFor();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Log in again at Example ID" }).click();
    await choose(page, "Ada Lovelace");
    await page.getByRole("button", { name: "Disconnect Example ID" }).click();
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").textContent()).toContain("This is your only way to log in.");
    await expectAccessible(page);
    await page.close();
    expect(errors).toEqual([]);
  });

  test("ends on the page of the log-in if the user says no", async () => {
    const page = await open("/login");
    await page.getByRole("link", { name: "Continue with Example ID" }).focus();
    await page.keyboard.press("Enter");
    await choose(page, "Cancel");
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").textContent()).toContain("You have not allowed Example ID");
    expect(new URL(page.url()).pathname).toBe("/login");
    await page.close();
    expect(errors).toEqual([]);
  });
});
