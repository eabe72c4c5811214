/** Navigation, nested and sticky views in a real browser: frames, history, and the visible page. */
import { createApp, each, html, Link, LiveView, type Report, type Template } from "@overwire/server";
import { describeBrowser } from "@overwire/test-support/chromium";
import { serveApp } from "@overwire/test-support/served-view";
import type { Page } from "playwright-core";
import { afterEach, describe, expect, test } from "vitest";
import type { LiveSocket } from "../live-socket.ts";

/** Client events of a page since it was loaded. */
interface Seen {
  readonly type: string;
  readonly detail: { readonly href?: string; readonly kind?: string };
}
declare global {
  interface Window {
    liveSocket: LiveSocket;
    seen: Seen[];
    /** Says which navigations are not wanted. */
    refuses: boolean;
    marked?: Element | null;
    frameLoads: number;
    /** The code that follows links is there: it takes scrolling over from the browser. */
    navigates: boolean;
  }
}

let reports: Report[] = [];
/** Views that live, the newest last. */
let alive: Base[] = [];
let mounts: string[] = [];
/** Promise that the slow view awaits. */
let hold: Promise<void> | undefined;
let release = () => {};
const holdMount = () => {
  hold = new Promise((resolve) => {
    release = resolve;
  });
};

abstract class Base extends LiveView {
  override mount(): void | Promise<void> {
    mounts.push(this.constructor.name);
    alive.push(this);
  }
  override handleInfo(run: unknown) {
    return (run as () => void)();
  }
  override terminate() {
    alive = alive.filter((view) => view !== this);
  }
  get messages(): Template {
    return html`<p id="flash">${this.flash["info"]}</p>`;
  }
}

/** The newest view of a class. */
function living<View extends Base>(View: new () => View): View {
  const found = alive.findLast((view) => view instanceof View && view.connected);
  if (!found) throw new Error(`There is no ${View.name}.`);
  return found as View;
}
const inTurn = <View extends Base>(View: new () => View, run: (view: View) => unknown) => {
  const view = living(View);
  view.send(() => run(view));
};

const rows = Array.from({ length: 100 }, (_, number) => number);

class List extends Base {
  override pageTitle = "List";
  number = mounts.length;
  override async handleParams() {
    if (this.params["to"]) this.pushPatch(String(this.params["to"]));
    if (this.params["away"]) {
      this.putFlash("info", "sent away");
      this.redirect(String(this.params["away"]));
    }
    if (this.params["wait"]) await hold;
  }
  override render() {
    return html`<main>
      <h1 id="where">list ${this.params["page"]}</h1>${this.messages}
      <nav style="position: fixed; right: 0; top: 0">
        <${Link} id="patch" patch="/list?page=2">patch<//>
        <${Link} id="patch3" patch="/list?page=3">patch<//>
        <${Link} id="replace" patch="/list?page=9" replace>replace<//>
        <${Link} id="item" navigate="/item/1">item<//>
        <${Link} id="item-replace" navigate="/item/1" replace>item<//>
        <${Link} id="wrong" patch="/item/7">of another view<//>
        <${Link} id="slow" navigate="/slow">slow<//>
        <${Link} id="wait" patch="/list?wait=1">wait<//>
        <${Link} id="other" navigate="/other">other<//>
        <${Link} id="to-plain" navigate="/plain">plain, live<//>
        <${Link} id="hash-item" navigate="/item/1#deep">deep<//>
        <${Link} id="hash-patch" patch="/list?page=4#row-70">deep<//>
        <${Link} id="blank" navigate="/item/2" target="_BLANK">tab<//>
        <${Link} id="download" navigate="/item/2" download>download<//>
        <${Link} id="again" patch="/list?to=${"/list?page=5"}">again<//>
        <${Link} id="away" patch="/list?away=/plain">away<//>
        <${Link} id="crash" navigate="/crash">crash<//>
        <${Link} id="untitled" navigate="/untitled">untitled<//>
        <a id="hash" href="#row-50">row 50</a>
        <a id="plain" href="/plain">plain</a>
      </nav>
      ${rows.map((row) => html`<p id=${`row-${row}`} style="height: 40px; margin: 0">row ${row}</p>`)}
    </main>`;
  }
}

class Item extends Base {
  override pageTitle = "Item";
  override render() {
    return html`<main><h1 id="where">item ${this.params["id"]}</h1>${this.messages}
      <div id="box" style="overflow: auto; height: 100px"><div style="height: 1000px">box</div></div>
      <${Link} id="list" navigate="/list">list<//> <${Link} id="patch" patch="/item/2">two<//>
      <div style="height: 3000px">tall</div><p id="deep">deep</p><div style="height: 3000px">tall</div></main>`;
  }
}

class Slow extends Base {
  override pageTitle = "Slow";
  override async mount() {
    await super.mount();
    await hold;
  }
  override render() {
    return html`<main><h1 id="where">slow</h1><${Link} id="list" navigate="/list">list<//></main>`;
  }
}

class Untitled extends Base {
  override render() {
    return html`<main><h1 id="where">untitled</h1></main>`;
  }
}

class Redirects extends Base {
  override async mount() {
    await super.mount();
    if (this.params["when"] === "mount") this.#go();
  }
  override handleParams() {
    if (this.params["when"] === "params") this.#go();
  }
  #go() {
    this.putFlash("info", "redirected");
    if (this.params["how"] === "navigate") this.pushNavigate("/item/9");
    else this.redirect(String(this.params["to"] ?? "/item/9"));
  }
  override render() {
    return html`<main><h1 id="where">redirects</h1></main>`;
  }
}

class Crash extends Base {
  override async mount() {
    await super.mount();
    throw new Error("crashed on purpose");
  }
  override render() {
    return html`<p></p>`;
  }
}

/** No links, no hooks: its page loads no features. */
class Simple extends Base {
  count = 0;
  add = this.event(() => {
    this.count++;
  });
  override render() {
    return html`<main><h1 id="where">simple</h1><button id="add" phx-click=${this.add}>${this.count}</button></main>`;
  }
}

class Child extends Base {
  count = 0;
  add = this.event(() => {
    this.count++;
  });
  boom = this.event(() => {
    throw new Error("a child crashed on purpose");
  });
  override render() {
    return html`<button class="add" phx-click=${this.add}>${this.count}</button>
      <button class="boom" phx-click=${this.boom}>boom</button>`;
  }
}

