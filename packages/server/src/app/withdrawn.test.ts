import { openSocket, tokensIn, visitorCookie } from "@overwire/test-support/fake-socket";
import { eventFrame, joinFrame, leaveFrame, urlFrame } from "@overwire/test-support/frames";
import { connect } from "@overwire/testing";
import { HTTPException } from "hono/http-exception";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { createApp } from "../app.ts";
import { Channel } from "../channel/channel.ts";
import { guard } from "../http/guard.ts";
import type { Report } from "../runtime/services.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import type { Session } from "../view/view-host.ts";

interface Known {
  userId?: number;
  admin?: boolean;
}

let known: Known = {};
let ran: string[] = [];
let reports: Report[] = [];
/** The check of {@link slow} waits for it. */
let asked: ((lets: boolean) => void) | undefined;
let broken: unknown;

const isAdmin = (session: Session) => (session as Known).admin === true;
const admin = guard((session) => {
  if (broken) throw broken;
  return isAdmin(session);
});
const slow = guard(
  () =>
    new Promise<boolean>((resolve) => {
      asked = resolve;
    }),
);

class Plain extends LiveView {
  count = 0;
  inc = this.event(() => void this.count++);
  boom = this.event(() => {
    throw new Error("boom");
  });
  override render() {
    return html`<i>SECRET ${this.count} ${String(isAdmin(this.session))}</i>`;
  }
}
class Guarded extends Plain {
  static readonly guard = admin;
}
class Page extends LiveView {
  override render() {
    return html`<main><${Guarded} id="g" /></main>`;
  }
}
class Around extends LiveView {
  override render() {
    return html`<main><${Plain} id="p" session=${{ theme: "dark" }} /></main>`;
  }
}
class GuardedAround extends Around {
  static readonly guard = admin;
}
class Sticking extends LiveView {
  static readonly guard = admin;
  override render() {
    return html`<main><${Plain} id="p" sticky /></main>`;
  }
}
class Acts extends LiveView {
  static readonly guard = guard((session) => (session as Known).userId === 7);
  erase = this.event(() => void ran.push("erase"), { guard: admin });
  wait = this.event(() => void ran.push("wait"), { guard: slow });
  override handleParams() {
    ran.push("params");
  }
  override render() {
    return html`<p>acts</p>`;
  }
}
class Open extends Acts {
  static override readonly guard = guard(() => true);
}
class Room extends Channel {
  override join() {
    ran.push("join");
    return "SECRET";
  }
  read = this.event(() => "SECRET");
  wait = this.event(() => void ran.push("wait"), { guard: slow });
}

function makeApp() {
  const app = createApp({
    secret: "s".repeat(16) + "t".repeat(16),
    report: (report) => reports.push(report),
    session: () => ({ ...known }) as Session,
    identify: () => "user:7",
  });
  app.use("/mw/*", admin);
  app.use("/plain/*", async (c, next) => (known.admin ? next() : c.redirect("/login")));
  app.live("/", Page).live("/mw/around", Around).live("/around", GuardedAround).live("/sticking", Sticking);
  app.live("/free", Around).live("/plain/page", Plain).live("/acts", Acts).live("/open", Open);
  app.channels("/socket", { id: () => "user:7" }, (socket) => {
    socket.channel("room:*", Room, { guard: admin });
    socket.channel("slow:*", Room, { guard: slow });
    socket.channel("open:*", Room);
  });
  return app;
}

type Frames = readonly (readonly unknown[])[];

async function open(path = "/", app = makeApp()) {
  const answer = await app.request(path, { headers: { cookie: visitorCookie() } });
  const [token, nested] = tokensIn(await answer.text());
  const tab = openSocket(app);
  const join = (view: number, of: string | undefined, more: object = {}) =>
    tab.ask(joinFrame(view, of, { url: path, ...more })) as Promise<Frames>;
  return { ...tab, app, token, nested, join, page: () => join(1, token), child: () => join(2, nested) };
}

const ended = (view: number) => [["x", view, "refused", expect.any(String)]];
/** The page is to keep its drafts. */
const told = (view: number) => ["p", view, expect.any(Number), 0, 0, { n: ["s", "", 0, ""] }];
const joined = (view: number) => [expect.arrayContaining(["j", view])];

