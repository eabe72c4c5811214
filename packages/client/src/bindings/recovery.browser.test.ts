/** Forms across a lost connection in a real browser: what is seen meanwhile, the focus and the selection. */
import { html, LiveComponent, LiveView } from "@overwire/server";
import { describeBrowser, idle } from "@overwire/test-support/chromium";
import { serveViews } from "@overwire/test-support/served-view";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";

declare global {
  interface Window {
    /** Texts that the field showed, each change of it. */
    shown: string[];
    kept: Element | null;
  }
}

/** The page's own. */
declare const liveSocket: { connect(): void; disconnect(): void; readonly idle: boolean };

type Payload = { readonly [name: string]: unknown };

const fields = (values: Payload) => html`
  <input name="text" value=${(values.text as string) ?? "bar"}>
  <textarea name="area">${(values.area as string) ?? "bar"}</textarea>
  <select name="one"><option>x</option><option selected=${values.one === "y"}>y</option></select>
  <input type="checkbox" name="check" checked=${values.check === "on"}>
  <input type="radio" name="radio" value="left" checked=${values.radio === "left"}>
  <input type="radio" name="radio" value="right" checked=${values.radio === "right"}>`;

let mounts = 0;

class Plain extends LiveView {
  values: Payload = {};
  mounted = ++mounts;
  validate = this.event((payload) => {
    this.values = payload as Payload;
  });
  crash = this.event(() => {
    throw new Error("crash");
  });
  render() {
    return html`<p id="mounts">${this.mounted}</p><form id="f" phx-change=${this.validate}>${fields(this.values)}</form>
      <button id="crash" phx-click=${this.crash}>crash</button>`;
  }
}

class Box extends LiveComponent {
  values: Payload = {};
  validate = this.event((payload) => {
    this.values = payload as Payload;
  });
  render() {
    return html`<section><form id="f" phx-change=${this.validate}>${fields(this.values)}</form></section>`;
  }
}

class WithBox extends LiveView {
  mounted = ++mounts;
  render() {
    return html`<p id="mounts">${this.mounted}</p><${Box} id="box" />`;
  }
}

class Outer extends LiveView {
  render() {
    return html`<h1>outer</h1><${Plain} id="inner" />`;
  }
}

class InPortal extends Plain {
  override render() {
    return html`<p id="mounts">${this.mounted}</p>
      <div id="modal" data-ow-portal="body"><form id="f" phx-change=${this.validate}>${fields(this.values)}</form></div>`;
  }
}

describeBrowser("forms across a lost connection in Chromium", (browser) => {
  const served = serveViews(browser, {
    "/view": Plain,
    "/component": WithBox,
    "/nested": Outer,
    "/portal": InPortal,
  });

  const read = (page: Page) =>
    page.evaluate(() => {
      const form = document.querySelector("form") as HTMLFormElement;
      return [...new FormData(form)].map(([name, value]) => `${name}=${value}`);
    });

  async function open(path: string) {
    const page = await served.open(path);
    await page.locator("[name=area]").fill("area");
    await page.locator("[name=one]").selectOption("y");
    await page.locator("[name=check]").check();
    await page.locator("[value=right]").check();
    await page.locator("[name=text]").fill("hello world");
    await idle(page);
    await page.evaluate(() => {
      const input = document.querySelector("[name=text]") as HTMLInputElement;
      input.setSelectionRange(2, 5);
      window.kept = input;
      window.shown = [];
      const look = () => {
        const { value } = document.querySelector("[name=text]") as HTMLInputElement;
        if (value !== window.shown.at(-1)) window.shown.push(value);
      };
      new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
      const frame = () => {
        look();
        requestAnimationFrame(frame);
      };
      frame();
    });
    return page;
  }

  /** Does something that has the view mounted anew. */
  async function anew(page: Page, how: () => Promise<unknown>) {
    const before = Number(await page.locator("#mounts").textContent());
    await how();
    await expect
      .poll(async () => Number(await page.locator("#mounts").textContent()))
      .toBeGreaterThan(before);
    await idle(page);
  }
  const reconnect = (page: Page) =>
    page.evaluate(() => {
      liveSocket.disconnect();
      liveSocket.connect();
    });
  const focus = (page: Page) =>
    page.evaluate(() => {
      const input = document.activeElement as HTMLInputElement;
      return [input === window.kept, input.selectionStart, input.selectionEnd];
    });

  const filled = ["text=hello world", "area=area", "one=y", "check=on", "radio=right"];

  for (const [name, path] of [
    ["in a view", "/view"],
    ["in a live component", "/component"],
    ["in a nested view", "/nested"],
    ["in a portal", "/portal"],
  ] as const) {
    test(`are restored, with the focus and the selection, and never show anything else: ${name}`, async () => {
      const page = await open(path);
      await anew(page, () => reconnect(page));
      expect(await read(page)).toEqual(filled);
      expect(await focus(page)).toEqual([true, 2, 5]);
      expect(await page.evaluate(() => window.shown)).toEqual(["hello world"]);
      // A second time: what was recovered is as good as typed.
      await anew(page, () => reconnect(page));
      expect(await read(page)).toEqual(filled);
      await page.close();
    });
  }

  test("are restored after a crash, and what is typed meanwhile is too", async () => {
    const page = await open("/view");
    await anew(page, async () => {
      await page.evaluate(() => (document.querySelector("#crash") as HTMLElement).click());
      await page.keyboard.press("End");
      await page.keyboard.type("!");
    });
    expect((await read(page))[0]).toBe("text=hello world!");
    await page.close();
  });

  test("a lost server shows after a while only, and the page goes on when it is back", async () => {
    const page = await open("/view");
    const state = () => page.locator("[data-ow-view]").first().getAttribute("data-ow-state");
    const atOnce = await page.evaluate(() => {
      liveSocket.disconnect();
      return document.querySelector("[data-ow-view]")?.getAttribute("data-ow-state");
    });
    expect(atOnce).toBeNull();
    await expect.poll(state).toBe("reconnecting");
    await anew(page, () => page.evaluate(() => liveSocket.connect()));
    await expect.poll(state).toBeNull();
    expect(await read(page)).toEqual(filled);
    await page.close();
  });
});
