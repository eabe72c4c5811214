/** Forms that are filled before their view hears of it, in Chromium: by the browser on the way back, or by the user meanwhile. */
import { html, LiveView } from "@overwire/server";
import { describeBrowser, holdFiles, idle } from "@overwire/test-support/chromium";
import { serveViews } from "@overwire/test-support/served-view";
import type { Page } from "playwright-core";
import { beforeEach, expect, test } from "vitest";

/** The page's own. */
declare const liveSocket: { readonly idle: boolean };

type Payload = { readonly [name: string]: unknown };

let told: Payload[] = [];

class Filled extends LiveView {
  values: Payload = {};
  change = this.event((payload) => {
    this.values = payload as Payload;
    told.push(this.values);
  });
  protected page(attributes: object = {}) {
    return html`<form id="f" phx-change=${this.change} ...${attributes}>
        <input name="text" value="begin"><textarea name="area">begin</textarea>
        <select name="one"><option>x</option><option>y</option></select>
        <input type="checkbox" name="check"><input type="number" name="number" value="none">
      </form><p id="out">${JSON.stringify(this.values)}</p><a id="away" href="/plain">away</a>`;
  }
  render() {
    return this.page();
  }
}

class Ignored extends Filled {
  override render() {
    return this.page({ "phx-auto-recover": "ignore" });
  }
}

class Named extends Filled {
  restore = this.event((payload) => {
    told.push({ restored: (payload as Payload).text });
  });
  override render() {
    return html`<form id="f" phx-change=${this.change} phx-auto-recover=${this.restore}><input name="text" value="begin"></form>
      <a id="away" href="/plain">away</a>`;
  }
}

const filled = { _target: ["text"], text: "typed", area: "lines", one: "y", check: "on", number: "" };

describeBrowser("a form that is filled before its view hears of it", (browser) => {
  const served = serveViews(browser, { "/filled": Filled, "/ignored": Ignored, "/named": Named });
  served.app.get("/plain", (c) => c.html("<h1>plain</h1>"));
  beforeEach(() => {
    told = [];
  });

  async function fill(page: Page) {
    await page.locator("[name=text]").fill("typed");
    if (!(await page.locator("[name=area]").count())) return;
    await page.locator("[name=area]").fill("lines");
    await page.locator("[name=one]").selectOption("y");
    await page.locator("[name=check]").check();
  }

  /** Leaves by a plain link and comes back; the browser keeps no page in memory. */
  async function back(page: Page) {
    await page.evaluate(() => addEventListener("unload", () => {}));
    await page.locator("#away").click();
    await page.locator("h1").waitFor();
    told = [];
    await page.goBack();
    await page.locator("#f").waitFor();
    await idle(page);
  }

  test("is told when the user comes back to the page", async () => {
    const page = await served.open("/filled");
    await fill(page);
    await idle(page);
    await back(page);
    expect(await page.locator("[name=text]").inputValue()).toBe("typed");
    await expect.poll(() => told).toEqual([filled]);
    await expect
      .poll(async () => JSON.parse((await page.locator("#out").textContent()) ?? ""))
      .toEqual(filled);
    await page.close();
  });

  test("is told by the event that the form names for it, or not at all", async () => {
    const named = await served.open("/named");
    await fill(named);
    await idle(named);
    await back(named);
    await expect.poll(() => told).toEqual([{ restored: "typed" }]);
    await named.close();
    const ignored = await served.open("/ignored");
    await fill(ignored);
    await idle(ignored);
    await back(ignored);
    expect(await ignored.locator("[name=text]").inputValue()).toBe("typed");
    expect(told).toEqual([]);
    await ignored.close();
  });

  test("is told of what was typed before the client had been loaded, once", async () => {
    const page = await browser().newPage();
    const release = await holdFiles(page, /\.js/);
    await page.goto(served.url("/filled"), { waitUntil: "commit" });
    await fill(page);
    expect(told).toEqual([]);
    release();
    await page.waitForFunction(() => typeof liveSocket === "object" && liveSocket.idle);
    await expect.poll(() => told).toEqual([filled]);
    await page.close();
  });

  test("is not told of if the user has not filled it", async () => {
    const page = await served.open("/filled");
    await back(page);
    expect(told).toEqual([]);
    await page.close();
  });
});
