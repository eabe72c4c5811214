import type { ServerFrame } from "@overwire/client/wire";
import {
  expectFrames,
  type FakeSocket,
  openSocket,
  tokensOf,
  visitorCookie,
} from "@overwire/test-support/fake-socket";
import { eventFrame, joinFrame, leaveFrame, urlFrame } from "@overwire/test-support/frames";
import { Hono } from "hono";
import { beforeEach, describe, expect, it } from "vitest";
import type { OverwireApp } from "../app/overwire-app.ts";
import { createApp } from "../app.ts";
import { NotFound } from "../http/errors.ts";
import type { Report } from "../runtime/services.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import type { EndReason } from "../view/view-host.ts";

const secret = "s".repeat(32);

let ends: [view: string, reason: EndReason][] = [];
let reports: Report[] = [];
/** Actions of the callbacks of {@link Acts}. */
let acts: { [callback in "mount" | "handleParams" | "connected"]?: (view: Acts) => void } = {};

abstract class Noted extends LiveView {
  override terminate(reason: EndReason) {
    ends.push([this.constructor.name, reason]);
  }
}

class Posts extends Noted {
  mounted = JSON.stringify(this.params);
  go = this.event(({ to }) => this.pushPatch(String(to)));
  leave = this.event(({ to }) => {
    this.putFlash("info", "bye");
    this.pushNavigate(String(to));
  });
  override render() {
    const { params, flash } = this;
    return html`<p>${this.mounted}</p><p>${JSON.stringify([params, flash])}</p>`;
  }
}

class Other extends Noted {
  override pageTitle = "Other";
  override render() {
    return html`<p>other ${this.url.href} ${JSON.stringify(this.flash)}</p>`;
  }
}

class Acts extends Noted {
  override mount() {
    acts.mount?.(this);
  }
  override handleParams() {
    acts.handleParams?.(this);
  }
  override render() {
    return html`<p>${JSON.stringify(this.params)}</p>`;
  }
}

function makeApp(prepare: (app: OverwireApp) => void = () => {}) {
  const app = createApp({ secret, report: (report) => reports.push(report) });
  prepare(app);
  app.live("/posts", Posts);
  app.live("/posts/new", Posts, { params: { action: "new" } });
  app.live("/posts/:id", Posts);
  app.live("/other", Other);
  app.live("/acts/:n?", Acts);
  app.liveSession({ name: "admin" }, (app) => {
    app.live("/admin/posts", Posts);
    app.live("/admin", Other);
  });
  app.get("/plain", (c) => c.text("plain"));
  return app;
}

const tokenOf = async (app: OverwireApp | Hono, path: string) => (await tokensOf(app, path))[0] ?? "";

const tokenIn = ([frame]: readonly ServerFrame[]): string =>
  (frame as unknown as [0, 0, 0, 0, { k: string }])[4].k;

/** A tab with the page under view 1. */
async function open(app: OverwireApp, path: string) {
  const token = await tokenOf(app, path);
  const tab = openSocket(app);
  expectFrames(await tab.ask(joinFrame(1, token, { url: path })), ["j", 1, 1]);
  const navigate = (url: string, more: object = {}) => {
    tab.send(leaveFrame(1));
    return tab.ask(joinFrame(2, token, { url, navigate: true, ...more }));
  };
  return { ...tab, token, navigate };
}

const shown = (tab: FakeSocket, view: number) => {
  const html = tab.socket.process(view)?.paint() as string;
  return html.replaceAll("&quot;", '"');
};

beforeEach(() => {
  ends = [];
  reports = [];
  acts = {};
});

