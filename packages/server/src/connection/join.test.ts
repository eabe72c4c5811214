import { tokensIn, visitorCookie } from "@overwire/test-support/fake-socket";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { OverwireApp } from "../app/overwire-app.ts";
import { createApp } from "../app.ts";
import type { Report } from "../runtime/services.ts";
import type { ViewProcess } from "../runtime/view-process.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import type { EndReason } from "../view/view-host.ts";
import type { Upgrade } from "./transport.ts";

const secret = "s".repeat(32);

let mounts = 0;
let ends: EndReason[] = [];
let atMount: (() => unknown) | undefined;

class Post extends LiveView<"/posts/:id"> {
  override async mount() {
    mounts++;
    if (atMount) await atMount();
  }
  override render() {
    return html`<p>${this.params.id}</p>`;
  }
  override terminate(reason: EndReason) {
    ends.push(reason);
  }
}

class Other extends LiveView {
  override render() {
    return html`<p>other</p>`;
  }
}

interface Page {
  readonly token: string;
  readonly cookie: string;
}

async function open(app: OverwireApp | Hono, path: string, cookie = visitorCookie("v")): Promise<Page> {
  const page = await (await app.request(path, { headers: { cookie } })).text();
  return { token: tokensIn(page)[0] ?? "", cookie };
}

const upgradeOf = ({ cookie }: Page, more: Partial<Upgrade> = {}): Upgrade => ({
  headers: new Headers({ cookie, host: "localhost", upgrade: "websocket", "sec-websocket-key": "x" }),
  url: "http://localhost/overwire/socket",
  ...more,
});

function makeApp(
  options: Parameters<typeof createApp>[0] = {},
  prepare: (app: OverwireApp) => void = () => {},
) {
  const reports: Report[] = [];
  const app = createApp({ secret, report: (report) => reports.push(report), ...options });
  prepare(app);
  app.live("/posts/:id", Post);
  app.live("/other", Other);
  return { app, reports };
}

/** Ends the waiting process of a page, so that joining has to mount. */
const forget = (app: OverwireApp) => app.close();

beforeEach(() => {
  mounts = 0;
  ends = [];
  atMount = undefined;
});

afterEach(() => {
  vi.useRealTimers();
});

describe("joining the view that was painted", () => {
  it("adopts its process, at once, so it mounts once", async () => {
    const { app, reports } = makeApp();
    const page = await open(app, "/posts/1?a=b");
    const joined = app.join(
      { token: page.token, url: "http://any.host/posts/1?a=b#hash" },
      upgradeOf(page),
    ) as { viewProcess: ViewProcess };
    expect(joined.viewProcess.paint()).toBe("<p>1</p>");
    expect([mounts, ends, reports]).toEqual([1, [], []]);
  });

  it("happens once: a second socket with the same page mounts its own", async () => {
    const { app } = makeApp();
    const page = await open(app, "/posts/1");
    const first = await app.join({ token: page.token, url: "/posts/1" }, upgradeOf(page));
    const second = await app.join({ token: page.token, url: "/posts/1" }, upgradeOf(page));
    expect((first as { viewProcess: ViewProcess }).viewProcess).not.toBe(
      (second as { viewProcess: ViewProcess }).viewProcess,
    );
    expect(mounts).toBe(2);
  });

  it("does not happen for another URL: the process ends, and the view mounts there", async () => {
    const { app } = makeApp();
    const page = await open(app, "/posts/1");
    const joined = (await app.join({ token: page.token, url: "/posts/2" }, upgradeOf(page))) as {
      viewProcess: ViewProcess;
    };
    expect(joined.viewProcess.paint()).toBe("<p>2</p>");
    expect([mounts, ends]).toEqual([2, ["unclaimed"]]);
  });
});