beforeEach(() => {
  known = { userId: 7, admin: true };
  ran = [];
  reports = [];
  asked = undefined;
  broken = undefined;
});

describe("a nested view", () => {
  test("is not joined as a page that is navigated to: its guard would not be asked", async () => {
    const tab = await open();
    await tab.page();
    known.admin = false;
    expect(await tab.join(2, tab.nested, { navigate: true })).toMatchObject([
      ["x", 2, "stale", expect.any(String)],
    ]);
    expect(await tab.join(2, tab.nested)).toEqual(ended(2));
  });

  test("that a recheck has ended is not joined again", async () => {
    const tab = await open();
    await tab.page();
    await tab.child();
    known.admin = false;
    tab.app.recheck("user:7");
    expect(await tab.next()).toEqual(ended(2));
    expect(await tab.join(3, tab.nested)).toMatchObject([["x", 3, "closed", expect.any(String)]]);
    known.admin = true;
    expect(await tab.join(4, tab.nested)).toMatchObject([["x", 4, "closed", expect.any(String)]]);
  });

  test.each(["left", "crashed"])("that has %s asks its guard about the session as it is now", async (how) => {
    const tab = await open();
    await tab.page();
    await tab.child();
    if (how === "left") tab.send(leaveFrame(2));
    else await tab.ask(eventFrame(2, 1, "boom"));
    known.admin = false;
    expect(await tab.join(3, tab.nested)).toEqual(ended(3));
  });

  test("without a guard is mounted anew with the session as it is now", async () => {
    const tab = await open("/free");
    await tab.page();
    await tab.child();
    tab.send(leaveFrame(2));
    known.admin = false;
    const frames = await tab.join(3, tab.nested);
    expect(frames).toEqual(joined(3));
    expect(JSON.stringify(frames)).toContain('"false"');
  });

  test("loses what its page's session has no more", async () => {
    const tab = await open();
    await tab.page();
    await tab.child();
    known = { userId: 7 };
    tab.app.recheck("user:7");
    expect(await tab.next()).toEqual(ended(2));
  });

  test.each(["/mw/around", "/around"])("without a guard stands behind that of its page, %s", async (path) => {
    const tab = await open(path);
    known.admin = false;
    expect(await tab.child()).toEqual(ended(2));
  });

  test.each(["/mw/around", "/around", "/sticking"])("ends with the right to its page, %s", async (path) => {
    const tab = await open(path);
    await tab.page();
    await tab.child();
    known.admin = false;
    tab.app.recheck("user:7");
    await vi.waitFor(() => expect(tab.socket.process(2)).toBeUndefined());
    tab.peer.take();
    tab.send(eventFrame(2, 1, "inc"));
    expect(JSON.stringify(tab.peer.take())).not.toContain('"p"');
  });
});

describe("a recheck", () => {
  test.each(["/acts", "/open"])("gives the guards of events the session as it is now, %s", async (path) => {
    const tab = await open(path);
    await tab.page();
    known.admin = false;
    tab.app.recheck("user:7");
    await vi.waitFor(() => expect(isAdmin(tab.socket.process(1)?.init.session as Session)).toBe(false));
    await tab.ask(eventFrame(1, 1, "erase"));
    expect(ran).not.toContain("erase");
  });

  test("while the connection is lost gives the guards of events the session as it is now", async () => {
    class Unguarded extends LiveView {
      erase = this.event(() => void ran.push("erase"), { guard: admin });
      override render = () => html`<p></p>`;
    }
    const tab = await open("/unguarded", makeApp().live("/unguarded", Unguarded) as never);
    await tab.page();
    tab.socket.closed(true);
    known.admin = false;
    tab.app.recheck("user:7");
    const again = openSocket(tab.app);
    await again.ask(joinFrame(1, tab.token, { url: "/unguarded", seen: 1 }));
    await again.ask(eventFrame(1, 1, "erase"));
    expect(ran).toEqual([]);
  });

  test("runs middleware that is no guard", async () => {
    const tab = await open("/plain/page");
    await tab.page();
    known.admin = false;
    tab.app.recheck("user:7");
    expect(await tab.next()).toMatchObject([
      told(1),
      ["x", 1, "redirected", expect.any(String), ["redirect", "/login", 0]],
    ]);
  });

  test("ends a view and a channel whose guard fails with an error that cannot be read", async () => {
    const tab = await open("/around");
    await tab.page();
    const socket = await connect(tab.app, "/socket", { session: { userId: 7, admin: true } as Session });
    const room = await socket.subscribeAndJoin("room:1");
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    broken = Object.assign(new Error("away"), { draft: proxy });
    tab.app.recheck("user:7");
    expect(await tab.next()).toEqual([told(1), ...ended(1)]);
    await expect(room.push("read")).rejects.toThrow();
    await vi.waitFor(() => expect(reports.filter(({ event }) => event === "guard")).toHaveLength(2));
  });

  test("refuses a channel whose join is under way", async () => {
    const app = makeApp();
    const socket = await connect(app, "/socket", { session: { userId: 7 } as Session });
    const join = socket.subscribeAndJoin("slow:1");
    await vi.waitFor(() => expect(asked).toBeDefined());
    const first = asked;
    app.recheck("user:7");
    await vi.waitFor(() => expect(asked).not.toBe(first));
    asked?.(false);
    await expect(join).rejects.toMatchObject({ reply: { code: "forbidden", status: 403 } });
    first?.(true);
    await app.whenIdle();
    expect(ran).toEqual([]);
  });
});

