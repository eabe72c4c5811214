import { live } from "@overwire/testing";
import { Hono } from "hono";
import { expect, test } from "vitest";
import { type AppOptions, createApp } from "../app.ts";
import type { Report } from "../runtime/services.ts";
import { html } from "../template/html.ts";
import { LiveComponent } from "../view/live-component.ts";
import { LiveView } from "../view/live-view.ts";
import type { Session } from "../view/view-host.ts";
import { NotFound } from "./errors.ts";
import { guard } from "./guard.ts";

type Known = Session & { readonly userId: number };
const isKnown = (session: Session): session is Known => "userId" in session;
const user = guard(isKnown, { otherwise: "/login", flash: "Please log in." });
const admin = guard((session) => (session as { role?: string }).role === "admin");

let runs: unknown[] = [];

class Page extends LiveView<string, typeof user> {
  static readonly guard = user;
  override mount() {
    runs.push(`mount ${this.session.userId}`);
  }
  erase = this.event(() => void runs.push("erase"), { guard: admin });
  confirm = this.event((_payload, { session }) => void runs.push(session.userId), { guard: user });
  override render() {
    return html`<p>page of ${this.session.userId}</p><button phx-click=${this.erase}>erase</button
      ><button phx-click=${this.confirm}>confirm</button>`;
  }
}

class Login extends LiveView {
  back = "";
  override mount() {
    this.back = this.returnTo("/home");
  }
  override render() {
    return html`<p>log in, ${this.flash.error}, then ${this.back}</p>`;
  }
}

function make(options: AppOptions = {}) {
  runs = [];
  const reports: Report[] = [];
  const app = createApp({ secret: "s".repeat(32), report: (report) => reports.push(report), ...options });
  app.live("/login", Login);
  app.post("/login", async (c) => {
    await app.setSession(c, { userId: 7 } as Session);
    return c.redirect(app.returnTo(c, "/home"));
  });
  return { app, reports };
}

const known = { session: { userId: 7 } as Session };

test("middleware lets in, or sends to the log-in with a message and the page to return to", async () => {
  const { app } = make();
  app.use("/admin/*", user);
  app.get("/admin/list", (c) => c.text("secret"));
  expect(await (await app.request("/admin/list", {}, app.withSession(known.session))).text()).toBe("secret");
  const refused = await app.request("/admin/list?page=2");
  expect(refused.status).toBe(302);
  expect(refused.headers.get("location")).toBe("/login");

  const cookies = refused.headers.getSetCookie().map((cookie) => cookie.split(";")[0]);
  const cookie = cookies.join("; ");
  const login = await app.request("/login", { headers: { cookie } });
  expect(await login.text()).toContain("log in, Please log in., then /admin/list?page=2");
  const headers = { cookie, origin: "http://localhost" };
  const done = await app.request("/login", { method: "POST", headers });
  expect(done.headers.get("location")).toBe("/admin/list?page=2");
  const renewed = done.headers.getSetCookie().map((cookie) => cookie.split(";")[0]);
  const after = { cookie: [...cookies, ...renewed].join("; "), origin: "http://localhost" };
  const again = await app.request("/login", { method: "POST", headers: after });
  expect(again.headers.get("location")).toBe("/home");
});

test("nothing is kept of a POST, of what a page fetches, and of paths that lead elsewhere", async () => {
  const { app } = make();
  app.use("*", async (c, next) => (c.req.path === "/login" ? next() : user(c, next)));
  const kept = async (path: string, init: RequestInit = {}) =>
    (await app.request(path, { ...init, headers: { origin: "http://localhost", ...init.headers } })).headers
      .getSetCookie()
      .some((cookie) => cookie.startsWith("ow_return_to="));
  expect(await kept("/a")).toBe(true);
  expect(await kept("/a", { method: "POST" })).toBe(false);
  expect(await kept("/a", { headers: { "sec-fetch-dest": "empty" } })).toBe(false);
  expect(await kept("/a", { headers: { "sec-fetch-dest": "document" } })).toBe(true);
  for (const path of ["//evil.example", "/.//evil.example", "/%09/evil.example", "/%5Cevil.example/%0d"])
    expect(await kept(`http://localhost${path}`), path).toBe(false);
  expect(await kept(`/${"a".repeat(3000)}`)).toBe(false);
});

