/** Hidden pages, in Chromium: no frames come there, and nothing waits for them. */
import { html, JS, LiveView } from "@overwire/server";
import { describeBrowser } from "@overwire/test-support/chromium";
import { serveViews } from "@overwire/test-support/served-view";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";

/** The page's own. */
declare const liveSocket: { connect(): void; disconnect(): void; readonly idle: boolean };

declare global {
  interface Window {
    told: string[];
  }
}

const transition = ["running", "start", "end"] as const;

class Commands extends LiveView {
  count = 0;
  isLeft = false;
  text = "";
  add = this.event(() => {
    this.count++;
  });
  remove = this.event(() => {
    this.isLeft = true;
  });
  change = this.event((payload) => {
    this.text = (payload as { text: string }).text;
  });
  render() {
    return html`<p id="count">${this.count}</p>
      <button id="add" phx-click=${this.add}>add</button>
      <button id="hide" phx-click=${JS.hide({ to: "#box", transition })}>hide</button>
      <button id="show" phx-click=${JS.show({ to: "#box", transition })}>show</button>
      <button id="class" phx-click=${JS.addClass("marked", { to: "#box", transition })}>class</button>
      <button id="focus" phx-click=${JS.show({ to: "#panel", transition }).focusFirst({ to: "#panel" })}>focus</button>
      <button id="remove" phx-click=${this.remove}>remove</button>
      <div id="box">box</div>
      <div id="panel" hidden style="display: none"><input id="first"></div>
      ${!this.isLeft && html`<div id="leaving" phx-remove=${JS.hide({ transition })}>leaving</div>`}
      <form id="form" phx-change=${this.change}><input name="text"></form><p id="text">${this.text}</p>
      <a id="away" data-ow-link="navigate" href="/long">away</a>`;
  }
}

class Long extends LiveView {
  render() {
    return html`<div style="height: 5000px">long</div><a id="back" data-ow-link="navigate" href="/commands">back</a>`;
  }
}

class List extends LiveView {
  last = 20;
  more = this.event(() => {
    this.last += 20;
  });
  render() {
    return html`<ul id="list" phx-viewport-bottom=${this.more} style="height: 200px; overflow: auto">
      ${Array.from({ length: this.last }, (_, at) => html`<li id=${`item-${at}`} style="height: 40px">${at}</li>`)}</ul>`;
  }
}

/** Ways for a page to be hidden. */
const kinds = {
  "is hidden": () => {
    window.requestAnimationFrame = () => 0;
    Object.defineProperty(Document.prototype, "visibilityState", { get: () => "hidden" });
    Object.defineProperty(Document.prototype, "hidden", { get: () => true });
  },
  "has no frames": () => {
    window.requestAnimationFrame = () => 0;
  },
};

/** Waits without frames, and without a policy's leave to evaluate texts in the page. */
const until = (page: Page, condition: string) =>
  expect.poll(() => page.evaluate(condition).catch(() => false)).toBe(true);

describeBrowser("a page in Chromium", (browser) => {
  const served = serveViews(browser, { "/commands": Commands, "/long": Long, "/list": List });

  describe.each(Object.entries(kinds))("that %s", (_kind, hide) => {
    const open = async (path: string): Promise<Page> => {
      const page = await (await browser().newContext()).newPage();
      await page.addInitScript(hide);
      await page.goto(served.url(path));
      // It asks at each frame by itself, and none may come.
      await page.waitForFunction(() => liveSocket.idle, undefined, { polling: 20 });
      return page;
    };
    // Playwright waits for frames before it clicks.
    const click = (page: Page, selector: string) =>
      page.evaluate((selector) => document.querySelector<HTMLElement>(selector)?.click(), selector);

    test("joins and is patched", async () => {
      const page = await open("/commands");
      await click(page, "#add");
      await until(page, `document.querySelector("#count").textContent === "1"`);
    });

    test("runs transitions to their ends, and does not hold patches back after them", async () => {
      const page = await open("/commands");
      await page.evaluate(() => {
        window.told = [];
        for (const type of ["phx:hide-end", "phx:show-end"])
          document.querySelector("#box")?.addEventListener(type, ({ type }) => window.told.push(type));
      });
      await click(page, "#hide");
      await until(page, `told.join() === "phx:hide-end"`);
      expect(await page.locator("#box").isVisible()).toBe(false);
      await click(page, "#show");
      await until(page, `told.join() === "phx:hide-end,phx:show-end"`);
      expect(await page.locator("#box").isVisible()).toBe(true);
      await until(page, `!box.hasAttribute("class")`);
      await click(page, "#class");
      await until(page, `document.querySelector("#box").className === "end marked"`);
      await click(page, "#add");
      await until(page, `document.querySelector("#count").textContent === "1"`);
    });

    test("gives the focus to what a transition shows", async () => {
      const page = await open("/commands");
      await click(page, "#focus");
      await until(page, `document.activeElement.id === "first"`);
    });

    test("takes away what goes by a transition", async () => {
      const page = await open("/commands");
      await click(page, "#remove");
      await until(page, `!document.querySelector("#leaving")`);
    });

    test("restores forms when the connection is back", async () => {
      const page = await open("/commands");
      await page.evaluate(() => {
        const input = document.querySelector("[name=text]") as HTMLInputElement;
        input.value = "typed";
        input.dispatchEvent(new Event("input", { bubbles: true }));
      });
      await until(page, `document.querySelector("#text").textContent === "typed"`);
      await page.evaluate(() => {
        liveSocket.disconnect();
        liveSocket.connect();
      });
      await until(page, `liveSocket.idle && document.querySelector("#text").textContent === "typed"`);
    });

    test("navigates, scrolls, and restores the scroll position", async () => {
      const page = await open("/long");
      await page.evaluate(() => scrollTo(0, 1000));
      await click(page, "#back");
      await until(page, `location.pathname === "/commands" && scrollY === 0`);
      await page.goBack();
      await until(page, `location.pathname === "/long" && scrollY === 1000`);
    });

    test("goes on telling that a list is scrolled to its end", async () => {
      const page = await open("/list");
      const scrollsUntil = (count: number) =>
        page.evaluate((count) => {
          const list = document.querySelector("#list") as Element;
          if (list.querySelectorAll("li").length === count) return true;
          list.scrollTop = list.scrollHeight;
          // Without frames a browser does not tell of it.
          list.dispatchEvent(new Event("scroll"));
          return false;
        }, count);
      for (const count of [40, 60]) await expect.poll(() => scrollsUntil(count)).toBe(true);
    });
  });

  test("that is hidden while a transition runs ends it", async () => {
    const page = await (await browser().newContext()).newPage();
    await page.goto(served.url("/commands"));
    // It asks at each frame by itself, and none may come.
    await page.waitForFunction(() => liveSocket.idle, undefined, { polling: 20 });
    await page.evaluate(() => {
      document.querySelector<HTMLElement>("#hide")?.click();
      window.requestAnimationFrame = () => 0;
      Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await until(page, `getComputedStyle(box).display === "none"`);
  });
});
