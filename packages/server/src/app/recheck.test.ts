import { deferred } from "@overwire/test-support/deferred";
import { expectFrames, openSocket, tokensOf } from "@overwire/test-support/fake-socket";
import { eventFrame, joinFrame } from "@overwire/test-support/frames";
import { connect, live } from "@overwire/testing";
import { expect, test, vi } from "vitest";
import { createApp } from "../app.ts";
import { Channel } from "../channel/channel.ts";
import { guard } from "../http/guard.ts";
import { createPubSub } from "../pubsub/create-pubsub.ts";
import type { Report } from "../runtime/services.ts";
import { html } from "../template/html.ts";
import { LiveComponent } from "../view/live-component.ts";
import { LiveView } from "../view/live-view.ts";
import type { EndReason, Session } from "../view/view-host.ts";

let admins = new Set<number>();
let broken = false;
let ends: string[] = [];
const userOf = (session: Session) => (session as { userId?: number }).userId;
const isAdmin = (session: Session): Promise<boolean> => {
  if (broken) return Promise.reject(new Error("database"));
  return Promise.resolve(admins.has(userOf(session) ?? 0));
};
const admin = guard(isAdmin, { otherwise: "/login", flash: "Not any more." });
const strict = guard(isAdmin);

class Counter extends LiveView {
  count = 0;
  inc = this.event(() => void this.count++);
  override render() {
    return html`<p>${this.count}</p><button phx-click=${this.inc}>+</button>`;
  }
}
class Own extends Counter {
  static readonly guard = admin;
}
class Strict extends Counter {
  static readonly guard = strict;
}
class Post extends Counter {
  static readonly guard = guard((_session, { params }) => params.id !== "2", { otherwise: "/login" });
  next = this.event(() => this.pushPatch("/posts/2"));
  override render() {
    return html`<p>post ${this.params.id}</p><button phx-click=${this.next}>next</button>`;
  }
}
class Login extends LiveView {
  back = "";
  override mount() {
    this.back = this.returnTo();
  }
  override render = () => html`<p>${this.flash.error} ${this.back}</p>`;
}
class Room extends Channel {
  override join() {
    return "joined";
  }
  override terminate(reason: EndReason) {
    ends.push(`${this.topic} ${reason}`);
  }
  erase = this.event(() => "erased", { guard: admin });
}

function make(pubsub = createPubSub()) {
  admins = new Set([1, 2]);
  broken = false;
  ends = [];
  const reports: Report[] = [];
  const app = createApp({
    secret: "s".repeat(32),
    pubsub,
    report: (report) => reports.push(report),
    identify: (session) => `user:${userOf(session)}`,
  });
  app.use("/admin/*", admin);
  app.live("/admin/counter", Counter).live("/own", Own).live("/strict", Strict).live("/free", Counter);
  app.live("/posts/:id", Post).live("/login", Login);
  app.liveSession({ onMount: admin.onMount }, () => app.live("/grouped", Counter));
  app.channels("/socket", {}, (socket) => {
    socket.channel("room:*", Room, { guard: admin });
    socket.channel("open:*", Room);
  });
  return { app, reports };
}

const session = (userId: number) => ({ session: { userId } as Session });

test.each(["/admin/counter", "/own", "/grouped"])(
  "a page of %s whose right is withdrawn goes to the log-in, on every node; others go on",
  async (path) => {
    const pubsub = createPubSub();
    const [{ app: here }, { app: there }] = [make(pubsub), make(pubsub)];
    const pages = [await live(here, path, session(1)), await live(there, `${path}?a=1`, session(1))];
    const others = [await live(there, path, session(2)), await live(there, "/free", session(1))];
    for (const other of others) await other.element("button").click();
    admins.delete(1);
    here.recheck("user:1");
    for (const page of pages) {
      const { flash } = await page.assertRedirect("/login");
      expect(flash).toEqual({ error: "Not any more." });
    }
    const login = await (pages[1] as (typeof pages)[0]).followRedirect();
    expect("text" in login && login.text("p")).toBe(`Not any more. ${path}?a=1`);
    for (const other of others) {
      await other.element("button").click();
      expect(other.text("p")).toBe("2");
    }
  },
);

test.each(["/login", undefined])(
  "a page that has to leave, to %s, is told first to keep its drafts",
  async (otherwise) => {
    let mayStay = true;
    const asked = guard(() => mayStay, otherwise ? { otherwise } : {});
    class Guarded extends Counter {
      static readonly guard = asked;
    }
    const app = createApp({ secret: "s".repeat(32), report: () => {}, identify: () => "user" });
    app.live("/", Guarded);
    const [token] = await tokensOf(app);
    const page = openSocket(app);
    await page.ask(joinFrame(1, token));
    app.recheck("user");
    mayStay = false;
    app.recheck("user");
    expectFrames(await page.next(), ["p", 1, expect.any(Number), 0, 0, { n: ["s", "", 0, ""] }], ["x", 1]);
  },
);

test("a page whose guard answers with an error is loaded again", async () => {
  const { app } = make();
  const page = await live(app, "/strict", session(1));
  admins.delete(1);
  app.recheck("user:1");
  await page.assertRedirect("/strict");
});

test("a guard that fails when it is asked again refuses all, and is reported", async () => {
  const { app, reports } = make();
  const page = await live(app, "/own", session(1));
  broken = true;
  app.recheck("user:1");
  await page.assertRedirect("/own");
  expect(reports).toMatchObject([{ kind: "crash", event: "guard" }]);
});

