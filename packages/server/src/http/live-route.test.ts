import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { parse } from "parse5";
import { describe, expect, it, vi } from "vitest";
import { createApp } from "../app.ts";
import type { Report } from "../runtime/services.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import type { EndReason } from "../view/view-host.ts";
import type { Layout } from "./layout.ts";

const secret = "s".repeat(32);

class Post extends LiveView<"/posts/:id"> {
  override pageTitle = `Post ${this.params.id} <1>`;
  override render() {
    return html`<p>${this.params.id} ${JSON.stringify(this.params.q ?? null)} ${this.url.href} ${JSON.stringify(this.session)}</p>`;
  }
}

class Plain extends LiveView {
  static ends: EndReason[] = [];
  override render() {
    return html`<p>plain</p>`;
  }
  override terminate(reason: EndReason) {
    Plain.ends.push(reason);
  }
}

class Slow extends LiveView {
  override async mount() {
    await Promise.resolve();
  }
  override render() {
    return html`<p>slow</p>`;
  }
}

function makeApp(options: Parameters<typeof createApp>[0] = {}) {
  const reports: Report[] = [];
  const app = createApp({ secret, report: (report) => reports.push(report), ...options });
  app.live("/", Plain);
  app.live("/posts/:id", Post);
  app.live("/slow", Slow);
  return { app, reports };
}