test("a forged page to return to does not count, nor one of another visitor", async () => {
  const { app } = make();
  app.use("/admin", user);
  const cookiesOf = async () =>
    (await app.request("/admin")).headers.getSetCookie().map((cookie) => cookie.split(";")[0] as string);
  const [one, other] = [await cookiesOf(), await cookiesOf()];
  const own = (cookies: string[], name: string) =>
    cookies.find((cookie) => cookie.startsWith(`${name}=`)) ?? "";
  const mixed = `${own(one, "ow_visitor")}; ${own(other, "ow_return_to")}`;
  for (const cookie of [mixed, `${own(one, "ow_visitor")}; ow_return_to=//evil.example`]) {
    const answer = await app.request("/login", {
      method: "POST",
      headers: { cookie, origin: "http://localhost" },
    });
    expect(answer.headers.get("location")).toBe("/home");
  }
});

test("an error class is the answer; so is an HttpError that the check throws", async () => {
  const { app, reports } = make();
  app.use("/admin", admin);
  app.use(
    "/hidden",
    guard(() => Promise.reject(new NotFound("No such page."))),
  );
  expect((await app.request("/admin")).status).toBe(403);
  const hidden = await app.request("/hidden");
  expect([hidden.status, await hidden.text()]).toEqual([404, "No such page."]);
  expect(reports).toEqual([]);
});

test("a check that fails, or returns no boolean, is a crash and refuses all", async () => {
  const { app, reports } = make();
  app.use(
    "/broken",
    guard(() => Promise.reject(new Error("database"))),
  );
  app.use("/sloppy", guard((() => 1) as never));
  app.get("/*", (c) => c.text("secret"));
  expect((await app.request("/broken")).status).toBe(500);
  expect((await app.request("/sloppy")).status).toBe(500);
  expect(reports.map(({ error }) => (error as Error).message)).toEqual([
    "database",
    "The check of a guard returned 1. It returns true or false, so that nothing lets in by chance.",
  ]);
});

test("guards are asked in an app that another Hono app mounts, and in one that is its route", async () => {
  const { app } = make();
  app.use("/admin", user);
  app.get("/admin", (c) => c.text("secret"));
  const outer = new Hono().route("/shop", app).mount("/mounted", app.fetch);
  for (const base of ["/shop", "/mounted"]) {
    const refused = await outer.request(`${base}/admin`);
    expect(refused.headers.get("location")).toBe("/login");
    const headers = { origin: "http://localhost" };
    const login = await outer.request(`${base}/login`, { method: "POST", headers });
    const cookie = login.headers
      .getSetCookie()
      .map((cookie) => cookie.split(";")[0])
      .join("; ");
    expect(await (await outer.request(`${base}/admin`, { headers: { cookie } })).text()).toBe("secret");
  }
});

test("a guard that stands before no app says so", async () => {
  const errors: unknown[] = [];
  const plain = new Hono();
  plain.use("*", user);
  plain.onError((error, c) => {
    errors.push((error as { code?: string }).code);
    return c.text("", 500);
  });
  expect((await plain.request("/")).status).toBe(500);
  expect(errors).toEqual(["guard_without_app"]);
});

test("the guard of a view stands before it, wherever it is served", async () => {
  const { app } = make();
  app.live("/page", Page);
  await expect(live(app, "/page")).rejects.toMatchObject({
    redirect: { to: "/login", status: 302, flash: { error: "Please log in." } },
  });
  expect(runs).toEqual([]);
  const view = await live(app, "/page", known);
  expect(view.text("p")).toBe("page of 7");
});

test("a guard of a live session is asked once, though the view has it too", async () => {
  const { app } = make();
  let asked = 0;
  const counting = guard(() => ++asked > 0);
  class Counted extends LiveView {
    static readonly guard = counting;
    override render = () => html`<p>there</p>`;
  }
  app.liveSession({ onMount: counting.onMount }, () => app.live("/counted", Counted));
  await app.request("/counted");
  expect(asked).toBe(1);
});

test("a refused event runs nothing, and its reply is the refusal", async () => {
  const { app, reports } = make();
  app.live("/page", Page);
  const view = await live(app, "/page", known);
  runs = [];
  await expect(view.element("button", "erase").click()).rejects.toThrow("Forbidden");
  expect(runs).toEqual([]);
  await view.element("button", "confirm").click();
  expect(runs).toEqual([7]);
  expect(reports).toMatchObject([{ kind: "refused", event: "erase" }]);
});