describe("joins that are refused as stale", () => {
  it.each([
    ["no token", (page: Page) => ({ ...page, token: "nonsense" }), /no token/],
    [
      "a forged token",
      (page: Page) => ({ ...page, token: `${page.token.slice(0, -5)}AAAAA` }),
      /not made for this visitor/,
    ],
    [
      "another visitor's page",
      (page: Page) => ({ ...page, cookie: visitorCookie("w") }),
      /not made for this visitor/,
    ],
    ["a browser without cookies", (page: Page) => ({ ...page, cookie: "" }), /keeps cookies/],
  ])("%s", async (_what, change, message) => {
    const { app, reports } = makeApp();
    const page = change(await open(app, "/posts/1"));
    const joined = app.join({ token: page.token, url: "/posts/1" }, upgradeOf(page));
    expect(joined).toEqual({ code: "stale", message: expect.stringMatching(message) });
    expect(reports).toMatchObject([{ kind: "refused", event: "join" }]);
    expect(mounts).toBe(1);
  });

  it("a page that is too old", async () => {
    vi.useFakeTimers();
    const { app } = makeApp({ limits: { tokenAge: 60 } });
    const page = await open(app, "/posts/1");
    vi.advanceTimersByTime(60_000);
    expect(app.join({ token: page.token, url: "/posts/1" }, upgradeOf(page))).toMatchObject({
      code: "stale",
      message: /too old/,
    });
  });

  it("another page's URL", async () => {
    const { app, reports } = makeApp();
    const page = await open(app, "/posts/1");
    const joined = await app.join({ token: page.token, url: "/other" }, upgradeOf(page));
    expect(joined).toMatchObject({ code: "stale", message: "/other is not a page of /posts/:id." });
    expect(reports).toHaveLength(1);
  });

  it("a text that is no URL, or a URL that is not below the mount", async () => {
    const { app } = makeApp();
    const page = await open(app, "/posts/1");
    expect(app.join({ token: page.token, url: "http://[" }, upgradeOf(page))).toMatchObject({
      code: "stale",
    });
    expect(
      app.join({ token: page.token, url: "/adminx/posts/1" }, upgradeOf(page, { base: "/admin" })),
    ).toMatchObject({ code: "stale" });
  });

  it("a page of a server with another secret", async () => {
    const page = await open(makeApp().app, "/posts/1");
    const { app } = makeApp({ secret: "t".repeat(32) });
    expect(app.join({ token: page.token, url: "/posts/1" }, upgradeOf(page))).toMatchObject({
      code: "stale",
    });
  });
});

