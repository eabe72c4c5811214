/** Clicks and what they are away from, and links, in a real browser with the client that the app serves. */
import { html, JS, Link, LiveView, Portal, type Template } from "@overwire/server";
import { describeBrowser, featured, holdFiles, idle } from "@overwire/test-support/chromium";
import { serveViews } from "@overwire/test-support/served-view";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";

/** The page's own. */
declare const liveSocket: {
  readonly idle: boolean;
  navigate(href: string): void;
  patch(href: string): void;
  js(): { navigate(href: string): void };
};

/** Events that the views got. */
let got: string[] = [];
/** Lets the slow page that waits go on. */
let release: (() => void) | undefined;

class Away extends LiveView {
  override handleEvent(name: string): void {
    got.push(name);
  }
  render(): Template {
    return html`<button id="toggle" phx-click=${JS.toggle("#drop")}>menu</button>
      <p id="drop" style="display: none" phx-click-away=${JS.hide("#drop")}>drop</p>
      <section id="modal" phx-click-away="close modal">
        <x-card id="card"></x-card>
        <p id="text">some text to select</p>
        <b id="gone" onclick="this.remove()">gone</b>
        <b id="pressed" onmousedown="this.remove()">pressed</b>
        <div id="inner" phx-click-away="close inner"><input id="field"><i>inner</i></div>
        <label id="label-in" for="beside">label</label>
        <${Portal} id="menu" target="body"><button id="item" phx-click="item">item</button><//>
      </section>
      <input id="beside" type="checkbox"><label id="label-out" for="field">other label</label>
      <p id="outside" style="height: 100px">outside</p>`;
  }
}

class Fieldsets extends Away {
  override render(): Template {
    return html`<fieldset disabled>
      <legend><button id="first" phx-click="first"><b>first legend</b></button></legend>
      <legend><button id="second" phx-click="second"><b>second legend</b></button></legend>
      <button id="button" phx-click="button"><b>button</b></button>
      <span id="span" phx-click="span"><i>span</i></span>
      <fieldset><legend><button id="nested" phx-click="nested"><b>nested</b></button></legend></fieldset>
      <${Link} id="link" patch="/fieldsets?x=1"><i>link</i><//>
    </fieldset>`;
  }
}

class Links extends LiveView {
  override async handleParams(): Promise<void> {
    if (!this.params["slow"]) return;
    await new Promise<void>((resolve) => {
      release = resolve;
    });
  }
  render(): Template {
    return html`<p id="at">${this.url.search}</p><svg width="100" height="40"><${Link} id="svg" patch="/links?svg=1"><text y="20">in SVG</text><//></svg>
      <${Link} id="patch" patch="/links?slow=1">patch<//>
      <button id="command" phx-click=${JS.patch("/links?slow=2")}>patch</button>
      <${Link} id="navigate" navigate="/slow?slow=1">navigate<//>
      <${Link} id="crash" navigate="/crash">navigate<//>`;
  }
}

class Plain extends LiveView {
  render(): Template {
    return html`<button phx-click="x">x</button>`;
  }
}

