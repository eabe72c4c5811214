import type { ServerFrame } from "@overwire/client/wire";
import { openSocket, tokensIn, visitorCookie } from "@overwire/test-support/fake-socket";
import { eventFrame, joinFrame, urlFrame } from "@overwire/test-support/frames";
import { Hono } from "hono";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { createApp } from "../app.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import type { EndReason } from "../view/view-host.ts";

let mounts = 0;
let ends: EndReason[] = [];
let asked: string[] = [];
let entered: string[] = [];

class Files extends LiveView<"/files/*"> {
  override mount() {
    mounts++;
  }
  override handleParams() {
    entered.push(this.url.pathname + this.url.search);
    if (this.url.pathname === "/files/entrance") this.pushPatch("/files/secret");
  }
  go = this.event(({ to }) => this.pushPatch(String(to)));
  override render() {
    return html`<p>${this.url.pathname}</p>`;
  }
  override terminate(reason: EndReason) {
    ends.push(reason);
  }
}

/** It decides by the path on its own, so the router sees no difference. */
const guard = (app: ReturnType<typeof createApp>) =>
  app.use("*", async (c, next) => {
    asked.push(c.req.path);
    if (c.req.path.includes("secret") && c.req.header("x-admin") === undefined) return c.redirect("/login");
    if (c.req.query("as") === "admin") return c.text("no", 403);
    if (c.req.path.includes("broken")) throw new Error("boom");
    await next();
    c.header("x-guarded", "1");
  });

function makeApp(guarded = true) {
  const app = createApp({ secret: "s".repeat(16) + "t".repeat(16), report: () => {} });
  if (guarded) guard(app);
  app.live("/files/*", Files);
  return app;
}

type Fetch = (request: Request, env: object) => Response | Promise<Response>;

async function open(app = makeApp(), path = "/files/a", headers: Record<string, string> = {}, fetch?: Fetch) {
  const answer = await (fetch ?? app.fetch)(
    new Request(`http://localhost${path}`, { headers: { cookie: visitorCookie() } }),
    {},
  );
  const token = tokensIn(await answer.text())[0];
  const { socket, send, ask, peer } = openSocket(app, { headers, fetch });
  const say = async (frame: readonly unknown[]) => (await ask(frame))[0] as ServerFrame;
  await say(joinFrame(1, token, { url: path }));
  asked = [];
  entered = [];
  return { socket, send, say, frames: peer.frames };
}

const code = (frame: ServerFrame) => (frame[0] === "p" ? frame[5]?.x?.code : frame[2]);

beforeEach(() => {
  mounts = 0;
  ends = [];
});

describe("a live patch past middleware that looks at the URL by itself", () => {
  test("reaches the pages that the middleware lets it, and no others", async () => {
    const tab = await open();
    expect(code(await tab.say(urlFrame(1, 1, "/files/b")))).toBeUndefined();
    expect(code(await tab.say(urlFrame(1, 2, "/files/secret")))).toBe("elsewhere");
    expect(code(await tab.say(urlFrame(1, 3, "/files/b?as=admin")))).toBe("elsewhere");
    expect(code(await tab.say(urlFrame(1, 4, "/files/broken")))).toBe("elsewhere");
    expect(code(await tab.say(urlFrame(1, 5, "/files/b?as=me")))).toBeUndefined();
    expect(entered).toEqual(["/files/b", "/files/b?as=me"]);
    expect(asked).toEqual(["/files/b", "/files/secret", "/files/b", "/files/broken", "/files/b"]);
    expect([mounts, ends]).toEqual([1, []]);
  });

  test("asks with the cookies and headers of its own socket", async () => {
    const tab = await open(makeApp(), "/files/a", { "x-admin": "1" });
    expect(code(await tab.say(urlFrame(1, 1, "/files/secret")))).toBeUndefined();
    expect(entered).toEqual(["/files/secret"]);
  });

  test("keeps later events waiting until it is decided", async () => {
    const tab = await open();
    tab.send(urlFrame(1, 1, "/files/b"));
    tab.send(eventFrame(1, 2, "go", { to: "/files/c" }));
    await vi.waitFor(() => expect(tab.frames).toHaveLength(2));
    expect(entered).toEqual(["/files/b", "/files/c"]);
    expect(tab.frames.map((frame) => frame[3])).toEqual([1, 2]);
  });

  test("that the view pushes becomes a navigation, which gets the middleware's answer", async () => {
    const tab = await open();
    const allowed = await tab.say(eventFrame(1, 1, "go", { to: "/files/b" }));
    expect(allowed).toMatchObject(["p", 1, 2, 1, { 0: "/files/b" }, { n: ["patch", "/files/b", 0] }]);
    const refused = await tab.say(eventFrame(1, 2, "go", { to: "/files/secret" }));
    expect(refused).toMatchObject(["p", 1, 3, 2, 0, { n: ["navigate", "/files/secret", 0] }]);
    expect([entered, ends]).toEqual([["/files/b"], ["redirected"]]);
  });

  test("asks as the latest client, while a view waits for it", async () => {
    const tab = await open();
    const viewProcess = tab.socket.process(1);
    tab.socket.closed(true);
    viewProcess?.event(1, "go", { to: "/files/secret" });
    await vi.waitFor(() => expect(ends).toEqual(["redirected"]));
    expect([asked, entered]).toEqual([["/files/secret"], []]);
  });

  test("that a view pushes while it is mounted for a join is a navigation too", async () => {
    const app = makeApp();
    const page = await (await app.request("/files/a", { headers: { cookie: visitorCookie() } })).text();
    const token = tokensIn(page)[0];
    const tab = await open(app);
    entered = [];
    const frame = await tab.say(joinFrame(2, token, { url: "/files/entrance", navigate: true }));
    expect(frame).toMatchObject(["x", 2, "redirected", expect.anything(), ["navigate", "/files/secret", 0]]);
    expect(entered).toEqual(["/files/entrance"]);
  });
});

test("a live patch in an app without middleware makes no request, and is answered at once", async () => {
  const app = makeApp(false);
  const tab = await open(app);
  const fetch = vi.spyOn(app, "fetch");
  tab.send(urlFrame(1, 1, "/files/secret"));
  expect(tab.frames.map(code)).toEqual([undefined]);
  expect(entered).toEqual(["/files/secret"]);
  expect(fetch).not.toHaveBeenCalled();
});

test("the middleware of an outer app is asked, even if only that app has some", async () => {
  const app = makeApp(false);
  const outer = new Hono();
  outer.use("/app/*", async (c, next) => {
    asked.push(c.req.path);
    if (c.req.path.includes("secret")) return c.redirect("/login");
    await next();
  });
  outer.route("/app", app as unknown as Hono);
  const tab = await open(app, "/app/files/a", {}, (request, env) => outer.fetch(request, env));
  expect(code(await tab.say(urlFrame(1, 1, "/app/files/b")))).toBeUndefined();
  expect(code(await tab.say(urlFrame(1, 2, "/app/files/secret")))).toBe("elsewhere");
  expect(asked).toEqual(["/app/files/b", "/app/files/secret"]);
});