test("a recheck of those who keep the right, and of others, changes nothing", async () => {
  const { app } = make();
  const page = await live(app, "/own", session(1));
  await page.element("button").click();
  app.recheck("user:1");
  admins.delete(1);
  app.recheck("user:2");
  await app.whenIdle();
  await page.element("button").click();
  expect(page.text("p")).toBe("2");
  expect(() => app.recheck(undefined as never)).toThrow("recheck expects the name of a user");
});

declare module "@overwire/server" {
  interface ViewContext {
    recheckedRole?: string;
  }
}

test("values that a guard puts into the context at a recheck, and a new session, are shown at once", async () => {
  let role = "admin";
  let stored: Session = { userId: 1 } as Session;
  const known = guard((_session, { context }) => {
    context.recheckedRole = role;
    return true;
  });
  class Badge extends LiveComponent {
    override render = () => html`<b>${this.context.recheckedRole}</b>`;
  }
  class Inner extends LiveView {
    static readonly guard = known;
    override render = () => html`<i>${this.context.recheckedRole}</i>`;
  }
  class Desk extends LiveView {
    override render() {
      return html`<p>${this.context.recheckedRole} ${userOf(this.session)}</p><${Badge} id="badge" /><${Inner} id="inner" />`;
    }
  }
  const app = createApp({ secret: "s".repeat(32), session: () => stored, identify: () => "user" });
  app.liveSession({ onMount: known.onMount }, () => app.live("/", Desk));
  const page = await live(app, "/");
  expect(page.text()).toBe("admin 1adminadmin");
  role = "moderator";
  stored = { userId: 2 } as Session;
  app.recheck("user");
  await vi.waitFor(() => expect(page.text()).toBe("moderator 2moderatormoderator"));
});

test("a recheck that changes nothing sends nothing, and waits for a handler that runs", async () => {
  let role = "admin";
  const known = guard((_session, { context }) => {
    context.recheckedRole = role;
    return true;
  });
  const done = deferred<void>();
  const rendered: unknown[] = [];
  class Desk extends LiveView {
    static readonly guard = known;
    save = this.event(() => done.promise);
    override render() {
      rendered.push(this.context.recheckedRole);
      return html`<p>${this.context.recheckedRole}</p>`;
    }
  }
  const app = createApp({ secret: "s".repeat(32), report: () => {}, identify: () => "user" });
  app.live("/", Desk);
  const [token] = await tokensOf(app);
  const page = openSocket(app);
  await page.ask(joinFrame(1, token));
  const before = rendered.length;
  app.recheck("user");
  await vi.waitFor(() => expect(rendered.length).toBe(before + 1));
  expect(page.peer.take()).toEqual([]);

  page.send(eventFrame(1, 1, "save"));
  role = "moderator";
  app.recheck("user");
  await app.request("/");
  expect(rendered.slice(before + 1)).toEqual(["moderator"]);
  expect(page.peer.take()).toEqual([]);
  done.resolve();
  await vi.waitFor(() => expect(JSON.stringify(page.peer.frames)).toContain("moderator"));
});

test("the guard is asked when a page joins, and when it comes back after a lost connection", async () => {
  const { app } = make();
  const page = await live(app, "/own", session(1));
  await page.element("button").click();
  await page.disconnect();
  await page.reconnect();
  expect(page.text("p")).toBe("1");
  await page.disconnect();
  admins.delete(1);
  await page.reconnect().catch(() => {});
  await page.assertRedirect("/login");
});

test("a live patch asks the guard with the params of the URL to which it leads", async () => {
  const { app } = make();
  const pushed = await live(app, "/posts/1", session(1));
  await pushed.element("button").click();
  await pushed.assertRedirect("/posts/2");
  const login = await pushed.followRedirect();
  expect("text" in login && login.text("p")).toBe("/posts/2");
  const asked = await live(app, "/posts/1", session(1));
  await asked.patchTo("/posts/3");
  expect(asked.text("p")).toBe("post 3");
  await asked.patchTo("/posts/2").catch(() => {});
  expect(asked.text("p")).not.toBe("post 2");
});

test("a channel's guard refuses the join, and events, with a reason and a code", async () => {
  const { app } = make();
  const stranger = await connect(app, "/socket", session(3));
  await expect(stranger.subscribeAndJoin("room:1")).rejects.toMatchObject({
    reply: { reason: "Not any more.", code: "forbidden", status: 403 },
  });
  const open = await stranger.subscribeAndJoin("open:1");
  await expect(open.push("erase")).rejects.toMatchObject({ reply: { code: "forbidden" } });
  const boss = await connect(app, "/socket", session(1));
  const room = await boss.subscribeAndJoin("room:1");
  expect(await room.push("erase")).toBe("erased");
});

test("a channel whose right is withdrawn ends, others of the socket go on", async () => {
  const { app } = make();
  const socket = await connect(app, "/socket", session(1));
  const room = await socket.subscribeAndJoin("room:1");
  const open = await socket.subscribeAndJoin("open:1");
  admins.delete(1);
  app.recheck("user:1");
  await vi.waitFor(() => expect(ends).toEqual(["room:1 closed"]));
  expect(open.instance).toBeDefined();
  await expect(room.push("erase")).rejects.toThrow();
});