test("neither the schema nor hooks of a refused event run", async () => {
  class Hooked extends LiveView {
    override mount() {
      this.attachHook("handleEvent", () => void runs.push("hook"));
    }
    erase = this.event(() => void runs.push("erase"), { guard: admin });
    override render = () => html`<button phx-click=${this.erase}>erase</button>`;
  }
  const { app } = make();
  app.live("/hooked", Hooked);
  const stranger = await live(app, "/hooked");
  await expect(stranger.element("button").click()).rejects.toThrow("Forbidden");
  expect(runs).toEqual([]);
  const boss = await live(app, "/hooked", { session: { role: "admin" } as Session });
  await boss.element("button").click();
  expect(runs).toEqual(["hook", "erase"]);
});

test("a guarded event of a view or component redirects with the page to return to", async () => {
  const sudo = guard(() => Promise.resolve(false), { otherwise: "/login", flash: { info: "Once more." } });
  class Danger extends LiveComponent {
    erase = this.event(() => void runs.push("erase"), { guard: sudo });
    override render() {
      return html`<button phx-click=${this.erase}>erase</button>`;
    }
  }
  class Settings extends LiveView {
    override render() {
      return html`<${Danger} id="danger" />`;
    }
  }
  const { app } = make();
  app.live("/settings", Settings);
  const view = await live(app, "/settings?tab=1");
  await view.element("button").click();
  expect((await view.assertRedirect("/login")).flash).toEqual({ info: "Once more." });
  expect(runs).toEqual([]);
  const next = await view.followRedirect();
  expect("text" in next && next.text("p")).toBe("log in, , then /settings?tab=1");
});

test("an event whose guard crashes ends the view, and runs nothing", async () => {
  const broken = guard(() => Promise.reject(new Error("database")));
  class Fragile extends LiveView {
    erase = this.event(() => void runs.push("erase"), { guard: broken });
    override render = () => html`<button phx-click=${this.erase}>erase</button>`;
  }
  const { app, reports } = make();
  app.live("/fragile", Fragile);
  const view = await live(app, "/fragile");
  await expect(view.element("button").click()).rejects.toThrow("database");
  expect(runs).toEqual([]);
  expect(reports).toMatchObject([{ kind: "crash" }]);
});

test("a guard lets in those whom both of its parts let in", async () => {
  const { app } = make();
  app.use("/both", user.and(admin));
  app.get("/both", (c) => c.text("secret"));
  const ask = async (session: object) =>
    (await app.request("/both", {}, app.withSession(session as Session))).status;
  expect(await ask({})).toBe(302);
  expect(await ask({ userId: 7 })).toBe(403);
  expect(await ask({ userId: 7, role: "admin" })).toBe(200);
});

test("a guard that sends to the page that it guards says so", async () => {
  const { app, reports } = make();
  app.use("/enter", guard(isKnown, { otherwise: "/enter?again" }));
  expect((await app.request("/enter")).status).toBe(500);
  expect(reports[0]?.error).toHaveProperty(
    "message",
    expect.stringContaining("sends /enter?again to itself"),
  );
});

test("options that cannot be right are refused", () => {
  expect(() => guard("user" as never)).toThrow("expects a function");
  expect(() => guard(() => true, { otherwise: "//evil.example" })).toThrow("one slash");
  expect(() => guard(() => true, { otherwise: Error as never })).toThrow("a class of an HttpError");
  expect(() => user.and((() => true) as never)).toThrow("guard.and expects a guard");
  const { app } = make();
  class Wrong extends LiveView {
    static readonly guard = (() => true) as never;
    override render = () => html``;
  }
  expect(() => app.live("/wrong", Wrong)).toThrow("The static field guard of Wrong expects a guard");
});

test("a nested view is behind its own guard", async () => {
  class Around extends LiveView {
    override render = () => html`<${Page} id="inner" />`;
  }
  const { app } = make();
  app.live("/around", Around);
  await expect(live(app, "/around")).rejects.toMatchObject({ redirect: { to: "/login" } });
  expect(runs).toEqual([]);
  const view = await live(app, "/around", known);
  expect(view.text("p")).toBe("page of 7");
});