describeBrowser("clicks in Chromium", (browser) => {
  const served = serveViews(browser, {
    "/away": Away,
    "/fieldsets": Fieldsets,
    "/links": Links,
    "/slow": Links,
    "/plain": Plain,
  });
  served.app.get("/crash", (c) => c.text("plain page"));

  async function open(path: string): Promise<Page> {
    const page = await browser().newPage({ viewport: { width: 800, height: 600 } });
    got = [];
    await page.goto(served.url(path));
    await idle(page);
    if (path !== "/plain") await featured(page);
    return page;
  }

  const center = async (page: Page, selector: string) => {
    const { x, y, width, height } = (await page.locator(selector).boundingBox()) as DOMRect;
    return [x + width / 2, y + height / 2] as const;
  };
  const drag = async (page: Page, from: string, to: string) => {
    await page.mouse.move(...(await center(page, from)));
    await page.mouse.down();
    await page.mouse.move(...(await center(page, to)));
    await page.mouse.up();
    await idle(page);
  };

  test("a button opens and closes what a click away from it closes, also before all of the client is loaded", async () => {
    const page = await browser().newPage();
    const load = await holdFiles(page, /features-/);
    await page.goto(served.url("/away"));
    const drop = page.locator("#drop");
    await page.waitForFunction(() => liveSocket);
    await page.locator("#toggle").click();
    load();
    await drop.waitFor({ state: "visible" });
    await page.locator("#toggle").click();
    await drop.waitFor({ state: "hidden" });
    await page.locator("#toggle").click();
    await drop.waitFor({ state: "visible" });
    await page.locator("#outside").click();
    await drop.waitFor({ state: "hidden" });
    await page.close();
  });

  test("a click is inside what the view renders inside, wherever a portal shows it, and though it takes itself away", async () => {
    const page = await open("/away");
    for (const selector of ["#item", "#text", "#gone", "#pressed"]) {
      await page.locator(selector).click();
      await idle(page);
    }
    await expect
      .poll(() => got)
      .toEqual(["item", "close inner", "close inner", "close inner", "close inner"]);
    await page.locator("#inner i").click();
    await page.locator("#outside").click();
    await idle(page);
    await expect.poll(() => got.slice(5)).toEqual(["close modal", "close inner"]);
    await page.close();
  });

  test("a drag that begins or ends inside is no click away", async () => {
    const page = await open("/away");
    await drag(page, "#text", "#outside");
    // A selection would be dragged away.
    await page.evaluate(() => getSelection()?.removeAllRanges());
    await drag(page, "#outside", "#text");
    await expect.poll(() => got).toEqual(["close inner", "close inner"]);
    await page.close();
  });

  test("the click that a browser makes of a click on a label is the same click", async () => {
    const page = await open("/away");
    await page.locator("#label-in").click();
    await idle(page);
    expect(await page.locator("#beside").isChecked()).toBe(true);
    await expect.poll(() => got).toEqual(["close inner"]);
    await page.locator("#label-out").click();
    await idle(page);
    await expect.poll(() => got).toEqual(["close inner"]);
    await page.locator("#beside").press("Space");
    await idle(page);
    await expect.poll(() => got.slice(1)).toEqual(["close modal", "close inner"]);
    await page.close();
  });

  test("a click in a shadow root is one in its host, though what was clicked is gone", async () => {
    const page = await open("/away");
    await page.evaluate(() => {
      const root = (document.querySelector("#card") as Element).attachShadow({ mode: "open" });
      root.innerHTML = "<button>in the shadow</button>";
      root.querySelector("button")?.addEventListener("click", () => root.replaceChildren("gone"));
    });
    await page.locator("#card button").click();
    await idle(page);
    await expect.poll(() => got).toEqual(["close inner"]);
    await page.close();
  });

  test("in a disabled fieldset all but buttons can be clicked, and in its first legend these too", async () => {
    const page = await open("/fieldsets");
    for (const selector of ["#first b", "#second b", "#button b", "#span i", "#nested b", "#link i"])
      await page.locator(selector).click({ force: true });
    await page.waitForURL("**/fieldsets?x=1");
    await idle(page);
    await expect.poll(() => got).toEqual(["first", "span"]);
    await page.close();
  });

  test("a link in SVG is live", async () => {
    const page = await open("/links");
    await page.evaluate(() => Object.assign(window, { kept: true }));
    await page.locator("#svg text").click();
    await page.waitForFunction(() => document.querySelector("#at")?.textContent === "?svg=1");
    expect(await page.evaluate(() => "kept" in window)).toBe(true);
    await page.close();
  });

  test("a clicked link shows that the page is on its way until it is there", async () => {
    const page = await open("/links");
    const loading = () =>
      page.locator(".phx-click-loading").evaluateAll((all) => all.map(({ id }) => id).join());
    const waitFor = (ids: string) =>
      page.waitForFunction(
        (ids) => [...document.querySelectorAll(".phx-click-loading")].map(({ id }) => id).join() === ids,
        ids,
      );
    const goOn = async () => {
      await expect.poll(() => release).toBeDefined();
      release?.();
      release = undefined;
    };
    for (const id of ["patch", "command"]) {
      await page.locator(`#${id}`).click();
      await waitFor(id);
      await goOn();
      await waitFor("");
    }
    expect(await page.locator("#at").textContent()).toBe("?slow=2");
    await page.locator("#navigate").click();
    await waitFor("navigate");
    await goOn();
    await page.waitForURL("**/slow?slow=1");
    await expect.poll(loading).toBe("");
    await page.locator("#crash").click();
    await page.waitForURL("**/crash");
    await page.close();
  });

  test("an address of another page throws at once, on a page that has loaded nothing but clicks", async () => {
    const page = await open("/plain");
    const errors = await page.evaluate(() => {
      const attempt = (run: () => void) => {
        try {
          run();
          return "nothing thrown";
        } catch (error) {
          return (error as Error).message;
        }
      };
      const blob = URL.createObjectURL(new Blob(["x"]));
      return ["https://example.com/", blob, "javascript:alert(1)", "data:text/html,x"].flatMap((href) => [
        attempt(() => liveSocket.navigate(href)),
        attempt(() => liveSocket.patch(href)),
        attempt(() => liveSocket.js().navigate(href)),
      ]);
    });
    expect(errors.filter((error) => !error.endsWith("is no page of this app"))).toEqual([]);
    expect(new URL(page.url()).pathname).toBe("/plain");
    await page.close();
  });
});
