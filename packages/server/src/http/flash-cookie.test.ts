import { afterEach, describe, expect, it, vi } from "vitest";
import type { OverwireApp } from "../app/overwire-app.ts";
import { createApp } from "../app.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";

const secret = "s".repeat(32);

class Shows extends LiveView {
  override render() {
    return html`<p>${JSON.stringify(this.flash)}</p>`;
  }
}

class Leaves extends LiveView {
  override mount() {
    this.putFlash("info", "ok!");
    this.redirect("/shows");
  }
  override render() {
    return html`<p>never</p>`;
  }
}

class Passes extends LiveView {
  override mount() {
    if (this.params.put === "1") this.putFlash("info", "passed");
    this.pushNavigate("/shows");
  }
  override render() {
    return html`<p>never</p>`;
  }
}

/** A browser as far as cookies go. */
class Browser {
  readonly #app: OverwireApp;
  readonly #jar = new Map<string, string>();

  constructor(app: OverwireApp) {
    this.#app = app;
  }

  get cookies(): string[] {
    return [...this.#jar.keys()].sort();
  }

  cookie(name: string): string | undefined {
    return this.#jar.get(name);
  }

  plant(name: string, value: string) {
    this.#jar.set(name, value);
  }

  async request(path: string, method = "GET") {
    const cookie = Array.from(this.#jar, ([name, value]) => `${name}=${value}`).join("; ");
    const response = await this.#app.request(path, { method, headers: { cookie } });
    for (const header of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]*)=([^;]*)/.exec(header) ?? [];
      if (/Max-Age=0/.test(header)) this.#jar.delete(name);
      else this.#jar.set(name, value);
    }
    return response;
  }

  /** The page at the end of all redirects. */
  async open(path: string, method = "GET"): Promise<string> {
    const response = await this.request(path, method);
    const location = response.headers.get("location");
    return location === null ? (await response.text()).replaceAll("&quot;", '"') : this.open(location);
  }
}

function makeApp() {
  const app = createApp({ secret, report: () => {} });
  app.live("/shows", Shows);
  app.live("/leaves", Leaves);
  app.live("/passes", Passes);
  app.post("/save", (c) => {
    app.putFlash(c, "info", "Saved.");
    return c.redirect("/shows");
  });
  app.get("/plain", (c) => c.json(app.getFlash(c)));
  app.get("/to-plain", (c) => c.redirect("/plain"));
  return app;
}

afterEach(() => {
  vi.useRealTimers();
});

describe("a flash over a full page load", () => {
  it("goes from a view's mount to the next page, and is shown there once", async () => {
    const browser = new Browser(makeApp());
    const response = await browser.request("/leaves");
    expect([response.status, response.headers.get("location")]).toEqual([302, "/shows"]);
    expect(browser.cookies).toEqual(["ow_flash", "ow_visitor"]);
    expect(await browser.open("/shows")).toContain('<p>{"info":"ok!"}</p>');
    expect(browser.cookies).toEqual(["ow_visitor"]);
    expect(await browser.open("/shows")).toContain("<p>{}</p>");
  });

  it("is shown both times if the same redirect happens twice", async () => {
    const browser = new Browser(makeApp());
    expect(await browser.open("/leaves")).toContain("ok!");
    expect(await browser.open("/leaves")).toContain("ok!");
  });

  it("is in a cookie of one minute that scripts of the page can set too", async () => {
    const response = await makeApp().request("https://a.com/leaves");
    expect(response.headers.getSetCookie().at(-1)).toMatch(
      /^ow_flash=[\w-]+\.[\w-]+; Path=\/; Max-Age=60; SameSite=Lax; Secure$/,
    );
  });

  it("is found beside another cookie of its name, which a sibling domain may have set", async () => {
    const app = makeApp();
    const browser = new Browser(app);
    await browser.request("/leaves");
    const own = ["ow_visitor", "ow_flash"].map((name) => `${name}=${browser.cookie(name)}`).join("; ");
    const page = await app.request("/shows", { headers: { cookie: `ow_flash=tossed; ${own}` } });
    expect(await page.text()).toContain("ok!");
  });

  it("survives pages that only redirect, and gathers what they put", async () => {
    const app = makeApp();
    const browser = new Browser(app);
    app.get("/start", (c) => {
      app.putFlash(c, "error", "first");
      return c.redirect(c.req.query("then") ?? "");
    });
    expect(await browser.open("/start?then=/passes")).toContain('<p>{"error":"first"}</p>');
    expect(await browser.open("/start?then=/passes?put=1")).toContain(
      '<p>{"error":"first","info":"passed"}</p>',
    );
  });

  it("is not used up by who asks for the head only", async () => {
    const browser = new Browser(makeApp());
    await browser.request("/leaves");
    await browser.request("/shows", "HEAD");
    expect(await browser.open("/shows")).toContain("ok!");
  });

  it("is worth nothing to another visitor, when it was made up, or after a minute", async () => {
    vi.useFakeTimers();
    const app = makeApp();
    const browser = new Browser(app);
    await browser.request("/leaves");
    const token = browser.cookie("ow_flash") as string;
    const stranger = new Browser(app);
    for (const planted of [token, `${token.slice(0, -4)}AAAA`, "nonsense"]) {
      stranger.plant("ow_flash", planted);
      expect(await stranger.open("/shows")).toContain("<p>{}</p>");
      expect(stranger.cookies).toEqual(["ow_visitor"]);
    }
    vi.advanceTimersByTime(60_000);
    expect(await browser.open("/shows")).toContain("<p>{}</p>");
  });
});