describe("a join that has to mount", () => {
  it("takes the way of a request: through all middleware, with the user's headers and not the handshake's", async () => {
    const seen: object[] = [];
    const { app } = makeApp({}, (app) =>
      app.use(async (c, next) => {
        seen.push({
          url: c.req.url,
          ...c.req.header(),
          incoming: (c.env as { incoming?: unknown } | undefined)?.incoming,
        });
        await next();
      }),
    );
    const page = await open(app, "/posts/1?a=b");
    forget(app);
    seen.length = 0;
    const joined = (await app.join(
      { token: page.token, url: "http://x/posts/1?a=b" },
      upgradeOf(page, { env: { incoming: 1 } }),
    )) as {
      viewProcess: ViewProcess;
    };
    expect(joined.viewProcess.location.url.href).toBe("http://localhost/posts/1?a=b");
    expect(seen).toEqual([
      { url: "http://localhost/posts/1?a=b", cookie: page.cookie, host: "localhost", incoming: 1 },
    ]);
  });

  it("works on another node with the same secret", async () => {
    const page = await open(makeApp().app, "/posts/1");
    expect(await makeApp().app.join({ token: page.token, url: "/posts/1" }, upgradeOf(page))).toHaveProperty(
      "viewProcess",
    );
  });

  it.each([
    ["answers in its place", 401],
    ["redirects", 302],
  ])("is refused if a middleware %s", async (_what, status) => {
    let closed = false;
    const { app, reports } = makeApp({}, (app) =>
      app.use(async (_c, next) => {
        if (closed) return new Response(null, { status });
        await next();
      }),
    );
    const page = await open(app, "/posts/1");
    forget(app);
    closed = true;
    const joined = await app.join({ token: page.token, url: "/posts/1" }, upgradeOf(page));
    expect(joined).toEqual({
      code: "refused",
      message: `The app answered the join of /posts/1 with status ${status}.`,
    });
    expect(reports).toMatchObject([{ kind: "refused", event: "join" }]);
    expect(mounts).toBe(1);
  });

  it("is refused if a middleware has second thoughts, and the view ends", async () => {
    const { app } = makeApp({}, (app) =>
      app.use(async (c, next) => {
        await next();
        c.res = new Response(null, { status: 403 });
      }),
    );
    const token = (await open(makeApp().app, "/posts/1")).token;
    const page = { token, cookie: visitorCookie("v") };
    ends = [];
    expect(await app.join({ token, url: "/posts/1" }, upgradeOf(page))).toMatchObject({ code: "refused" });
    expect(ends).toEqual(["closed"]);
  });

  it("is refused if there is no such page", async () => {
    const { app } = makeApp();
    const page = await open(app, "/posts/1");
    expect(await app.join({ token: page.token, url: "/nowhere" }, upgradeOf(page))).toMatchObject({
      code: "refused",
      message: /404/,
    });
  });

  it("ends as crashed if the view throws, reported once", async () => {
    const { app, reports } = makeApp();
    const page = await open(app, "/posts/1");
    forget(app);
    atMount = () => Promise.reject(new Error("broken"));
    expect(await app.join({ token: page.token, url: "/posts/1" }, upgradeOf(page))).toMatchObject({
      code: "crashed",
    });
    expect(reports).toMatchObject([{ kind: "crash", view: "Post", event: "mount" }]);
  });

  it("is refused if the view answers with a status", async () => {
    const { app } = makeApp();
    const page = await open(app, "/posts/1");
    forget(app);
    atMount = () => Promise.reject(new HTTPException(404));
    expect(await app.join({ token: page.token, url: "/posts/1" }, upgradeOf(page))).toMatchObject({
      code: "refused",
      message: /404/,
    });
  });

  it("survives an app whose onError throws", async () => {
    const { app, reports } = makeApp({}, (app) =>
      app.onError((error) => {
        throw error;
      }),
    );
    const page = await open(app, "/posts/1");
    forget(app);
    atMount = () => Promise.reject(new Error("broken"));
    expect(await app.join({ token: page.token, url: "/posts/1" }, upgradeOf(page))).toMatchObject({
      code: "crashed",
    });
    expect(reports).toHaveLength(1);
  });

  it("goes through the outer app's middleware if the app is mounted in another", async () => {
    const { app } = makeApp();
    let allowed = true;
    const outer = new Hono();
    outer.use((c, next) => (allowed ? next() : c.text("no", 403)) as Promise<void>);
    outer.route("/admin", app);
    const page = await open(outer, "/admin/posts/1");
    const upgrade = upgradeOf(page, { fetch: (request, env) => outer.fetch(request, env) });
    expect(app.join({ token: page.token, url: "/admin/posts/1" }, upgrade)).toHaveProperty("viewProcess");
    expect(await app.join({ token: page.token, url: "/admin/posts/1" }, upgrade)).toHaveProperty(
      "viewProcess",
    );
    allowed = false;
    expect(await app.join({ token: page.token, url: "/admin/posts/1" }, upgrade)).toMatchObject({
      code: "refused",
    });
  });

  it("leaves out what another framework has taken off the path, and the view sees it whole", async () => {
    const { app } = makeApp();
    const page = await open(app, "/posts/1");
    forget(app);
    const joined = (await app.join(
      { token: page.token, url: "/admin/posts/1" },
      upgradeOf(page, { base: "/admin" }),
    )) as {
      viewProcess: ViewProcess;
    };
    expect(joined.viewProcess.location.url.pathname).toBe("/admin/posts/1");
  });
});
