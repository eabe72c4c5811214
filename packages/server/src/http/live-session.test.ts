import { type Context, Hono } from "hono";
import { describe, expect, it } from "vitest";
import { createApp } from "../app.ts";
import { html } from "../template/html.ts";
import { LiveView, type OnMount } from "../view/live-view.ts";
import type { Layout } from "./layout.ts";

const secret = "s".repeat(32);

let log: string[] = [];

class Page extends LiveView {
  override mount() {
    log.push("mount");
  }
  override render() {
    return html`<p>${JSON.stringify([this.context, this.session])}</p>`;
  }
}

const says =
  (word: string): OnMount =>
  (view) => {
    log.push(word);
    (view.context as Record<string, string>).last = word;
  };

const text = async (response: Response) => (await response.text()).replaceAll("&quot;", '"');

function makeApp() {
  log = [];
  return createApp({ secret, report: () => {} });
}

describe("liveSession", () => {
  it("runs its hooks before mount, in their order, and hands their context to the view", async () => {
    const app = makeApp();
    app.liveSession({ onMount: [says("one"), async (view) => says("two").call(view, view)] }, (app) => {
      app.live("/", Page);
    });
    app.live("/outside", Page);
    expect(await text(await app.request("/"))).toContain('<p>[{"last":"two"},{}]</p>');
    expect(log).toEqual(["one", "two", "mount"]);
    expect(await text(await app.request("/outside"))).toContain("<p>[{},{}]</p>");
  });

  it("has a hook that redirects: nothing behind it runs", async () => {
    const app = makeApp();
    const login: OnMount = (view) => view.redirect("/login");
    app.liveSession({ onMount: [says("one"), login, says("two")] }, (app) => app.live("/", Page));
    const response = await app.request("/");
    expect([response.status, response.headers.get("location")]).toEqual([302, "/login"]);
    expect(log).toEqual(["one"]);
  });

  it("puts its session on top of the app's, given or computed", async () => {
    const app = makeApp();
    const env = app.withSession({ user: 7, role: "none" } as object);
    app.liveSession({ session: { role: "given" } as object }, (app) => app.live("/given", Page));
    app.liveSession({ session: (c) => ({ role: c.req.query("role") }) as object }, (app) =>
      app.live("/now", Page),
    );
    app.liveSession({ session: async () => ({ role: "later" }) as object }, (app) =>
      app.live("/later", Page),
    );
    for (const [path, role] of [
      ["/given", "given"],
      ["/now?role=now", "now"],
      ["/later", "later"],
    ]) {
      expect(await text(await app.request(path as string, {}, env))).toContain(`{"user":7,"role":"${role}"}`);
    }
  });

  it("lets its session function, and that of the app, set headers of the page", async () => {
    const session = (c: Context) => {
      c.header("set-cookie", "cart=1", { append: true });
      return {};
    };
    const app = makeApp();
    app.liveSession({ session }, (app) => app.live("/", Page));
    const own = createApp({ secret, session });
    own.live("/", Page);
    for (const each of [app, own])
      expect((await each.request("/")).headers.getSetCookie()).toContain("cart=1");
  });

  it("has a layout, over that of the app and under that of a route", async () => {
    const layout =
      (name: string): Layout =>
      ({ children }) =>
        html`<body data-layout=${name}>${children}</body>`;
    const app = createApp({ secret, layout: layout("app") });
    app.liveSession({ layout: layout("session") }, (app) => {
      app.live("/a", Page);
      app.live("/b", Page, { layout: layout("route") });
    });
    app.live("/c", Page);
    for (const [path, name] of [
      ["/a", "session"],
      ["/b", "route"],
      ["/c", "app"],
    ])
      expect(await text(await app.request(path as string))).toContain(`data-layout="${name}"`);
  });

  it("works if the app is mounted in another one", async () => {
    const app = makeApp();
    app.liveSession({ onMount: says("hook") }, (app) => app.live("/", Page));
    const outer = new Hono().route("/admin", app);
    expect(await text(await outer.request("/admin"))).toContain('{"last":"hook"}');
  });

  it("cannot stand in another one, have a name twice, or take its time", () => {
    const app = makeApp();
    const nested = () =>
      app.liveSession({ name: "outer" }, (app) => app.liveSession({ name: "inner" }, () => {}));
    expect(nested).toThrow(/"inner" stands in "outer"/);
    app.liveSession({ name: "admin" }, () => {});
    expect(() => app.liveSession({ name: "admin" }, () => {})).toThrow(/is a live session "admin" already/);
    expect(() => app.liveSession({ name: "default" }, () => {})).toThrow(/stand outside/);
    expect(() => app.liveSession({}, async () => {})).toThrow(/cannot be async/);
    app.liveSession({}, () => {}).liveSession({}, () => {});
  });
});
