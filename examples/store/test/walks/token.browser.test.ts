/** The fourth journey: a log-in by an identity provider, and a program that works for its user until its token is revoked. */
import { describeBrowser } from "@overwire/test-support/chromium";
import { expect, test } from "vitest";
import { startOidc } from "../support/oidc-server.ts";
import { runningStores, storePort } from "../support/running-store.ts";
import { walker } from "../support/walker.ts";

describeBrowser("a user of an identity provider", (browser) => {
  const start = runningStores();

  test("logs in by it, makes a token, has a program use it, and revokes it", async ({ onTestFinished }) => {
    const port = await storePort();
    const oidc = await startOidc(`http://localhost:${port}/auth/oidc/callback`);
    onTestFinished(() => oidc.stop());
    const { issuer, clientId, clientSecret } = oidc.client;
    const environment = {
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: clientId,
      OIDC_CLIENT_SECRET: clientSecret,
      OIDC_NAME: "Example ID",
    };
    const store = await start({ port, environment });
    const { page, ...ada } = await walker(browser(), store.url);

    await ada.open("/account/tokens");
    await ada.reach("Log in");
    await page.getByRole("link", { name: "Continue with Example ID" }).click();
    await page.getByRole("button", { name: "Ada Lovelace" }).click();
    // The provider has not told if it remembered her.
    await ada.reach("Is it you?");
    await page.getByRole("button", { name: "Log in again at Example ID" }).click();
    await page.getByRole("button", { name: "Ada Lovelace" }).click();
    await ada.reach("API tokens");
    await page.getByLabel("Name of a new token").fill("Stock keeper");
    await page.getByRole("button", { name: "Create a token" }).click();
    await page.getByRole("heading", { name: "“Stock keeper” is ready" }).waitFor();
    await ada.reach("API tokens");
    const token = await page.getByLabel("Token", { exact: true }).inputValue();
    await page.getByRole("button", { name: "Done" }).click();
    await page.getByText("Copy the token now").waitFor({ state: "detached" });
    expect(await page.content()).not.toContain(token);

    const me = () => fetch(`${store.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    expect(await (await me()).json()).toEqual({
      name: "Ada Lovelace",
      email: "ada@example.com",
      role: "customer",
    });
    await page.getByRole("cell", { name: "never" }).waitFor({ state: "detached" });

    await page.getByRole("button", { name: "Revoke Stock keeper" }).click();
    const dialog = page.getByRole("dialog", { name: "Revoke “Stock keeper”?" });
    await dialog.waitFor();
    await ada.reach("API tokens");
    await dialog.getByRole("button", { name: "Revoke" }).click();
    await page.getByText("You have no tokens.").waitFor();
    await ada.reach("API tokens");
    expect((await me()).status).toBe(401);
    await ada.leave();
  });
});
