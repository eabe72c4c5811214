/** A visitor as one browser: verbs, cookies, sessions, flash, origin, and the way into live views and back. */
import { createApp, html, LiveView, type OverwireApp } from "@overwire/server";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { live, type PlainPage, request } from "../index.ts";

/** `c.env` as node's server fills it. */
interface HttpBindings {
  readonly incoming?: { readonly socket: { readonly remoteAddress: string } };
}

declare module "@overwire/server" {
  interface Session {
    userId?: number;
  }
}

class Dashboard extends LiveView {
  clicks = 0;
  click = this.event(() => {
    this.clicks++;
  });
  override mount() {
    if (this.session.userId === undefined) this.redirect("/login");
  }
  render() {
    return html`<h1>User ${this.session.userId}</h1><p>${this.flash["info"]}</p>
      <button phx-click=${this.click}>${this.clicks}</button>
      <form id="out" action="/logout" method="post"></form>`;
  }
}

const secret = "s".repeat(32);
let app: OverwireApp;

beforeEach(() => {
  app = createApp({ secret, report: () => {}, identify: ({ userId }) => userId && `user:${userId}` });
  app.live("/dashboard", Dashboard);
  app.all("/method", (c) => c.text(c.req.method));
  app.get("/login", (c) => c.html("<h1>Log in</h1>"));
  app.post("/login", async (c) => {
    const { user } = await c.req.parseBody();
    await app.setSession(c, { userId: Number(user) });
    app.putFlash(c, "info", "Welcome!");
    return c.redirect("/dashboard", 303);
  });
  app.post("/logout", async (c) => {
    await app.setSession(c, {});
    return c.redirect("/login");
  });
  app.get("/me", async (c) => c.json(await app.getSession(c)));
  app.get("/cookies", (c) => c.text(c.req.header("cookie") ?? ""));
  app.get("/headers", (c) => c.json(c.req.header()));
  app.post("/headers", (c) => c.json(c.req.header()));
  app.get("/set", (c) => {
    for (const line of c.req.queries("line") ?? []) c.header("set-cookie", line, { append: true });
    return c.redirect("/cookies");
  });
  app.post("/again", (c) => c.redirect("/echo", 307));
  app.post("/echo", async (c) => c.text(`${c.req.header("x-own")} ${await c.req.text()}`));
  app.post("/then", (c) => c.redirect("/headers"));
  app.get("/circle", (c) => c.redirect("/circle"));
  app.get("/out", (c) => c.redirect("https://other.example/"));
  app.get("/broken", (c) => c.redirect("http://["));
  app.get("/first", (c) => c.redirect("/second"));
  app.get("/second", (c) => c.redirect("/cookies"));
  app.get("/slow", () => new Promise<never>(() => {}));
});

afterEach(() => {
  vi.useRealTimers();
});

describe("verbs", () => {
  test.each(["get", "post", "put", "patch", "delete", "options"] as const)("%s", async (verb) => {
    expect((await request(app)[verb]("/method")).text(200)).toBe(verb.toUpperCase());
  });

  test("head, which has no body", async () => {
    const res = await request(app).head("/method");
    expect([res.status, res.text()]).toEqual([200, ""]);
  });

  test("any other", async () => {
    expect((await request(app).request("propfind", "/method")).text()).toBe("PROPFIND");
  });

  test("need a path", async () => {
    await expect(request(app).get("posts")).rejects.toThrow(
      'A request expects a path such as "/posts", but got posts.',
    );
    expect(() => request("app" as never)).toThrow(
      "request(app) expects an app, made by createApp, but got app.",
    );
    expect(() => request(new Map() as never)).toThrow("but got one of Map.");
    expect(() => request(app, { origin: "shop.example" })).toThrow(
      'origin is scheme and host, such as "https://shop.example", but got "shop.example".',
    );
  });
});