class Nesting extends Base {
  children: string[] = String(this.params["with"] ?? "")
    .split(",")
    .filter(Boolean);
  override render() {
    return html`<main><h1 id="where">nesting ${this.params["page"]}</h1>${this.messages}
      <${Link} id="list" navigate="/list">list<//>
      ${each(
        this.children,
        (id) => id,
        (id) => html`<section><${Child} id=${id} /></section>`,
      )}</main>`;
  }
}

class Player extends Base {
  count = 0;
  add = this.event(() => {
    this.count++;
  });
  override render() {
    return html`<button class="add" phx-click=${this.add}>${this.count}</button>
      <input id="note"><iframe id="frame" src="/frame"></iframe>
      <p id="fades" phx-remove='[["hide",{}]]'>fades</p>
      <${Link} id="player-next" navigate="/radio/9">next<//>`;
  }
}

class Radio extends Base {
  override render() {
    const { n } = this.params as { n: string };
    return html`<main><h1 id="where">radio ${n}</h1>
      <${Link} id="next" navigate=${`/radio/${Number(n) + 1}`}>next<//>
      <${Link} id="silence" navigate="/silence">silence<//>
      ${Number(n) % 2 ? html`<aside><${Player} id="player" sticky /></aside>` : html`<${Player} id="player" sticky />`}
    </main>`;
  }
}

class Silence extends Base {
  override render() {
    return html`<main><h1 id="where">silence</h1><${Link} id="radio" navigate="/radio/1">radio<//></main>`;
  }
}

const app = createApp({
  secret: "s".repeat(32),
  report: (report) => reports.push(report),
  layout: ({ children, head, title }) => html`<!doctype html><html lang="en"><head><meta charset="utf-8">
    <title data-default="Nothing" data-suffix=" · App">${title ?? "Nothing"} · App</title>${head}</head><body>${children}</body></html>`,
});
app.live("/list", List);
app.live("/item/:id", Item);
app.live("/slow", Slow);
app.live("/untitled", Untitled);
app.live("/redirects/:when/:how", Redirects);
app.live("/crash", Crash);
app.live("/simple", Simple);
app.live("/nesting", Nesting);
app.live("/radio/:n", Radio);
app.live("/silence", Silence);
app.liveSession({ name: "other" }, (app) => {
  app.live("/other", Untitled);
});
const plain = (text: string) =>
  `<!doctype html><title>plain</title><h1 id="where">plain</h1><p id="flash">${text}</p><a id="list" href="/list">list</a>`;
app.get("/plain", (c) => c.html(plain(app.getFlash(c)["info"] ?? "")));
app.get("/to-list", (c) => {
  app.putFlash(c, "info", "from a plain page");
  return c.redirect("/list");
});
app.get("/favicon.ico", (c) => c.body(null, 204));
app.get("/frame", (c) =>
  c.html(`<script nonce="${app.nonce(c)}">parent.frameLoads = (parent.frameLoads ?? 0) + 1</script>frame`),
);

interface Tab {
  readonly page: Page;
  /** Kinds of frames that were sent, in order; heartbeats left out. */
  readonly sent: string[];
  readonly received: string[];
  /** Paths of requests, without scripts. */
  readonly requests: string[];
  readonly trouble: string[];
  /** Forgets what was noted. */
  fresh(): Promise<void>;
  where(text: string): Promise<void>;
  /** Path, query and hash. */
  at(): string;
  events(type: string): Promise<unknown[]>;
  length(): Promise<number>;
}

