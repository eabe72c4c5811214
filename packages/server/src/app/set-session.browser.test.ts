/** Sessions that views set, in a real browser: its cookies, its other tabs, and a request that reaches another node. */
import { describeBrowser } from "@overwire/test-support/chromium";
import { serveViews } from "@overwire/test-support/served-view";
import type { Page as BrowserPage } from "playwright-core";
import { expect, test } from "vitest";
import { createApp } from "../app.ts";
import { createPubSub } from "../pubsub/create-pubsub.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import type { Session } from "../view/view-host.ts";

const user = (userId: number) => ({ userId }) as Session;

class Door extends LiveView {
  count = 0;
  login = this.event(async () => {
    await this.setSession(user(7));
    this.redirect("/home");
  });
  stay = this.event(async () => {
    await this.setSession(user(8));
  });
  go = this.event(async () => {
    await this.setSession(user(9));
    this.pushNavigate("/home");
  });
  logOut = this.event(async () => {
    await this.clearSession();
  });
  inc = this.event(() => {
    this.count++;
  });
  render() {
    return html`<p>${JSON.stringify(this.session)}</p><output>${this.count}</output>
      <button phx-click=${this.login}>Log in</button><button phx-click=${this.stay}>Stay</button>
      <button phx-click=${this.go}>Go</button><button phx-click=${this.logOut}>Log out</button>
      <button phx-click=${this.inc}>Count</button>`;
  }
}

class Home extends LiveView {
  render() {
    return html`<h1>Home</h1><p>${JSON.stringify(this.session)}</p>`;
  }
}

const views = { "/": Door, "/home": Home };
const press = (page: BrowserPage, name: string) => page.getByRole("button", { name, exact: true }).click();
const session = (page: BrowserPage) => page.locator("p").textContent();

describeBrowser("a session that a view sets", (browser) => {
  const pubsub = createPubSub();
  const served = serveViews(browser, views, { pubsub });
  /** A page without forms, which has not loaded the features that fetch a session. */
  const open = async () => {
    const page = await (await browser().newContext()).newPage();
    await page.goto(served.url());
    await page.locator(".phx-connected").waitFor();
    return page;
  };

  test("is in an HttpOnly cookie when the handler goes on, so that the next page has it", async () => {
    const page = await open();
    const before = await page.context().cookies();
    await press(page, "Log in");
    await page.waitForURL("**/home");
    expect(await session(page)).toBe('{"userId":7}');
    const cookies = await page.context().cookies();
    expect(cookies.map(({ name, httpOnly, sameSite }) => [name, httpOnly, sameSite]).sort()).toEqual([
      ["ow_session", true, "Lax"],
      ["ow_visitor", true, "Lax"],
    ]);
    const visitor = (all: typeof cookies) => all.find(({ name }) => name === "ow_visitor")?.value;
    expect(visitor(cookies)).not.toBe(visitor(before));
    await page.context().close();
  });

  test("stays over a lost connection without a load, and over a live navigation", async () => {
    const page = await open();
    await page.evaluate(() => Object.assign(window, { mark: 1 }));
    await press(page, "Count");
    await press(page, "Stay");
    await expect.poll(() => session(page)).toBe('{"userId":8}');
    served.cut();
    await press(page, "Count");
    await expect.poll(() => page.locator("output").textContent()).toBe("2");
    expect(await session(page)).toBe('{"userId":8}');
    await press(page, "Go");
    await page.locator("h1").waitFor();
    expect(await session(page)).toBe('{"userId":9}');
    expect(await page.evaluate(() => (window as { mark?: number }).mark)).toBe(1);
    await page.context().close();
  });

  test("ends in all tabs when one logs out, and this one goes on", async () => {
    const page = await open();
    await press(page, "Stay");
    await expect.poll(() => session(page)).toBe('{"userId":8}');
    const other = await page.context().newPage();
    await other.goto(served.url());
    await other.locator(".phx-connected").waitFor();
    expect(await session(other)).toBe('{"userId":8}');
    await press(page, "Count");
    await press(page, "Log out");
    await expect.poll(() => session(page)).toBe("{}");
    await expect.poll(() => session(other)).toBe("{}");
    expect(await page.locator("output").textContent()).toBe("1");
    const cookies = await page.context().cookies();
    expect(cookies.map(({ name }) => name)).toEqual(["ow_visitor"]);
    await page.context().close();
  });

  test("is fetched from another node than the one of the socket", async () => {
    const other = createApp({ secret: "x".repeat(32), report: () => {}, pubsub });
    for (const [path, View] of Object.entries(views)) other.live(path, View);
    const { fetch } = served.app;
    let asked = 0;
    served.app.fetch = (request, env, context) => {
      if (request.method !== "POST") return fetch(request, env, context);
      asked++;
      return other.fetch(request, env, context);
    };
    const page = await open();
    await press(page, "Log in");
    await page.waitForURL("**/home");
    expect(await session(page)).toBe('{"userId":7}');
    expect(asked).toBe(1);
    served.app.fetch = fetch;
    await page.context().close();
  });
});