describe("cookies", () => {
  const set = (visitor: ReturnType<typeof request>, ...lines: string[]) =>
    visitor.get("/set", { query: new URLSearchParams(lines.map((line) => ["line", line])) });

  test("are kept, and deleted by the app", async () => {
    const visitor = request(app);
    const res = await set(visitor, "a=1; Path=/", "b=2; Path=/admin", "c=3; Max-Age=60; HttpOnly");
    expect([res.cookie("a"), res.cookie("b"), res.cookie("c")]).toEqual(["1", undefined, "3"]);
    expect((await res.follow()).text()).toBe("a=1; c=3");
    expect(visitor.cookie("b", "/admin/users")).toBe("2");
    const next = await set(visitor, "a=; Path=/; Max-Age=0");
    expect([next.cookie("a"), res.cookie("a")]).toEqual([undefined, "1"]);
    expect((await visitor.get("/cookies")).text()).toBe("c=3");
  });

  test("expire", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const visitor = request(app);
    await set(visitor, "a=1; Max-Age=60");
    vi.advanceTimersByTime(59_000);
    expect(visitor.cookie("a")).toBe("1");
    vi.advanceTimersByTime(1000);
    expect((await visitor.get("/cookies")).text()).toBe("");
  });

  test("of a test go along until it deletes them", async () => {
    const visitor = request(app, { headers: { cookie: "theme=dark; lang=de" } });
    visitor.setCookie("seen", "1");
    visitor.setCookie("admin", "1", "Path=/admin");
    visitor.deleteCookie("lang");
    expect((await visitor.get("/cookies")).text()).toBe("theme=dark; seen=1");
    expect((await visitor.get("/cookies", { headers: { cookie: "only=1" } })).text()).toBe("only=1");
    expect(() => visitor.setCookie("__Host-a", "1")).toThrow(
      "A browser does not keep the cookie __Host-a: the prefix of its name needs Secure.",
    );
  });

  test("that a browser does not keep are named when something fails", async () => {
    const visitor = request(app, { origin: "http://shop.example" });
    const res = await set(visitor, "a=1; Secure");
    expect(() => res.html()).toThrow(
      "redirects to /cookies.\nA browser does not keep the cookie a: it is Secure, and the request did not come by https.\n",
    );
  });

  test("belong to one visitor", async () => {
    const [ann, bob] = [request(app), request(app)];
    await set(ann, "a=1");
    expect((await bob.get("/cookies")).text()).toBe("");
  });

  test("have the prefix __Host- over https, of a proxy or of the origin", async () => {
    for (const options of [
      { origin: "https://shop.example" },
      { headers: { "x-forwarded-proto": "https", host: "shop.example" } },
    ]) {
      const visitor = request(app, { session: { userId: 7 }, ...options });
      const res = await visitor.get("/me");
      expect(res.json()).toEqual({ userId: 7 });
      expect(res.session()).toEqual({ userId: 7 });
      expect(res.cookie("__Host-ow_session")).toBeDefined();
      expect((await visitor.post("/login", { form: { user: 8 } })).session()).toEqual({ userId: 8 });
    }
  });
});