describeBrowser("navigation in Chromium", (browser) => {
  const served = serveApp(app);
  let tabs: Tab[] = [];
  /** Console errors and reports that a test means to cause. */
  let expected: RegExp | undefined;

  afterEach(async () => {
    const wrong = [
      ...tabs.flatMap(({ trouble }) => trouble),
      ...reports.map(({ kind, message, error }) => `${kind}: ${message} ${(error as Error)?.message ?? ""}`),
    ].filter((line) => !expected?.test(line));
    release();
    await Promise.all(tabs.map(({ page }) => page.context().close()));
    [tabs, reports, mounts, expected, hold] = [[], [], [], undefined, undefined];
    expect(wrong).toEqual([]);
  });

  async function open(path: string): Promise<Tab> {
    const context = await browser().newContext({
      baseURL: served.url(),
      viewport: { width: 800, height: 600 },
    });
    const page = await context.newPage();
    const [sent, received, requests, trouble]: string[][] = [[], [], [], []];
    const note = (list: string[]) => (frame: { payload: string | Buffer }) => {
      const [kind] = JSON.parse(String(frame.payload)) as [string];
      if (kind !== "h") list.push(kind);
    };
    page.on("websocket", (socket) => {
      socket.on("framesent", note(sent as string[]));
      socket.on("framereceived", note(received as string[]));
    });
    page.on("request", (request) => {
      if (request.resourceType() === "document") requests?.push(new URL(request.url()).pathname);
    });
    page.on("pageerror", (error) => trouble?.push(`page error: ${error.stack}`));
    page.on("console", (message) => {
      if (message.type() === "error") trouble?.push(`console: ${message.text()}`);
    });
    await page.addInitScript(() => {
      window.seen = [];
      const property = Object.getOwnPropertyDescriptor(History.prototype, "scrollRestoration");
      Object.defineProperty(history, "scrollRestoration", {
        ...property,
        set(value) {
          property?.set?.call(history, value);
          window.navigates = true;
        },
      });
      const types = ["before-navigate", "navigate", "page-loading-start", "page-loading-stop"];
      for (const type of types) {
        window.addEventListener(`phx:${type}`, (event) => {
          window.seen.push({ type, detail: (event as CustomEvent).detail });
          if (type === "before-navigate" && window.refuses) event.preventDefault();
        });
      }
    });
    const tab: Tab = {
      page,
      sent: sent as string[],
      received: received as string[],
      requests: requests as string[],
      trouble: trouble as string[],
      async fresh() {
        for (const list of [sent, received, requests]) list?.splice(0);
        await page.evaluate(() => {
          window.seen = [];
        });
      },
      async where(text) {
        await expect.poll(() => page.locator("#where").textContent()).toBe(text);
      },
      at: () => page.url().slice(served.url().replace(/\/$/, "").length),
      events: (type) =>
        page.evaluate(
          (type) =>
            window.seen
              .filter((each) => each.type === type && each.detail.kind !== "initial")
              .map(({ detail }) => detail),
          type,
        ),
      length: () => page.evaluate(() => history.length),
    };
    tabs.push(tab);
    await page.goto(path);
    await joined(page);
    return tab;
  }

  const joined = async (page: Page) => {
    await page.locator("[data-ow-view].phx-connected").first().waitFor();
    await page.waitForFunction(() => window.liveSocket?.idle);
    // Links are followed by what is loaded for them.
    if (await page.locator("[data-ow-link]").count()) await page.waitForFunction(() => window.navigates);
  };
  const click = (tab: Tab, id: string) => tab.page.locator(`#${id}`).click();
  const go = (tab: Tab, by: number) =>
    tab.page
      .evaluate((by) => history.go(by), by)
      .catch((error: Error) => {
        // Another document may be there before the answer of this one.
        if (!error.message.includes("Execution context was destroyed")) throw error;
      });
  const back = (tab: Tab) => go(tab, -1);
  const forward = (tab: Tab) => go(tab, 1);
  const at = (tab: Tab, path: string) => expect.poll(() => tab.at()).toBe(path);
  const scrolled = (tab: Tab) => tab.page.evaluate(() => scrollY);
  const scrollTo = async (tab: Tab, top: number) => {
    await tab.page.evaluate((top) => window.scrollTo(0, top), top);
    // It is noted when it has come to rest.
    await tab.page.waitForFunction((top) => history.state?.scroll === top, top);
  };
  /** Distance of an element from the upper edge of the window. */
  const topOf = (tab: Tab, selector: string) =>
    tab.page.locator(selector).evaluate((el) => Math.abs(Math.round(el.getBoundingClientRect().top)));
  const drop = (tab: Tab) =>
    tab.page.evaluate(() => {
      const { liveSocket } = window;
      liveSocket.disconnect();
      liveSocket.connect();
    });
  const settled = async (tab: Tab) => {
    // A page that is being loaded has none yet.
    await tab.page.waitForFunction(() => window.liveSocket?.idle);
  };
  const length = (tab: Tab, count: number) => expect.poll(() => tab.length()).toBe(count);

  describe("frames", () => {
    test("the first load is one request and one join", async () => {
      const tab = await open("/list");
      expect([tab.requests, tab.sent, tab.received]).toEqual([["/list"], ["j"], ["j"]]);
    });

    test("a patch is one pair of frames and one entry of the history; nothing is mounted", async () => {
      const tab = await open("/list");
      const before = await tab.length();
      await tab.fresh();
      await click(tab, "patch");
      await tab.where("list 2");
      await at(tab, "/list?page=2");
      expect([tab.requests, tab.sent, tab.received]).toEqual([[], ["n"], ["p"]]);
      await length(tab, before + 1);
      expect(mounts).toEqual(["List"]);
    });

    test("a patch that replaces leaves the history as long as it is", async () => {
      const tab = await open("/list");
      const before = await tab.length();
      await tab.fresh();
      await click(tab, "replace");
      await at(tab, "/list?page=9");
      await length(tab, before);
      expect([tab.requests, tab.sent]).toEqual([[], ["n"]]);
    });

    test("a navigation joins over the same socket and leaves the view before", async () => {
      const tab = await open("/list");
      const before = await tab.length();
      await tab.fresh();
      await click(tab, "item");
      await tab.where("item 1");
      await at(tab, "/item/1");
      await expect.poll(() => tab.sent.toSorted()).toEqual(["j", "l"]);
      expect([tab.requests, tab.received]).toEqual([[], ["j"]]);
      await length(tab, before + 1);
      await expect.poll(() => alive.map((view) => view.constructor.name)).toEqual(["Item"]);
      await click(tab, "list");
      await tab.where("list ");
      await length(tab, before + 2);
      await back(tab);
      await tab.where("item 1");
      await click(tab, "patch");
      await tab.where("item 2");
    });

    test("a navigation that replaces leaves the history as long as it is", async () => {
      const tab = await open("/list");
      const before = await tab.length();
      await click(tab, "item-replace");
      await tab.where("item 1");
      await at(tab, "/item/1");
      await length(tab, before);
    });

    test("a patch to another view's URL navigates", async () => {
      const tab = await open("/list");
      await tab.fresh();
      await click(tab, "wrong");
      await tab.where("item 7");
      await at(tab, "/item/7");
      expect(tab.requests).toEqual([]);
      await back(tab);
      await tab.where("list ");
    });

    test("a page without links loads no features, and a server may send it elsewhere, and back", async () => {
      const tab = await open("/simple");
      const scripts = () =>
        tab.page.evaluate(() =>
          performance
            .getEntriesByType("resource")
            .map(({ name }) => /features|client/.exec(name)?.[0])
            .filter(Boolean),
        );
      await click(tab, "add");
      await expect.poll(() => tab.page.locator("#add").textContent()).toBe("1");
      expect(await scripts()).toEqual(["client"]);
      await tab.fresh();
      inTurn(Simple, (view) => view.pushNavigate("/item/4"));
      await tab.where("item 4");
      await at(tab, "/item/4");
      expect([tab.requests, await tab.events("before-navigate")]).toEqual([[], []]);
      await expect.poll(scripts).toEqual(["client", "features"]);
      await back(tab);
      await tab.where("simple");
      await click(tab, "add");
      await expect.poll(() => tab.page.locator("#add").textContent()).toBe("1");
      expect(tab.requests).toEqual([]);
    });

    test("a navigation changes the title; a view without one gets the layout's default", async () => {
      const tab = await open("/list");
      expect(await tab.page.title()).toBe("List · App");
      await click(tab, "item");
      await expect.poll(() => tab.page.title()).toBe("Item · App");
      await back(tab);
      await expect.poll(() => tab.page.title()).toBe("List · App");
      inTurn(List, (view) => {
        view.pageTitle = "<b>&";
      });
      await expect.poll(() => tab.page.title()).toBe("<b>& · App");
      await click(tab, "untitled");
      await expect.poll(() => tab.page.title()).toBe("Nothing · App");
    });

    test("the page shows that it is loading around each", async () => {
      const tab = await open("/list");
      await tab.fresh();
      await click(tab, "patch");
      await at(tab, "/list?page=2");
      await click(tab, "item");
      await at(tab, "/item/1");
      const [patch, redirect] = [
        { kind: "patch", to: `${served.url()}/list?page=2` },
        { kind: "redirect", to: `${served.url()}/item/1` },
      ];
      await expect.poll(() => tab.events("page-loading-stop")).toEqual([patch, redirect]);
      expect(await tab.events("page-loading-start")).toEqual([patch, redirect]);
    });
  });

  describe("back and forward", () => {
    test("go through patches and navigations without a request", async () => {
      const tab = await open("/item/1");
      await tab.fresh();
      await click(tab, "list");
      await at(tab, "/list");
      await click(tab, "patch");
      await at(tab, "/list?page=2");
      const shown: [move: typeof back, path: string, where: string][] = [
        [back, "/list", "list "],
        [back, "/item/1", "item 1"],
        [forward, "/list", "list "],
        [forward, "/list?page=2", "list 2"],
      ];
      for (const [move, path, where] of shown) {
        await move(tab);
        await tab.where(where);
        await at(tab, path);
        await settled(tab);
      }
      expect(tab.requests).toEqual([]);
      const count = (kind: string) => tab.sent.filter((each) => each === kind).length;
      await expect.poll(() => [count("l"), count("n")]).toEqual([3, 3]);
      const details = async () =>
        ((await tab.events("navigate")) as { patch: boolean; pop: boolean; direction: string }[]).map(
          ({ patch, pop, direction }) => [patch ? "patch" : "redirect", pop, direction],
        );
      await expect.poll(details).toEqual([
        ["redirect", false, "forward"],
        ["patch", false, "forward"],
        ["patch", true, "backward"],
        ["redirect", true, "backward"],
        ["redirect", true, "forward"],
        ["patch", true, "forward"],
      ]);
    });

    test("to the first entry after a patch is a patch", async () => {
      const tab = await open("/list");
      await tab.fresh();
      await click(tab, "patch");
      await at(tab, "/list?page=2");
      await back(tab);
      await tab.where("list ");
      expect([tab.sent, tab.requests]).toEqual([["n", "n"], []]);
    });

    test("go on after a reload in the middle of the history", async () => {
      const tab = await open("/list");
      await click(tab, "patch");
      await at(tab, "/list?page=2");
      await click(tab, "item");
      await tab.where("item 1");
      await back(tab);
      await tab.where("list 2");
      await tab.page.reload();
      await joined(tab.page);
      await tab.fresh();
      await back(tab);
      await tab.where("list ");
      await forward(tab);
      await tab.where("list 2");
      await forward(tab);
      await tab.where("item 1");
      await settled(tab);
      expect(tab.requests).toEqual([]);
      const directions = async () =>
        ((await tab.events("navigate")) as { direction: string }[]).map(({ direction }) => direction);
      await expect.poll(directions).toEqual(["backward", "forward", "forward"]);
    });

    test("load the page again if its features are not there after a reload", async () => {
      const tab = await open("/list");
      await click(tab, "untitled");
      await tab.where("untitled");
      await tab.page.reload();
      await joined(tab.page);
      await tab.fresh();
      await back(tab);
      await tab.where("list ");
      await joined(tab.page);
      await click(tab, "item");
      await tab.where("item 1");
    });

    test("within a page, between its hashes, ask nothing of the server", async () => {
      const tab = await open("/list");
      await tab.fresh();
      await click(tab, "hash");
      await at(tab, "/list#row-50");
      await expect.poll(() => topOf(tab, "#row-50")).toBe(0);
      await tab.page.waitForFunction(() => history.state?.scroll > 0);
      await back(tab);
      await at(tab, "/list");
      await expect.poll(() => scrolled(tab)).toBe(0);
      await forward(tab);
      await at(tab, "/list#row-50");
      await expect.poll(() => topOf(tab, "#row-50")).toBe(0);
      expect([tab.sent, tab.requests, await tab.events("before-navigate")]).toEqual([[], [], []]);
      await click(tab, "patch");
      await at(tab, "/list?page=2");
      await back(tab);
      await at(tab, "/list#row-50");
      await tab.where("list ");
    });
  });

  describe("navigation that may be prevented", () => {
    test("a link: nothing happens, and it works once it is allowed", async () => {
      const tab = await open("/list");
      await tab.fresh();
      await tab.page.evaluate(() => {
        window.refuses = true;
      });
      await click(tab, "item");
      const href = `${served.url()}/item/1`;
      expect(await tab.events("before-navigate")).toEqual([
        { href, patch: false, pop: false, direction: "forward" },
      ]);
      expect([tab.sent, tab.requests, tab.at(), await tab.events("navigate")]).toEqual([[], [], "/list", []]);
      await tab.page.evaluate(() => {
        window.refuses = false;
      });
      await click(tab, "item");
      await tab.where("item 1");
    });

    test.each(["back", "forward"] as const)("going %s: the URL is restored", async (way) => {
      const tab = await open("/list");
      await click(tab, "patch");
      await at(tab, "/list?page=2");
      await click(tab, "item");
      await tab.where("item 1");
      const here = way === "back" ? "/item/1" : "/list?page=2";
      if (way === "forward") {
        await back(tab);
        await tab.where("list 2");
      }
      await settled(tab);
      await tab.fresh();
      await tab.page.evaluate(() => {
        window.refuses = true;
      });
      await tab.page.evaluate((way) => history[way](), way);
      await expect
        .poll(() => tab.events("before-navigate"))
        .toMatchObject([{ pop: true, patch: false, direction: way === "back" ? "backward" : way }]);
      await at(tab, here);
      expect([tab.sent, tab.requests, await tab.events("navigate")]).toEqual([[], [], []]);
      await tab.page.evaluate(() => {
        window.refuses = false;
      });
      await tab.page.evaluate((way) => history[way](), way);
      await tab.where(way === "back" ? "list 2" : "item 1");
    });

    test("not what the server wants", async () => {
      const tab = await open("/list");
      await tab.fresh();
      await tab.page.evaluate(() => {
        window.refuses = true;
      });
      inTurn(List, (view) => view.pushPatch("/list?page=6"));
      await at(tab, "/list?page=6");
      inTurn(List, (view) => view.pushNavigate("/nesting?with=a"));
      await tab.where("nesting ");
      await tab.page.locator("#a.phx-connected").waitFor();
      inTurn(Child, (view) => view.pushPatch("/nesting?page=2"));
      await tab.where("nesting 2");
      inTurn(Child, (view) => view.pushNavigate("/item/3"));
      await tab.where("item 3");
      expect([await tab.events("before-navigate"), tab.requests]).toEqual([[], []]);
    });

    test("a form that was changed asks: dismissed, it is still there", async () => {
      const tab = await open("/list");
      await tab.page.evaluate(() => {
        window.addEventListener("phx:before-navigate", (event) => {
          if (!confirm("Leave?")) event.preventDefault();
        });
      });
      await tab.fresh();
      tab.page.once("dialog", (dialog) => dialog.dismiss());
      await click(tab, "item");
      expect([tab.sent, tab.at()]).toEqual([[], "/list"]);
      tab.page.once("dialog", (dialog) => dialog.accept());
      await click(tab, "item");
      await tab.where("item 1");
    });
  });

  describe("scrolling", () => {
    test("a navigation begins at the top, going back restores", async () => {
      const tab = await open("/list");
      await scrollTo(tab, 1200);
      await click(tab, "item");
      await tab.where("item 1");
      await expect.poll(() => scrolled(tab)).toBe(0);
      await scrollTo(tab, 700);
      await back(tab);
      await tab.where("list ");
      await expect.poll(() => scrolled(tab)).toBe(1200);
      await forward(tab);
      await tab.where("item 1");
      await expect.poll(() => scrolled(tab)).toBe(700);
    });

    test("the position right before following a link is restored too", async () => {
      const tab = await open("/list");
      await tab.page.evaluate(() => {
        window.scrollTo(0, 900);
        document.getElementById("item")?.click();
      });
      await tab.where("item 1");
      await expect.poll(() => scrolled(tab)).toBe(0);
      await settled(tab);
      await back(tab);
      await tab.where("list ");
      await expect.poll(() => scrolled(tab)).toBe(900);
    });

    test("a patch leaves it alone, and going back from it restores", async () => {
      const tab = await open("/list");
      await scrollTo(tab, 800);
      await click(tab, "patch");
      await at(tab, "/list?page=2");
      expect(await scrolled(tab)).toBe(800);
      await scrollTo(tab, 1500);
      await back(tab);
      await at(tab, "/list");
      await expect.poll(() => scrolled(tab)).toBe(800);
    });

    test("an element that scrolls on its own begins at its top again", async () => {
      const tab = await open("/item/1");
      await tab.page.locator("#box").evaluate((box) => box.scrollTo(0, 300));
      await click(tab, "list");
      await tab.where("list ");
      await back(tab);
      await tab.where("item 1");
      expect(await tab.page.locator("#box").evaluate((box) => box.scrollTop)).toBe(0);
    });

    test("hashes are scrolled to: on a load, by a link in the page, by patch and navigation", async () => {
      const tab = await open("/list#row-30");
      await expect.poll(() => topOf(tab, "#row-30")).toBe(0);
      await click(tab, "hash");
      await expect.poll(() => topOf(tab, "#row-50")).toBe(0);
      await click(tab, "hash-patch");
      await at(tab, "/list?page=4#row-70");
      await expect.poll(() => topOf(tab, "#row-70")).toBe(0);
      await click(tab, "hash-item");
      await at(tab, "/item/1#deep");
      await expect.poll(() => topOf(tab, "#deep")).toBe(0);
      await back(tab);
      await tab.where("list 4");
      await expect.poll(() => topOf(tab, "#row-70")).toBe(0);
    });

    test("back from a plain page, and after a reload", async () => {
      const tab = await open("/list");
      await scrollTo(tab, 1100);
      await tab.page.reload();
      await joined(tab.page);
      await expect.poll(() => scrolled(tab)).toBe(1100);
      await click(tab, "plain");
      await tab.where("plain");
      await back(tab);
      await tab.where("list ");
      await joined(tab.page);
      await expect.poll(() => scrolled(tab)).toBe(1100);
      expect(tab.sent.filter((kind) => kind === "n")).toEqual([]);
    });
  });

  describe("of several navigations", () => {
    test("only the latest counts, however late the first one is", async () => {
      const tab = await open("/list");
      const before = await tab.length();
      holdMount();
      await click(tab, "slow");
      await expect.poll(() => mounts.at(-1)).toBe("Slow");
      await click(tab, "item");
      await tab.where("item 1");
      release();
      await expect.poll(() => alive.map((view) => view.constructor.name)).toEqual(["Item"]);
      expect([tab.at(), await tab.length(), await tab.page.title()]).toEqual([
        "/item/1",
        before + 1,
        "Item · App",
      ]);
      await expect.poll(() => tab.events("navigate")).toHaveLength(1);
      await back(tab);
      await tab.where("list ");
    });

    test("a patch after a navigation that takes time keeps the page where it is", async () => {
      const tab = await open("/list");
      holdMount();
      await click(tab, "slow");
      await expect.poll(() => mounts.at(-1)).toBe("Slow");
      await click(tab, "patch");
      await tab.where("list 2");
      release();
      await expect.poll(() => alive.map((view) => view.constructor.name)).toEqual(["List"]);
      await at(tab, "/list?page=2");
    });

    test("a navigation overtakes a patch that takes time", async () => {
      const tab = await open("/list");
      holdMount();
      await click(tab, "wait");
      await expect.poll(() => tab.sent.at(-1)).toBe("n");
      await click(tab, "item");
      await tab.where("item 1");
      release();
      await settled(tab);
      await expect.poll(() => tab.events("navigate")).toMatchObject([{ patch: false }]);
      expect(tab.at()).toBe("/item/1");
    });

    test("one of the server's does not end in a page that is dead: what is clicked meanwhile is navigated to", async () => {
      const tab = await open("/list");
      holdMount();
      inTurn(List, (view) => view.pushNavigate("/slow"));
      await expect.poll(() => mounts.at(-1)).toBe("Slow");
      await click(tab, "patch");
      await tab.where("list 2");
      await at(tab, "/list?page=2");
      await click(tab, "patch3");
      await tab.where("list 3");
      expect(tab.requests).toEqual(["/list"]);
    });

    test("back and back again while the first one takes time", async () => {
      const tab = await open("/list");
      await click(tab, "slow");
      await tab.where("slow");
      await click(tab, "list");
      await tab.where("list ");
      await settled(tab);
      await click(tab, "item");
      await tab.where("item 1");
      await settled(tab);
      await back(tab);
      await tab.where("list ");
      holdMount();
      await back(tab);
      await expect.poll(() => mounts.filter((name) => name === "Slow").length).toBe(2);
      await back(tab);
      await at(tab, "/list");
      await settled(tab);
      const list = { href: `${served.url()}/list` };
      // The one that takes time is never reached.
      await expect
        .poll(() => tab.events("navigate").then((all) => all.slice(3)))
        .toMatchObject([
          { ...list, direction: "backward" },
          { ...list, direction: "backward" },
        ]);
      release();
      await forward(tab);
      await tab.where("slow");
      await forward(tab);
      await tab.where("list ");
      await forward(tab);
      await tab.where("item 1");
    });

    test("the same link clicked twice counts once", async () => {
      const tab = await open("/list");
      holdMount();
      await tab.fresh();
      await click(tab, "slow");
      await click(tab, "slow");
      release();
      await tab.where("slow");
      await expect.poll(() => tab.sent.toSorted()).toEqual(["j", "l"]);
    });

    test("a link is followed again once it was followed", async () => {
      const tab = await open("/list");
      const before = await tab.length();
      for (let count = 1; count <= 2; count++) {
        await click(tab, "patch");
        await expect.poll(() => tab.length()).toBe(before + count);
      }
      expect(tab.sent).toEqual(["j", "n", "n"]);
    });
  });

  describe("links that are the browser's", () => {
    test.each(["Control", "Shift", "Meta", "Alt"] as const)("with %s", async (key) => {
      const tab = await open("/list");
      await tab.page.evaluate(() =>
        window.addEventListener("click", (event) => {
          document.title = String(event.defaultPrevented);
          event.preventDefault();
        }),
      );
      await tab.fresh();
      await tab.page.locator("#item").click({ modifiers: [key] });
      expect([await tab.page.title(), tab.sent, tab.at()]).toEqual(["false", [], "/list"]);
    });

    test("with a target or for a download", async () => {
      const tab = await open("/list");
      await tab.fresh();
      const [popup] = await Promise.all([tab.page.waitForEvent("popup"), click(tab, "blank")]);
      await popup.locator("#where").waitFor();
      const [download] = await Promise.all([tab.page.waitForEvent("download"), click(tab, "download")]);
      expect(download.url()).toContain("/item/2");
      expect([tab.sent, tab.at(), await tab.events("before-navigate")]).toEqual([[], "/list", []]);
    });
  });

  describe("full loads", () => {
    test("another live session", async () => {
      const tab = await open("/list");
      await tab.fresh();
      await click(tab, "other");
      await tab.where("untitled");
      await joined(tab.page);
      expect([tab.at(), tab.requests]).toEqual(["/other", ["/other"]]);
      expected = /another live session/;
      await back(tab);
      await tab.where("list ");
      await joined(tab.page);
      await click(tab, "item");
      await tab.where("item 1");
    });

    test("a plain page, by a live link", async () => {
      const tab = await open("/list");
      await tab.fresh();
      await click(tab, "to-plain");
      await tab.where("plain");
      expect(tab.requests).toEqual(["/plain"]);
      expected = /status 200|refused/;
    });

    test.each([
      ["redirect", "/plain"],
      ["redirect", "/item/5"],
      ["pushNavigate", "/item/5"],
      ["pushNavigate", "/list?page=8"],
      ["pushNavigate", "/other"],
    ] as const)("a flash goes along: %s to %s", async (way, to) => {
      expected = /another live session/;
      const tab = await open("/list");
      inTurn(List, (view) => {
        view.putFlash("info", "carried");
        view[way](to);
      });
      await at(tab, to);
      if (to === "/other") return;
      await expect.poll(() => tab.page.locator("#flash").textContent()).toBe("carried");
      if (to !== "/plain") await settled(tab);
      expect(await tab.page.locator("#flash").textContent()).toBe("carried");
    });

    test("a flash comes from a plain page, is still there after the join, and goes with a patch", async () => {
      const tab = await open("/to-list");
      expect(await tab.page.locator("#flash").textContent()).toBe("from a plain page");
      await click(tab, "patch");
      await at(tab, "/list?page=2");
      expect(await tab.page.locator("#flash").textContent()).toBe("");
    });

    test("a patch of the server's shows its flash", async () => {
      const tab = await open("/list");
      inTurn(List, (view) => {
        view.putFlash("info", "patched");
        view.pushPatch("/list?page=3");
      });
      await tab.where("list 3");
      await at(tab, "/list?page=3");
      expect(await tab.page.locator("#flash").textContent()).toBe("patched");
    });

    test("links work once the socket is closed on purpose: the page is loaded", async () => {
      const tab = await open("/list");
      await tab.fresh();
      await tab.page.evaluate(() => window.liveSocket.disconnect());
      await click(tab, "item");
      await tab.where("item 1");
      expect(tab.requests).toEqual(["/item/1"]);
    });

    test("so do back and forward, to a hash as well", async () => {
      const tab = await open("/list");
      await click(tab, "hash-patch");
      await at(tab, "/list?page=4#row-70");
      await click(tab, "item");
      await tab.where("item 1");
      await settled(tab);
      await tab.fresh();
      await tab.page.evaluate(() => window.liveSocket.disconnect());
      await back(tab);
      await tab.where("list 4");
      await joined(tab.page);
      expect(tab.requests).toEqual(["/list"]);
      await back(tab);
      await tab.where("list ");
      await joined(tab.page);
      await forward(tab);
      await tab.where("list 4");
      await joined(tab.page);
      await forward(tab);
      await tab.where("item 1");
    });

    test("a navigation that loses its connection goes on when that is back", async () => {
      const tab = await open("/list");
      holdMount();
      await tab.fresh();
      await click(tab, "slow");
      await expect.poll(() => mounts.at(-1)).toBe("Slow");
      await drop(tab);
      release();
      await tab.where("slow");
      expect(tab.requests).toEqual([]);
      await joined(tab.page);
      await back(tab);
      await tab.where("list ");
    });

    test("a page that is left shows no trouble", async () => {
      const tab = await open("/list");
      await tab.page.evaluate(() => {
        const view = document.querySelector("[data-ow-view]") as Element;
        new MutationObserver(() => {
          if (/phx-error|phx-loading/.test(view.className)) sessionStorage.setItem("trouble", view.className);
        }).observe(view, { attributes: true });
      });
      await click(tab, "plain");
      await tab.where("plain");
      expect(await tab.page.evaluate(() => sessionStorage.getItem("trouble"))).toBeNull();
    });
  });

  describe("views that send the page on", () => {
    test.each([
      ["mount", "navigate"],
      ["mount", "redirect"],
      ["params", "navigate"],
      ["params", "redirect"],
    ])("in %s by %s, their flash goes along", async (when, how) => {
      const tab = await open("/list");
      await tab.fresh();
      inTurn(List, (view) => view.pushNavigate(`/redirects/${when}/${how}`));
      await tab.where("item 9");
      await at(tab, "/item/9");
      await expect.poll(() => tab.page.locator("#flash").textContent()).toBe("redirected");
      expect(tab.requests).toEqual(how === "navigate" ? [] : ["/item/9"]);
    });

    test("handleParams answers a patch with another one: its URL is the one that counts", async () => {
      const tab = await open("/list");
      const before = await tab.length();
      await click(tab, "again");
      await tab.where("list 5");
      await settled(tab);
      await expect.poll(() => tab.events("page-loading-stop")).toHaveLength(1);
      await at(tab, "/list?page=5");
      await length(tab, before + 1);
      await click(tab, "patch");
      await at(tab, "/list?page=2");
      await back(tab);
      await tab.where("list 5");
      await back(tab);
      await tab.where("list ");
    });

    test("handleParams answers a patch with a redirect", async () => {
      const tab = await open("/list");
      await tab.fresh();
      const before = await tab.length();
      await click(tab, "away");
      await tab.where("plain");
      expect([tab.at(), tab.requests, await tab.length()]).toEqual(["/plain", ["/plain"], before + 1]);
      expect(await tab.page.locator("#flash").textContent()).toBe("sent away");
    });

    test("and may replace their entry of the history", async () => {
      const tab = await open("/list");
      const before = await tab.length();
      inTurn(List, (view) => view.pushPatch("/list?page=2", { replace: true }));
      await at(tab, "/list?page=2");
      inTurn(List, (view) => view.pushNavigate("/item/1", { replace: true }));
      await at(tab, "/item/1");
      await tab.where("item 1");
      await length(tab, before);
    });

    test("one that crashes while it mounts is loaded in full, for what the server says", async () => {
      const tab = await open("/list");
      await tab.fresh();
      expected = /crashed on purpose|status of 500|refused/;
      await click(tab, "crash");
      await expect.poll(() => tab.requests).toEqual(["/crash"]);
      await at(tab, "/crash");
      await tab.page.waitForLoadState();
      await back(tab);
      await tab.where("list ");
      await joined(tab.page);
    });
  });

  test("scripts navigate to any URL within the app", async () => {
    const tab = await open("/simple");
    await tab.fresh();
    await tab.page.evaluate(() => window.liveSocket.navigate("/list"));
    await at(tab, "/list");
    await tab.page.evaluate(() => window.liveSocket.patch("?page=2", { replace: true }));
    await at(tab, "/list?page=2");
    const refusal = tab.page.evaluate(() => window.liveSocket.navigate("https://example.com/"));
    await expect(refusal).rejects.toThrow("is no page of this app");
    expect([tab.at(), tab.requests]).toEqual(["/list?page=2", []]);
  });

  test("the focus is left to the browser", async () => {
    const tab = await open("/list");
    await click(tab, "item");
    await tab.where("item 1");
    expect(await tab.page.evaluate(() => document.activeElement?.localName)).toBe("body");
  });

  describe("nested views", () => {
    const count = (tab: Tab, id: string) => tab.page.locator(`#${id} .add`).textContent();
    const add = (tab: Tab, id: string) => tab.page.locator(`#${id} .add`).click();

    test("are joined with the page, come and go with it", async () => {
      const tab = await open("/nesting?with=a");
      expect(tab.sent).toEqual(["j", "j"]);
      await add(tab, "a");
      await expect.poll(() => count(tab, "a")).toBe("1");
      inTurn(Nesting, (view) => view.children.push("b"));
      await tab.page.locator("#b.phx-connected").waitFor();
      await add(tab, "b");
      await expect.poll(() => count(tab, "b")).toBe("1");
      expect(await count(tab, "a")).toBe("1");
      inTurn(Nesting, (view) => view.children.shift());
      await expect.poll(() => tab.page.locator("#a").count()).toBe(0);
      await expect.poll(() => alive.filter((view) => view instanceof Child).length).toBe(1);
      await add(tab, "b");
      await expect.poll(() => count(tab, "b")).toBe("2");
      inTurn(Nesting, (view) => view.children.unshift("a"));
      await tab.page.locator("#a.phx-connected").waitFor();
      await add(tab, "a");
      await expect.poll(() => count(tab, "a")).toBe("1");
      expect(await count(tab, "b")).toBe("2");
    });

    test("one is taken away and put back before its page has heard of it", async () => {
      const tab = await open("/nesting?with=a");
      inTurn(Nesting, (view) => {
        view.children = [];
        view.flush();
        view.children = ["a"];
      });
      await expect.poll(() => tab.sent.length).toBe(4);
      await tab.page.locator("#a.phx-connected").waitFor();
      await add(tab, "a");
      await expect.poll(() => count(tab, "a")).toBe("1");
    });

    test("one that crashes is joined again, alone", async () => {
      expected = /crashed/;
      const tab = await open("/nesting?with=a,b");
      for (const id of ["a", "b"]) await add(tab, id);
      for (const id of ["a", "b"]) await expect.poll(() => count(tab, id)).toBe("1");
      await tab.page.locator("#a .boom").click();
      await expect.poll(() => count(tab, "a")).toBe("0");
      await add(tab, "a");
      await expect.poll(() => count(tab, "a")).toBe("1");
      expect(await count(tab, "b")).toBe("1");
      expect(mounts.filter((name) => name === "Nesting")).toHaveLength(1);
    });

    test("are joined again after a connection was lost, under new tokens", async () => {
      const tab = await open("/nesting?with=a,b");
      const token = () => tab.page.locator("#a").getAttribute("data-ow-view");
      const before = await token();
      await drop(tab);
      await expect.poll(() => token()).not.toBe(before);
      await settled(tab);
      for (const id of ["a", "b"]) {
        await add(tab, id);
        await expect.poll(() => count(tab, id)).toBe("1");
      }
      await expect.poll(() => alive.length).toBe(3);
      expect(await tab.page.locator(".phx-error").count()).toBe(0);
    });

    test("a nested view patches its page and navigates it", async () => {
      const tab = await open("/nesting?with=a");
      const before = await tab.length();
      await add(tab, "a");
      await expect.poll(() => count(tab, "a")).toBe("1");
      inTurn(Child, (view) => view.pushPatch("/nesting?page=2"));
      await tab.where("nesting 2");
      await at(tab, "/nesting?page=2");
      await length(tab, before + 1);
      expect(await count(tab, "a")).toBe("1");
      inTurn(Child, (view) => view.pushPatch("/nesting?page=3", { replace: true }));
      await at(tab, "/nesting?page=3");
      await length(tab, before + 1);
      inTurn(Child, (view) => {
        view.putFlash("info", "from a child");
        view.pushNavigate("/item/1");
      });
      await tab.where("item 1");
      expect(await tab.page.locator("#flash").textContent()).toBe("from a child");
      await expect.poll(() => alive.map((view) => view.constructor.name)).toEqual(["Item"]);
      expect(tab.requests).toEqual(["/nesting"]);
    });

    test("go with their page, and come with it when one goes back", async () => {
      const tab = await open("/nesting?with=a");
      await click(tab, "list");
      await tab.where("list ");
      await expect.poll(() => alive.map((view) => view.constructor.name)).toEqual(["List"]);
      await back(tab);
      await tab.page.locator("#a.phx-connected").waitFor();
      await add(tab, "a");
      await expect.poll(() => count(tab, "a")).toBe("1");
    });
  });

  describe("sticky views", () => {
    const mark = async (tab: Tab) => {
      await tab.page.locator("#note").fill("typed");
      await tab.page.locator("#player .add").click();
      await expect.poll(() => tab.page.locator("#player .add").textContent()).toBe("1");
      await tab.page.waitForFunction(() => window.frameLoads === 1);
      await tab.page.evaluate(() => {
        window.marked = document.getElementById("player");
      });
    };
    const state = (tab: Tab) =>
      tab.page.evaluate(() => ({
        same: window.marked === document.getElementById("player"),
        alone: document.querySelectorAll("#player").length,
        note: (document.getElementById("note") as HTMLInputElement).value,
        frameLoads: window.frameLoads,
        fades: getComputedStyle(document.getElementById("fades") as Element).display,
      }));
    const kept = { same: true, alone: 1, note: "typed", frameLoads: 1, fades: "block" };
    const plays = async (tab: Tab, count: string) => {
      await tab.page.locator("#player .add").click();
      await expect.poll(() => tab.page.locator("#player .add").textContent()).toBe(count);
    };

    test("go on from page to page, as they are", async () => {
      const tab = await open("/radio/1");
      await mark(tab);
      for (let n = 2; n <= 5; n++) {
        await click(tab, "next");
        await tab.where(`radio ${n}`);
        await settled(tab);
        expect(await state(tab)).toEqual(kept);
        await plays(tab, String(n));
      }
      expect(mounts.filter((name) => name === "Player")).toHaveLength(1);
      await back(tab);
      await tab.where("radio 4");
      await settled(tab);
      expect(await state(tab)).toEqual(kept);
      await plays(tab, "6");
    });

    test("send the page elsewhere, again and again", async () => {
      const tab = await open("/radio/1");
      await mark(tab);
      for (const n of [2, 1, 2, 1]) {
        inTurn(Player, (view) => view.pushNavigate(`/radio/${n}`));
        await tab.where(`radio ${n}`);
        await settled(tab);
      }
      await click(tab, "player-next");
      await tab.where("radio 9");
      expect(await state(tab)).toEqual(kept);
      await plays(tab, "2");
      expect(tab.requests.filter((path) => path !== "/frame")).toEqual(["/radio/1"]);
    });

    test("end if the next page has none, and begin anew if one has", async () => {
      const tab = await open("/radio/1");
      await mark(tab);
      await click(tab, "silence");
      await tab.where("silence");
      await expect.poll(() => alive.map((view) => view.constructor.name)).toEqual(["Silence"]);
      await click(tab, "radio");
      await tab.where("radio 1");
      await tab.page.locator("#player.phx-connected").waitFor();
      await plays(tab, "1");
      await tab.page.evaluate(() => {
        window.marked = document.getElementById("player");
      });
      await click(tab, "next");
      await tab.where("radio 2");
      await settled(tab);
      expect(await state(tab)).toMatchObject({ same: true, alone: 1 });
      await plays(tab, "2");
    });

    test("keep what is typed over a lost connection, and stick again after it", async () => {
      const tab = await open("/radio/1");
      await mark(tab);
      await click(tab, "next");
      await tab.where("radio 2");
      await settled(tab);
      await drop(tab);
      await expect.poll(() => tab.page.locator("#player .add").textContent()).toBe("0");
      await settled(tab);
      expect(await state(tab)).toEqual(kept);
      await plays(tab, "1");
      await click(tab, "next");
      await tab.where("radio 3");
      await settled(tab);
      expect(await state(tab)).toEqual(kept);
      await plays(tab, "2");
      await expect
        .poll(() => alive.map((view) => view.constructor.name).toSorted())
        .toEqual(["Player", "Radio"]);
      expect(await tab.page.locator(".phx-error").count()).toBe(0);
    });
  });
});