test.each(["disconnect", "leave"])(
  "an event whose guard is still asked does not run after %s",
  async (how) => {
    const tab = await open("/acts");
    await tab.page();
    tab.send(eventFrame(1, 1, "wait"));
    await vi.waitFor(() => expect(asked).toBeDefined());
    if (how === "disconnect") tab.app.disconnect("user:7");
    else tab.send(leaveFrame(1));
    await vi.waitFor(() => expect(tab.socket.process(1)).toBeUndefined());
    asked?.(true);
    await tab.app.whenIdle();
    expect(ran).not.toContain("wait");
  },
);

test("a channel's event whose guard is still asked does not run after disconnect", async () => {
  const app = makeApp();
  const socket = await connect(app, "/socket", { session: { userId: 7 } as Session });
  const room = await socket.subscribeAndJoin("open:1");
  room.push("wait").catch(() => {});
  await vi.waitFor(() => expect(asked).toBeDefined());
  app.disconnect("user:7");
  asked?.(true);
  await app.whenIdle();
  expect(ran).toEqual(["join"]);
});

test("a live patch to the page's own URL asks the guard", async () => {
  const tab = await open("/acts");
  await tab.page();
  await tab.ask(urlFrame(1, 1, "/acts"));
  const before = ran.length;
  (tab.socket.process(1) as { init: { session: Session } }).init.session = {};
  await tab.ask(urlFrame(1, 2, "/acts"));
  expect([before, ran.length]).toEqual([before, before]);
  expect(before).toBeGreaterThan(1);
});

test("an upload refuses the option guard, which it does not have", async () => {
  const options = { guard: admin } as object;
  const refused: unknown[] = [];
  class Mistaken extends LiveView {
    override mount() {
      try {
        this.allowUpload({ accept: [".txt"], ...options });
      } catch (error) {
        refused.push(error);
      }
    }
    override render = () => html`<p></p>`;
  }
  await makeApp().live("/mistaken", Mistaken).request("/mistaken");
  expect(refused).toMatchObject([{ code: "invalid_option" }]);
});

test("an answer behind a guard is not stored, also for users without a session", async () => {
  known = {};
  const app = makeApp();
  app.use(
    "/key/*",
    guard((_session, { request }) => request?.req.header("x-key") === "k"),
  );
  app.get("/key/page", (c) => c.json("SECRET"));
  app.live("/key/view", Plain);
  for (const [path, key, status] of [
    ["/key/page", "k", 200],
    ["/key/page", "", 403],
    ["/key/view", "k", 200],
    ["/around", "", 403],
  ] as const) {
    const answer = await app.request(path, { headers: { "x-key": key } });
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([status, "private, no-store"]);
  }
});

test("an answer of success that a check throws lets nothing in", async () => {
  const app = makeApp();
  const thrown = new HTTPException(200, { res: new Response("SECRET") });
  app.use(
    "/odd",
    guard(() => Promise.reject(thrown)),
  );
  app.get("/odd", (c) => c.text("SECRET"));
  const answer = await app.request("/odd");
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain("SECRET");
});