describe("headers", () => {
  test("of the visitor go with all requests, those of one with it alone (F-CON-06)", async () => {
    const visitor = request(app, { headers: { "Accept-Language": "de", "X-All": "1" } });
    const first = await visitor.get("/headers", { headers: { "X-One": "2", accept: "text/csv" } });
    expect(first.json()).toMatchObject({
      "accept-language": "de",
      "x-all": "1",
      "x-one": "2",
      accept: "text/csv",
    });
    const second = (await visitor.get("/headers")).json<Record<string, string>>();
    expect(second).toMatchObject({ "accept-language": "de", "x-all": "1" });
    expect(second["x-one"]).toBeUndefined();
    expect(second["accept"]).toMatch(/^text\/html,/);
    expect((await visitor.get("/headers", { headers: { accept: undefined } })).json()).not.toHaveProperty(
      "accept",
    );
  });

  test("of the accepted types and of a token go on with a redirect", async () => {
    const headers = { authorization: "Bearer t", accept: "application/json", "x-one": "1" };
    const res = await (await request(app).post("/then", { headers })).follow();
    const { authorization, accept, "x-one": one } = res.json<Record<string, string>>();
    expect([authorization, accept, one]).toEqual(["Bearer t", "application/json", undefined]);
  });

  test("say that a form is of the app's own page", async () => {
    const own = await request(app).post("/headers");
    expect(own.json()).toMatchObject({ origin: "http://localhost", host: "localhost" });
    expect((await request(app).get("/headers")).json()).not.toHaveProperty("origin");
    const proxied = request(app, { headers: { "x-forwarded-proto": "https", host: "shop.example" } });
    expect((await proxied.post("/headers")).json()).toMatchObject({ origin: "https://shop.example" });
  });

  test.each([
    [{ origin: "https://evil.example" }],
    [{ origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
    [{ "Sec-Fetch-Site": "same-site" }],
  ])("of another site are refused: %j", async (headers) => {
    const res = await request(app, { session: { userId: 7 } }).post("/headers", { headers });
    expect(res.html(403)).toContain("page of another site");
  });
});

describe("the session", () => {
  test("is put into the app's cookie, and read as the app leaves it", async () => {
    const visitor = request(app, { session: { userId: 7 } });
    const me = await visitor.get("/me");
    expect(me.json()).toEqual({ userId: 7 });
    expect(me.session()).toEqual({ userId: 7 });
    const res = await visitor.post("/login", { form: { user: "8" } });
    expect(res.session()).toEqual({ userId: 8 });
    expect((await visitor.get("/me")).json()).toEqual({ userId: 8 });
    expect((await visitor.post("/logout")).session()).toEqual({});
    expect((await visitor.get("/me")).json()).toEqual({});
    await visitor.setSession({ userId: 9 });
    expect((await visitor.get("/me")).json()).toEqual({ userId: 9 });
    visitor.deleteCookie("ow_session");
    expect((await visitor.get("/me")).session()).toEqual({});
  });

  test("is empty for a new visitor, and in time for requests that begin together", async () => {
    expect((await request(app).get("/me")).session()).toEqual({});
    const visitor = request(app, { session: { userId: 7 } });
    const all = await Promise.all([visitor.get("/me"), visitor.get("/me")]);
    expect(all.map((res) => res.json())).toEqual([{ userId: 7 }, { userId: 7 }]);
  });

  test("that is too large for a cookie rejects", async () => {
    const session = { userId: 7, text: "x".repeat(5000) } as object;
    await expect(request(app, { session }).get("/me")).rejects.toThrow(RangeError);
  });

  test("of an app that has its own stands in for that", async () => {
    const own = createApp({ secret, session: () => ({ userId: 1 }) });
    own.get("/me", async (c) => c.json(await own.getSession(c)));
    const visitor = request(own, { session: { userId: 7 } });
    const res = await visitor.get("/me");
    expect([res.json(), res.session()]).toEqual([{ userId: 7 }, { userId: 7 }]);
    const other = await request(own).get("/me");
    expect(other.json()).toEqual({ userId: 1 });
    expect(() => other.session()).toThrow(
      "The session is one of the app's own, createApp({ session: (c) => … })",
    );
  });
});

describe("redirects", () => {
  test("are followed on demand, with their flash", async () => {
    const visitor = request(app);
    const res = await visitor.post("/login", { form: { user: 7 } });
    expect(res.assertRedirect("/dashboard", 303).flash).toEqual({ info: "Welcome!" });
    expect([res.flash("info"), res.flash("error"), res.flash()]).toEqual([
      "Welcome!",
      undefined,
      { info: "Welcome!" },
    ]);
    const page = await res.follow();
    expect(page.url()).toBe("/dashboard");
    expect(page.html()).toContain("<p>Welcome!</p>");
    expect((await visitor.get("/dashboard")).html()).not.toContain("Welcome!");
  });

  test("lead through further ones", async () => {
    const res = await request(app, { headers: { cookie: "a=1" } }).get("/first");
    expect((await res.follow()).text()).toBe("a=1");
  });

  test("of 307 repeat the request", async () => {
    const res = await request(app).post("/again", { body: "once", headers: { "x-own": "mine" } });
    expect((await res.follow()).text()).toBe("mine once");
  });

  test("that are none, or lead elsewhere, fail", async () => {
    const visitor = request(app);
    await expect((await visitor.get("/login")).follow()).rejects.toThrow(
      /^follow\(\) expects a redirect, but got none\.\nGET \/login answered 200, text\/html/,
    );
    await expect((await visitor.get("/out")).follow()).rejects.toThrow(
      "follow() stays in the app, but the redirect leads to another site.\nGET /out answered 302 and redirects to https://other.example/.",
    );
    const broken = await visitor.get("/broken");
    expect((await broken.follow().catch(({ message }) => message)) as string).toContain(
      "redirects to http://[",
    );
    await expect((await visitor.get("/circle")).follow()).rejects.toThrow(
      "Too many redirects, the last one to /circle.",
    );
  });
});

test("an address is the one that the server sees (F-CON-06)", async () => {
  app.get("/address", (c) =>
    c.text((c.env as HttpBindings | undefined)?.incoming?.socket.remoteAddress ?? "none"),
  );
  expect((await request(app).get("/address")).text()).toBe("none");
  const visitor = request(app, { address: "203.0.113.7", session: { userId: 7 } });
  expect((await visitor.get("/address")).text()).toBe("203.0.113.7");
  expect((await visitor.get("/me")).json()).toEqual({ userId: 7 });
});

test("a flash of a test is shown by the next page", async () => {
  const visitor = request(app, { session: { userId: 7 } });
  await visitor.putFlash("info", "Saved.");
  const res = await visitor.get("/dashboard");
  expect(res.html()).toContain("<p>Saved.</p>");
  expect(res.flash("info")).toBe("Saved.");
  await visitor.putFlash("info", "Saved.");
  visitor.clearFlash();
  expect((await visitor.get("/dashboard")).html()).toContain("<p></p>");
});

test("an answer that does not come is given up", async () => {
  await expect(request(app).get("/slow", { timeout: 20 })).rejects.toMatchObject({
    code: "request_failed",
    status: undefined,
    message:
      "GET /slow was not answered within 20 ms: its handler waits for something that does not come, or its body has no end. If it takes that long: { timeout }.",
  });
});

describe("live views", () => {
  test("go on with the visitor's cookies, and hand the visitor back", async () => {
    const visitor = request(app);
    await visitor.post("/login", { form: { user: 7 } });
    const view = await live<Dashboard>(visitor, "/dashboard");
    expect(view.text("h1")).toBe("User 7");
    expect(view.text("p")).toBe("Welcome!");
    await view.element("button").click();
    expect(view.instance.clicks).toBe(1);
    expect(view.request).toBe(visitor);
    expect((await view.request.get("/me")).json()).toEqual({ userId: 7 });
    const out = await view.request.post("/logout");
    expect(out.assertRedirect("/login").to).toBe("/login");
    await view.disconnect({ resume: false });
    await view.reconnect().catch(() => {});
    expect((await visitor.get("/dashboard")).assertRedirect("/login").status).toBe(302);
  });

  test("write into the same cookies", async () => {
    const view = await live(app, "/dashboard", { session: { userId: 7 } });
    view.window.document.cookie = "theme=dark";
    expect(view.request.cookie("theme")).toBe("dark");
    view.request.setCookie("lang", "de");
    expect(view.window.document.cookie).toBe("theme=dark; lang=de");
    const page = await view.form("#out").submitNative<PlainPage>();
    expect(page.url()).toBe("/login");
    expect(page.request).toBe(view.request);
    expect((await page.request.get("/me")).session()).toEqual({});
  });

  test("set and end the session of the visitor, who sees it at once", async () => {
    class Account extends LiveView {
      logIn = this.event(() => this.setSession({ userId: 8 }));
      logOut = this.event(() => this.clearSession());
      render() {
        return html`<h1>${this.session.userId}</h1>
          <button phx-click=${this.logIn}>in</button><button phx-click=${this.logOut}>out</button>`;
      }
    }
    app.live("/account", Account);
    for (const view of [
      await live(request(app), "/account"),
      await live(request(app, { origin: "https://shop.example" }), "/account"),
      await live(Account, { session: { userId: 7 } }),
    ]) {
      const session = async () => (await view.request.get("/account")).session();
      await view.element("button", "in").click();
      expect(view.text("h1")).toBe("8");
      expect(await session()).toEqual({ userId: 8 });
      await view.element("button", "out").click();
      expect(await session()).toEqual({});
    }
  });

  test("end with a session that the visitor ends", async () => {
    const visitor = request(app, { session: { userId: 7 } });
    const view = await live(visitor, "/dashboard");
    await visitor.clearSession();
    expect((await visitor.get("/me")).json()).toEqual({});
    await expect(view.element("button").click()).rejects.toThrow();
  });

  test("have a visitor of their own otherwise", async () => {
    const view = await live(Dashboard, { session: { userId: 7 } });
    const res = await view.request.get("/");
    expect(res.html()).toContain("<h1>User 7</h1>");
    expect(res.session()).toEqual({ userId: 7 });
  });

  test("are opened at the visitor's host", async () => {
    const visitor = request(app, { session: { userId: 7 }, origin: "https://shop.example" });
    const view = await live(visitor, "/dashboard");
    expect(view.window.location.href).toBe("https://shop.example/dashboard");
    await view.disconnect({ resume: false });
    await view.reconnect();
    expect(view.text("h1")).toBe("User 7");
  });
});
