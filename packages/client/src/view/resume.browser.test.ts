/** Lines that break in a real browser, and views that go on as if nothing had been: nothing is lost, nothing happens twice. */
import { html, LiveView } from "@overwire/server";
import { describeBrowser } from "@overwire/test-support/chromium";
import { serveViews } from "@overwire/test-support/served-view";
import type { Page } from "playwright-core";
import { afterEach, expect, test } from "vitest";

declare global {
  interface Window {
    /** Events whose promise was kept. */
    answered: number[];
  }
}

/** The page's own. */
declare const liveSocket: { readonly idle: boolean };

let mounts = 0;
/** Promises that handlers, and nested views that are mounted, await. */
let hold: Promise<void> | undefined;
let release = () => {};
const stop = () => {
  hold = new Promise((resolve) => (release = resolve));
};

class Inner extends LiveView {
  count = 0;
  override mount() {
    return hold;
  }
  inc = this.event(() => {
    this.count++;
  });
  render() {
    return html`<button id="inner-inc" phx-click=${this.inc}>${this.count}</button>`;
  }
}

class Wide extends LiveView {
  mounted = ++mounts;
  order: number[] = [];
  isOpen = false;
  note = this.event((payload) => {
    this.order.push((payload as { n: number }).n);
  });
  open = this.event(() => {
    this.isOpen = true;
  });
  pay = this.event(async () => {
    await hold;
    this.putFlash("info", "Paid");
    this.redirect("/thanks");
  });
  move = this.event(async () => {
    await hold;
    this.putFlash("info", "Moved");
    this.pushNavigate("/thanks");
  });
  render() {
    return html`<p id="mounts">${this.mounted}</p><div id="note" phx-hook="Note">${this.order.join()}</div>
      ${["open", "pay", "move"].map((name) => html`<button id=${name} phx-click=${name}>${name}</button>`)}
      ${this.isOpen && html`<${Inner} id="inner" />`}`;
  }
}

class Thanks extends LiveView {
  render() {
    return html`<h1>${this.flash.info}</h1>`;
  }
}

describeBrowser("a connection that breaks, in Chromium", (browser) => {
  const served = serveViews(browser, { "/": Wide, "/thanks": Thanks });
  const { cut } = served;
  let page: Page;

  afterEach(async () => {
    release();
    hold = undefined;
    await page.close();
  });

  const idle = () => page.waitForFunction(() => liveSocket.idle);
  const text = (selector: string) => page.locator(selector).textContent();
  async function open() {
    page = await browser().newPage();
    await page.addInitScript(() => {
      type Context = { pushEvent(name: string, payload: object): Promise<unknown> };
      const answered: number[] = [];
      const Note = (el: HTMLElement, { pushEvent }: Context) => {
        el.addEventListener("note", (event) => {
          const { detail: n } = event as CustomEvent<number>;
          pushEvent("note", { n }).then(
            () => answered.push(n),
            () => {},
          );
        });
      };
      Object.assign(window, { Overwire: { hooks: { Note } }, answered });
    });
    await page.goto(served.url());
    await idle();
  }

  test("events that were on their way run once, and in order; those that are refused because there is no line do not", async () => {
    await open();
    const mounted = await text("#mounts");
    for (let n = 0; n < 60; n++) {
      // Some are sent before either side notices that the connection is dead.
      if (n % 10 === 5) cut();
      await page.evaluate((detail) => {
        document.querySelector("#note")?.dispatchEvent(new CustomEvent("note", { detail }));
      }, n);
      if (n % 10 === 9) await idle();
    }
    const answered = await page.evaluate(() => window.answered);
    expect(answered.length).toBeGreaterThanOrEqual(30);
    expect(await text("#note")).toBe(answered.sort((a, b) => a - b).join());
    expect(await text("#mounts")).toBe(mounted);
  });

  test.each([
    ["redirects", "#pay", "Paid"],
    ["navigates", "#move", "Moved"],
  ])("does not keep the page where it is: a view %s meanwhile", async (_, selector, message) => {
    await open();
    stop();
    await page.click(selector);
    cut();
    release();
    await page.waitForURL("**/thanks");
    await expect.poll(() => text("h1")).toBe(message);
  });

  test("does not lose a nested view that is still being mounted", async () => {
    await open();
    stop();
    await page.click("#open");
    await page.waitForSelector("#inner", { state: "attached" });
    cut();
    release();
    await page.click("#inner-inc");
    await expect.poll(() => text("#inner-inc")).toBe("1");
  });
});