describe("a live navigation", () => {
  it("joins another view of the live session over the same socket, the old one has ended", async () => {
    const tab = await open(makeApp(), "/posts");
    const [frame] = await tab.navigate("http://localhost/other?a=1#hash");
    expect(frame).toMatchObject(["j", 2, 1, expect.anything(), { t: "Other", k: expect.any(String) }]);
    expect(shown(tab, 2)).toContain("other http://localhost/other?a=1 {}");
    expect(ends).toEqual([["Posts", "left"]]);
    expect(reports).toEqual([]);
  });

  it("to the view's own URL is a new process", async () => {
    const tab = await open(makeApp(), "/posts");
    const before = tab.socket.process(1);
    await tab.navigate("/posts");
    expect(tab.socket.process(2)).not.toBe(before);
    expect(ends).toEqual([["Posts", "left"]]);
  });

  it("gives a token with which its page is joined again, and which leads on", async () => {
    const app = makeApp();
    const tab = await open(app, "/posts");
    const joined = await tab.navigate("/other");
    const token = tokenIn(joined);
    const again = openSocket(app);
    expectFrames(await again.ask(joinFrame(1, token, { url: "/other" })), ["j", 1, 1]);
    expectFrames(await again.ask(joinFrame(2, token, { url: "/posts" })), ["x", 2, "stale"]);
    expectFrames(await again.ask(joinFrame(3, token, { url: "/posts", navigate: true })), ["j", 3, 1]);
  });

  it("brings the flash that it was given, once", async () => {
    const app = makeApp();
    const tab = await open(app, "/posts");
    const [left] = await tab.ask(eventFrame(1, 1, "leave", { to: "/other" }));
    const [kind, to, , flash] = (left as unknown as [0, 0, 0, 0, 0, { n: string[] }])[5].n;
    expect([kind, to]).toEqual(["navigate", "/other"]);
    const joined = await tab.navigate("/other", { flash });
    expect(shown(tab, 2)).toContain('{"info":"bye"}');
    const again = openSocket(app);
    await again.ask(joinFrame(1, tokenIn(joined), { url: "/other", flash }));
    expect(shown(again, 1)).toContain("{}");
  });

  it.each([
    ["from another live session", "/admin", "/posts"],
    ["to another live session", "/posts", "/admin"],
    ["to the same view in another live session", "/posts", "/admin/posts"],
    ["to a plain page", "/posts", "/plain"],
    ["to no page", "/posts", "/nowhere"],
  ])("%s is refused, so that the page is loaded", async (_what, from, to) => {
    const tab = await open(makeApp(), from);
    expectFrames(await tab.navigate(to), ["x", 2, "refused", expect.any(String)]);
    expect(reports).toEqual([]);
  });

  it.each([
    ["forged", (token: string) => `${token.slice(0, -5)}AAAAA`],
    ["no token", () => "nonsense"],
  ])("with a token that is %s is stale", async (_what, change) => {
    const tab = await open(makeApp(), "/posts");
    expectFrames(await tab.navigate("/other", { token: change(tab.token) }), ["x", 2, "stale"]);
  });

  it("goes through the app's middleware", async () => {
    let seen: string[] = [];
    const app = makeApp((app) =>
      app.use(async (c, next) => {
        seen.push(c.req.path);
        await next();
      }),
    );
    const tab = await open(app, "/posts");
    seen = [];
    await tab.navigate("/other");
    expect(seen).toEqual(["/other"]);
  });

  it("that middleware redirects goes there, with its flash; one that it ends otherwise is refused", async () => {
    const app = makeApp((app) => {
      app.use("/other", (c) => {
        const [to, status] = [c.req.query("to"), Number(c.req.query("status") ?? 302)];
        if (c.req.query("flash")) app.putFlash(c, "error", "Log in first.");
        return Promise.resolve(new Response(null, { status, headers: { ...(to && { location: to }) } })).then(
          (response) => c.newResponse(response.body, response),
        );
      });
    });
    const tab = await open(app, "/posts");
    const to = async (query: string, more?: object) =>
      (await tab.navigate(`/other?${query}`, more))[0] as unknown as unknown[];
    expect(await to("to=/login")).toEqual([
      "x",
      2,
      "redirected",
      expect.any(String),
      ["redirect", "/login", 0],
    ]);
    expect((await to("to=login"))[4]).toEqual(["redirect", "/login", 0]);
    expect((await to("to=https://sso.example/in"))[4]).toEqual(["redirect", "https://sso.example/in", 0]);
    expect((await to("to=/login", { flash: "handed on" }))[4]).toEqual([
      "redirect",
      "/login",
      0,
      "handed on",
    ]);
    const [, , , flash] = (await to("to=/login&flash=1"))[4] as string[];
    expect(flash).toMatch(/^[\w-]+\.[\w-]+$/);
    const page = await app.request("/posts", {
      headers: { cookie: `${visitorCookie()}; ow_flash=${flash}` },
    });
    expect(await page.text()).toContain("Log in first.");
    for (const query of ["to=javascript:alert(1)", "status=401", "status=304"])
      expect((await to(query)).slice(0, 3)).toEqual(["x", 2, "refused"]);
  });

  it("to a view that throws is refused: the page is loaded, and answers with the status", async () => {
    const tab = await open(makeApp(), "/posts");
    acts.mount = () => {
      throw new NotFound();
    };
    expectFrames(await tab.navigate("/acts"), ["x", 2, "refused", /404/]);
    expect(reports).toEqual([]);
    acts.mount = () => {
      throw new Error("broken");
    };
    expectFrames(await tab.navigate("/acts"), ["x", 2, "refused"]);
    expect(reports).toMatchObject([{ kind: "crash", view: "Acts", event: "mount" }]);
    expect(ends).toContainEqual(["Acts", "crashed"]);
  });

  it("to a view that goes elsewhere itself follows it", async () => {
    const tab = await open(makeApp(), "/posts");
    for (const callback of ["mount", "handleParams"] as const) {
      acts = { [callback]: (view: Acts) => view.pushNavigate("/other", { replace: true }) };
      const [gone] = await tab.navigate("/acts");
      expect(gone).toMatchObject(["x", 2, "redirected", expect.any(String), ["navigate", "/other", 1]]);
      acts = {
        [callback]: (view: Acts) => {
          view.putFlash("info", "ok!");
          view.redirect("/login");
        },
      };
      const [frame] = await tab.navigate("/acts");
      expect(frame?.[4]).toEqual(["redirect", "/login", 0, expect.any(String)]);
    }
  });

  it("to a view that patches in handleParams shows where it got", async () => {
    const tab = await open(makeApp(), "/posts");
    acts.handleParams = (view) => {
      if (!view.params.n) view.pushPatch("/acts/2");
    };
    const [frame] = await tab.navigate("/acts");
    expect(frame?.[4]).toMatchObject({ n: ["patch", "/acts/2", 0], k: expect.any(String) });
    expect(shown(tab, 2)).toContain('{"n":"2"}');
  });

  it("works below another app, and through its middleware", async () => {
    const app = makeApp();
    let allowed = true;
    const outer = new Hono();
    outer.use((c, next) => (allowed ? next() : c.redirect("/login")) as Promise<void>);
    outer.route("/app/:tenant", app);
    const token = await tokenOf(outer, "/app/acme/posts");
    const tab = openSocket(app, { fetch: (request, env) => outer.fetch(request, env) });
    await tab.ask(joinFrame(1, token, { url: "/app/acme/posts" }));
    expectFrames(await tab.ask(joinFrame(2, token, { url: "/app/acme/other", navigate: true })), ["j", 2]);
    allowed = false;
    expectFrames(await tab.ask(joinFrame(3, token, { url: "/app/acme/other", navigate: true })), [
      "x",
      3,
      "redirected",
      expect.any(String),
      ["redirect", "/login", 0],
    ]);
  });
});

