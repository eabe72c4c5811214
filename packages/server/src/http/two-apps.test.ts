/** Two apps on one host, at two ports or behind one proxy: a browser sends the cookies of both to both. */
import { openSocket, tokensIn } from "@overwire/test-support/fake-socket";
import { joinFrame } from "@overwire/test-support/frames";
import { expect, test } from "vitest";
import type { OverwireApp } from "../app/overwire-app.ts";
import { type AppOptions, createApp } from "../app.ts";
import type { Report } from "../runtime/services.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import type { Session } from "../view/view-host.ts";
import { guard } from "./guard.ts";

const secret = "k3Jd9".repeat(8);

const userOf = (session: Session) => (session as { user?: string }).user;

class Page extends LiveView {
  override render() {
    return html`<p>${userOf(this.session) ?? "nobody"}</p>`;
  }
}

function makeApp(session?: AppOptions["session"], report: (report: Report) => void = () => {}) {
  const app = createApp({ secret, report, session });
  app.live("/", Page);
  app.get("/login/:user", async (c) => {
    const path = app.returnTo(c, "/");
    await app.setSession(c, { user: c.req.param("user") } as Session);
    return c.text(path);
  });
  app.get("/logout", async (c) => {
    await app.clearSession(c);
    return c.text("out");
  });
  app.use(
    "/for-members/*",
    guard((session) => userOf(session) !== undefined, { otherwise: "/" }),
  );
  app.get("/for-members/:page", (c) => c.text("in"));
  return app;
}

/** A browser: its cookies know a host, and no port. */
function browser() {
  const jar = new Map<string, string>();
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
  return {
    jar,
    cookie,
    async visit(app: OverwireApp, path = "/") {
      const response = await app.request(path, { headers: { cookie: cookie() } });
      for (const line of response.headers.getSetCookie()) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (line.includes("Max-Age=0")) jar.delete(name);
        else jar.set(name, value);
      }
      return response.text();
    },
  };
}

test("neither a log-in nor a log-out at one app is one at the other", async () => {
  const [gallery, store] = [makeApp(), makeApp({ cookie: "store_session" })];
  const { visit, jar } = browser();
  await visit(gallery, "/login/ada");
  await visit(store, "/login/bob");
  expect([...jar.keys()]).toEqual(["ow_session", "ow_visitor", "store_session", "store_session_visitor"]);
  expect(await visit(gallery)).toContain("<p>ada</p>");
  expect(await visit(store)).toContain("<p>bob</p>");
  await visit(store, "/logout");
  expect(await visit(gallery)).toContain("<p>ada</p>");
  expect(await visit(store)).toContain("<p>nobody</p>");
});

test("pages of both are joined in one browser", async () => {
  const [gallery, store] = [makeApp(), makeApp({ cookie: "store_session" })];
  const { visit, cookie } = browser();
  const [one] = tokensIn(await visit(gallery));
  await visit(store, "/login/bob");
  const [other] = tokensIn(await visit(store));
  for (const [app, token] of [
    [gallery, one],
    [store, other],
  ] as const) {
    const socket = openSocket(app, { headers: { cookie: cookie() } });
    expect((await socket.ask(joinFrame(1, token)))[0]?.[0]).toBe("j");
  }
});

test("each returns to its own page", async () => {
  const [gallery, store] = [makeApp(), makeApp({ cookie: "store_session" })];
  const { visit } = browser();
  await visit(gallery, "/for-members/a");
  await visit(store, "/for-members/b");
  expect(await visit(gallery, "/login/ada")).toBe("/for-members/a");
  expect(await visit(store, "/login/bob")).toBe("/for-members/b");
});

test("a session of one is none of the other, even if its user renames the cookies", async () => {
  const [gallery, store] = [makeApp(), makeApp({ cookie: "store_session" })];
  const { visit, jar } = browser();
  await visit(gallery, "/login/admin");
  jar.set("store_session", jar.get("ow_session") ?? "");
  jar.set("store_session_visitor", jar.get("ow_visitor") ?? "");
  expect(await visit(store)).toContain("<p>nobody</p>");
});

test("a name with a prefix begins the others without it, which get their own over https", async () => {
  const app = makeApp({ cookie: "__Host-sid" });
  const names = async (url: string) =>
    (await app.request(url)).headers.getSetCookie().map((cookie) => cookie.split("=", 1)[0]);
  expect(await names("https://store.example/login/ada")).toEqual(["__Host-sid", "__Host-sid_visitor"]);
  expect(await names("http://localhost/")).toEqual(["sid_visitor"]);
});

test("reports hide the cookies under their names", async () => {
  const reports: Report[] = [];
  const app = makeApp({ cookie: "store_session" }, (report) => reports.push(report));
  app.report({
    kind: "warning",
    message: "got store_session=abc; store_session_visitor=def; session=ghi",
    error: { store_session: "abc", storeSessionVisitor: "def", session: "ghi" },
  });
  const text = JSON.stringify(reports);
  expect(text).not.toMatch(/abc|def/);
  expect(text).toContain("ghi");
});