describe("the first paint", () => {
  it("is a whole page with the view, its token, its socket and the client", async () => {
    const { app } = makeApp();
    const response = await app.request("/");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/html; charset=UTF-8");
    expect(response.headers.get("cache-control")).toBe("private, no-cache");
    const page = await response.text();
    expect(page).toMatch(/^<!doctype html>/i);
    expect(page).toMatch(
      /<body><div id="ow-[\da-f]{8}" data-ow-view="[\w-]+\.[\w-]+" data-ow-socket="\/overwire\/socket"><p>plain<\/p><\/div><\/body>/,
    );
    expect(page).toMatch(/<script type="module" src="\/overwire\/client-[\w-]+\.js"><\/script>/);
    const errors: string[] = [];
    parse(page, { onParseError: ({ code }) => errors.push(code) });
    expect(errors).toEqual([]);
  });

  it("gives the view the params of path and query, the path's first, and escapes", async () => {
    const { app } = makeApp();
    const page = await (await app.request("/posts/a%20b?q[x]=%3C1%3E&id=no")).text();
    const text = page.replaceAll("&quot;", '"').replaceAll("&gt;", ">");
    expect(text).toContain(
      '<p>a b {"x":"&lt;1>"} http://localhost/posts/a%20b?q[x]=%3C1%3E&amp;id=no {}</p>',
    );
    expect(text).toContain("<title>Post a b &lt;1></title>");
  });

  it.each([
    ["a=1&".repeat(1001), "more than 1000 fields"],
    [`a${"[b]".repeat(9)}=1`, "a name with more than 8 brackets"],
    [`a=${"x".repeat(70_000)}`, "more than 65536 characters"],
    ["q[__proto__]=1", 'the name "__proto__", which is refused everywhere'],
  ])("answers a query string that is beyond the bounds with 400", async (query, message) => {
    const { app } = makeApp();
    const response = await app.request(`/?${query}`);
    expect([response.status, await response.text()]).toEqual([400, `The query string has ${message}.`]);
  });

  it("gives who has none a visitor cookie, through middleware too", async () => {
    for (const withMiddleware of [false, true]) {
      const app = createApp({ secret });
      if (withMiddleware) {
        app.use(async (c, next) => {
          c.header("x-before", "1");
          await next();
          c.header("x-after", "1");
        });
      }
      app.live("/", Plain);
      const response = await app.request("https://a.com/");
      const [cookie] = response.headers.getSetCookie();
      expect(cookie).toMatch(/^__Host-ow_visitor=[\w-]{22}; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
      expect(response.headers.get("content-type")).toBe("text/html; charset=UTF-8");
      expect([response.headers.get("x-before"), response.headers.get("x-after")]).toEqual(
        withMiddleware ? ["1", "1"] : [null, null],
      );
      const again = await app.request("/", { headers: { cookie: `ow_visitor=${"v".repeat(22)}` } });
      expect(again.headers.getSetCookie()).toEqual([]);
    }
  });

  it("answers HEAD without keeping a view", async () => {
    Plain.ends = [];
    const { app } = makeApp();
    const response = await app.request("/", { method: "HEAD" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
    expect(Plain.ends).toEqual(["unclaimed"]);
  });

  it("waits for a view that takes time", async () => {
    expect(await (await makeApp().app.request("/slow")).text()).toContain("<p>slow</p>");
  });

  it("finds the session that a handler has set", async () => {
    const { app } = makeApp();
    app.post("/login", async (c) => {
      await app.setSession(c, { user: 7 } as object);
      return c.redirect("/posts/1");
    });
    app.get("/me", async (c) => c.json(await app.getSession(c)));
    const login = await app.request("/login", { method: "POST" });
    const headers = {
      cookie: login.headers
        .getSetCookie()
        .map((cookie) => cookie.split(";")[0])
        .join("; "),
    };
    const page = await app.request("/posts/1", { headers });
    expect(page.headers.getSetCookie()).toEqual([]);
    expect(await page.text()).toMatch(/\{(&quot;|")user(&quot;|"):7\}/);
    expect(await (await app.request("/me", { headers })).json()).toEqual({ user: 7 });
  });

  it("takes params and a session for tests", async () => {
    const { app } = makeApp();
    app.live("*", Post as unknown as typeof Plain, { params: { id: "given" } });
    const page = await (await app.request("/any/where", {}, app.withSession({ user: 8 } as object))).text();
    expect(page).toContain("<p>given");
    expect(page).toMatch(/user(&quot;|"):8/);
  });
});

describe("the layout", () => {
  const layout: Layout = ({ children, head, title, view, url }) =>
    html`<!doctype html><html><head><title>${title}</title>${head}</head><body data-view=${view} data-path=${url.pathname}>${children}</body></html>`;

  it("can be the app's, or the route's; so can the title", async () => {
    const app = createApp({ secret, layout });
    app.live("/a", Plain, { title: "Static" });
    app.live("/b", Plain, { layout: ({ children }) => html`<main>${children}</main>` });
    const page = await (await app.request("/a")).text();
    expect(page).toContain("<title>Static</title>");
    expect(page).toContain('data-view="Plain" data-path="/a"');
    expect(await (await app.request("/b")).text()).toMatch(/^<main><div id="ow-/);
  });

  it("that throws is a 500, reported with the view, which ends", async () => {
    Plain.ends = [];
    const reports: Report[] = [];
    const app = createApp({ secret, report: (report) => reports.push(report) });
    const layout: Layout = () => {
      throw new Error("no layout today");
    };
    app.live("/", Plain, { layout });
    expect((await app.request("/")).status).toBe(500);
    expect(reports.map(({ kind, view, event }) => [kind, view, event])).toEqual([
      ["crash", "Plain", "first paint"],
    ]);
    expect(Plain.ends).toEqual(["crashed"]);
  });
});

describe("a view that throws while it mounts", () => {
  class Broken extends LiveView {
    override mount() {
      throw new Error("broken");
    }
    override render() {
      return html`<p>never</p>`;
    }
  }
  class BrokenLater extends Broken {
    override async mount() {
      await Promise.resolve();
      throw "a string";
    }
  }
  class Missing extends Broken {
    override mount() {
      throw new HTTPException(404, { message: "no such post" });
    }
  }

  it.each([
    ["at once", Broken],
    ["later, and no error", BrokenLater],
  ])("%s: is a 500, reported once", async (_when, View) => {
    const print = vi.spyOn(console, "error").mockImplementation(() => {});
    const { app, reports } = makeApp();
    app.live("/broken", View);
    const response = await app.request("/broken");
    expect([response.status, await response.text()]).toEqual([500, "Internal Server Error"]);
    expect(reports).toHaveLength(1);
    expect(reports[0]).toMatchObject({
      kind: "crash",
      view: View.name,
      event: "mount",
      error: expect.any(Error),
    });
    expect(print).not.toHaveBeenCalled();
    print.mockRestore();
  });

  it("can answer with a status, which is no crash", async () => {
    const { app, reports } = makeApp();
    app.live("/missing", Missing);
    const response = await app.request("/missing");
    expect([response.status, await response.text()]).toEqual([404, "no such post"]);
    expect(reports).toEqual([]);
  });

  it("goes to the app's onError", async () => {
    const { app, reports } = makeApp();
    app.onError((error, c) => c.text(`sorry: ${error.message}`, 500));
    app.live("/broken", Broken);
    expect(await (await app.request("/broken")).text()).toBe("sorry: broken");
    expect(reports).toHaveLength(1);
  });

  it("other handlers' errors are reported too", async () => {
    const { app, reports } = makeApp();
    app.get("/api", () => {
      throw new Error("api");
    });
    expect((await app.request("/api")).status).toBe(500);
    expect(reports).toMatchObject([{ kind: "crash", event: "GET /api", message: "api" }]);
  });
});

describe("below another Hono app", () => {
  it.each([
    ["/admin", "/admin"],
    ["/a/:tenant", "/a/acme"],
  ])("mounted at %s: pages refer to it", async (mount, base) => {
    const { app } = makeApp();
    const outer = new Hono().route(mount, app);
    for (const [path, text] of [
      ["", "plain"],
      ["/posts/5", "<p>5 "],
    ]) {
      const page = await (await outer.request(base + path)).text();
      expect(page).toContain(text);
      expect(page).toContain(`data-ow-socket="${base}/overwire/socket"`);
      expect(page).toContain(`<script type="module" src="${base}/overwire/client-`);
    }
  });
});