describe("the first paint of a view that goes elsewhere", () => {
  it.each(["mount", "handleParams"] as const)("in %s is an HTTP redirect", async (callback) => {
    const app = makeApp();
    acts = { [callback]: (view: Acts) => view.pushNavigate("/thermo?a=1") };
    const response = await app.request("/acts");
    expect([response.status, response.headers.get("location"), await response.text()]).toEqual([
      302,
      "/thermo?a=1",
      "",
    ]);
    expect(ends).toEqual([["Acts", "redirected"]]);
  });

  it("keeps the status of a redirect", async () => {
    acts.handleParams = (view) => view.redirect({ external: "https://a.example/x", status: 301 });
    const response = await makeApp().request("/acts");
    expect([response.status, response.headers.get("location")]).toEqual([301, "https://a.example/x"]);
  });

  it("takes its flash along", async () => {
    const app = makeApp();
    acts.handleParams = (view) => {
      view.putFlash("info", "msg");
      view.redirect("/other");
    };
    const response = await app.request("/acts");
    const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(";")[0]);
    const page = await app.request("/other", { headers: { cookie: cookies.join("; ") } });
    expect(await page.text()).toMatch(/(&quot;|")msg/);
  });

  it("redirects for a pushPatch in handleParams, and fails for one in mount", async () => {
    const app = makeApp();
    acts.handleParams = (view) => view.pushPatch("/acts/2");
    expect((await app.request("/acts")).headers.get("location")).toBe("/acts/2");
    acts = { mount: (view) => view.pushPatch("/acts/2") };
    expect((await app.request("/acts")).status).toBe(500);
    expect(reports).toMatchObject([{ kind: "crash", view: "Acts", event: "mount" }]);
  });
});

describe("a live patch", () => {
  const params = (tab: FakeSocket) => JSON.parse(/<p>(\[.*\])<\/p>/.exec(shown(tab, 1))?.[1] ?? "null")?.[0];

  it("stays with the view at any of its routes, whose params it gets; mount's stay", async () => {
    const tab = await open(makeApp(), "/posts?q=1");
    await tab.ask(urlFrame(1, 1, "http://localhost/posts/a%20b?x[y]=2"));
    expect(params(tab)).toEqual({ id: "a b", x: { y: "2" } });
    await tab.ask(urlFrame(1, 2, "/posts/new"));
    expect(params(tab)).toEqual({ action: "new" });
    await tab.ask(urlFrame(1, 3, "https://other.host/posts"));
    expect(params(tab)).toEqual({});
    expect(shown(tab, 1)).toContain('<p>{"q":"1"}</p>');
    expect(tab.socket.process(1)?.location.url.href).toBe("http://localhost/posts");
  });

  it("can be pushed by the view", async () => {
    const tab = await open(makeApp(), "/posts");
    const [frame] = await tab.ask(eventFrame(1, 1, "go", { to: "/posts/7" }));
    expect(frame?.[5]).toMatchObject({ n: ["patch", "/posts/7", 0] });
    expect(params(tab)).toEqual({ id: "7" });
  });

  it.each(["/other", "/admin/posts", "/plain", "/nowhere", `/posts?${"a=1&".repeat(1001)}`])(
    "to %.20s leads elsewhere",
    async (url) => {
      const tab = await open(makeApp(), "/posts");
      expectFrames(await tab.ask(urlFrame(1, 1, url)), ["p", 1, 2, 1, 0, { x: { code: "elsewhere" } }]);
    },
  );

  it("leads elsewhere if it would pass other middleware, or a guard of other params", async () => {
    const app = makeApp((app) => {
      app.use("/posts/secret", async (c) => c.text("no", 403));
      app.use("/orgs/:org/*", (_c, next) => next());
      app.live("/orgs/:org/:page", Posts);
    });
    const tab = await open(app, "/posts");
    expectFrames(await tab.ask(urlFrame(1, 1, "/posts/secret")), [
      "p",
      1,
      2,
      1,
      0,
      { x: { code: "elsewhere" } },
    ]);
    const org = await open(app, "/orgs/1/a");
    await org.ask(urlFrame(1, 1, "/orgs/1/b"));
    expect(params(org)).toEqual({ org: "1", page: "b" });
    expectFrames(await org.ask(urlFrame(1, 2, "/orgs/2/b")), ["p", 1, 3, 2, 0, { x: { code: "elsewhere" } }]);
  });

  it("waits for a view that is being joined", async () => {
    const app = makeApp();
    const token = await tokenOf(app, "/posts");
    app.close();
    const tab = openSocket(app);
    tab.send(joinFrame(1, token, { url: "/posts" }));
    const frames = await tab.ask(urlFrame(1, 1, "/posts/5"));
    expectFrames(frames, ["j", 1, 1], ["p", 1, 2, 1]);
    expect(params(tab)).toEqual({ id: "5" });
  });

  it("is known to a join after it, which mounts at the other route", async () => {
    const app = makeApp();
    const token = await tokenOf(app, "/posts");
    app.close();
    const tab = openSocket(app);
    expectFrames(await tab.ask(joinFrame(1, token, { url: "/posts/new" })), ["j", 1, 1]);
    expect(params(tab)).toEqual({ action: "new" });
  });

  it("knows where the app is mounted, and the params of that", async () => {
    const app = makeApp();
    const outer = new Hono().route("/app/:tenant", app);
    const token = await tokenOf(outer, "/app/acme/posts/1");
    const tab = openSocket(app, { fetch: (request, env) => outer.fetch(request, env) });
    await tab.ask(joinFrame(1, token, { url: "/app/acme/posts/1" }));
    await tab.ask(urlFrame(1, 1, "/app/acme/posts/2"));
    expect(params(tab)).toEqual({ tenant: "acme", id: "2" });
    for (const [at, url] of ["/app/other/posts/2", "/posts/2"].entries())
      expectFrames(await tab.ask(urlFrame(1, at + 2, url)), [
        "p",
        1,
        at + 3,
        at + 2,
        0,
        { x: { code: "elsewhere" } },
      ]);
  });
});