describe("handlers that are not views", () => {
  it("put a flash for a view", async () => {
    const browser = new Browser(makeApp());
    expect(await browser.open("/save", "POST")).toContain('<p>{"info":"Saved."}</p>');
    expect(await browser.open("/shows")).toContain("<p>{}</p>");
  });

  it("get the flash of a view, once", async () => {
    const browser = new Browser(makeApp());
    await browser.request("/leaves");
    expect(await (await browser.request("/plain")).json()).toEqual({ info: "ok!" });
    expect(await (await browser.request("/plain")).json()).toEqual({});
  });

  it("hand on what they do not get", async () => {
    const browser = new Browser(makeApp());
    await browser.request("/leaves");
    expect(await browser.open("/to-plain")).toBe('{"info":"ok!"}');
  });

  it("see what was put before in the same request, and so does a view", async () => {
    const app = createApp({ secret });
    app.use("/with/*", async (c, next) => {
      app.putFlash(c, "info", "by middleware");
      await next();
    });
    app.get("/with/plain", (c) => c.json([app.getFlash(c), app.getFlash(c)]));
    app.live("/with/view", Shows);
    const browser = new Browser(app);
    const flash = { info: "by middleware" };
    expect(await (await browser.request("/with/plain")).json()).toEqual([flash, flash]);
    expect(browser.cookies).toEqual(["ow_visitor"]);
    expect(await browser.open("/with/view")).toContain(JSON.stringify(flash));
    expect(browser.cookies).toEqual(["ow_visitor"]);
  });

  it("may set the session before or after, which gives the visitor a new id", async () => {
    for (const first of [true, false]) {
      const app = makeApp();
      app.post("/login", async (c) => {
        if (first) await app.setSession(c, { user: 7 } as object);
        app.putFlash(c, "info", "Welcome!");
        app.putFlash(c, "error", "But…");
        if (!first) await app.setSession(c, { user: 7 } as object);
        return c.redirect("/shows");
      });
      expect(await new Browser(app).open("/login", "POST")).toContain('{"info":"Welcome!","error":"But…"}');
    }
  });

  it("cannot put more than a cookie holds", async () => {
    const app = makeApp();
    let thrown: unknown;
    app.get("/large", (c) => {
      try {
        app.putFlash(c, "info", "x".repeat(4000));
      } catch (error) {
        thrown = error;
      }
      return c.text("");
    });
    await app.request("/large");
    expect(thrown).toMatchObject({ name: "RangeError", message: /^A flash makes a cookie of \d+ bytes/ });
  });
});
