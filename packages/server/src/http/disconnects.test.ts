import type { ServerFrame } from "@overwire/client/wire";
import { openSocket, tokensIn, tokensOf, visitorCookie } from "@overwire/test-support/fake-socket";
import { joinFrame } from "@overwire/test-support/frames";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { OverwireApp } from "../app/overwire-app.ts";
import { createApp } from "../app.ts";
import { LocalPubSub } from "../pubsub/local.ts";
import { defaultLimits, type Report } from "../runtime/services.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import { topic } from "../view/topic.ts";
import type { EndReason } from "../view/view-host.ts";
import { Disconnects } from "./disconnects.ts";

interface User {
  readonly userId?: number;
}

let hold: Promise<void> | undefined;
let mounting = 0;
let ends: [userId: number | undefined, reason: EndReason][] = [];

class Page extends LiveView {
  override mount() {
    if (hold) mounting++;
    return hold;
  }
  override render() {
    return html`<p>${(this.session as User).userId}</p>`;
  }
  override terminate(reason: EndReason) {
    ends.push([(this.session as User).userId, reason]);
  }
}

function makeApp(pubsub = new LocalPubSub()) {
  const app = createApp({
    secret: "s".repeat(16) + "t".repeat(16),
    report: () => {},
    pubsub,
    identify: (session) => (session as User).userId && `user:${(session as User).userId}`,
  });
  app.get("/login/:id", async (c) => {
    await app.setSession(c, { userId: Number(c.req.param("id")) } as object);
    return c.text("in");
  });
  app.get("/id", (c) => c.text(app.sessionId(c) ?? "none"));
  app.use("/", async (c, next) => {
    const session = (await app.getSession(c)) as User;
    return session.userId ? next() : c.redirect("/login");
  });
  app.live("/", Page);
  return app;
}

async function login(app: OverwireApp, id: number) {
  const answer = await app.request(`/login/${id}`);
  const cookie = answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";", 1)[0])
    .join("; ");
  const paint = async () => (await tokensOf(app, "/", cookie))[0];
  const connect = (cookies = cookie) => {
    const { socket, peer, send, ask } = openSocket(app, { headers: { cookie: cookies } });
    const join = async (token: string | undefined, more: object = {}) =>
      (await ask(joinFrame(1, token, more)))[0] as ServerFrame;
    return { socket, closes: peer.closes, send, join };
  };
  return { cookie, paint, connect };
}

beforeEach(() => {
  hold = undefined;
  mounting = 0;
  ends = [];
});

describe("app.disconnect", () => {
  test("ends all views of a user, joined, painted and lost, and closes the sockets; others go on", async () => {
    const app = makeApp();
    const [one, again, other] = [await login(app, 7), await login(app, 7), await login(app, 8)];
    const [joined, lost, bare, stranger] = [one.connect(), again.connect(), one.connect(), other.connect()];
    expect((await joined.join(await one.paint()))[0]).toBe("j");
    expect((await lost.join(await again.paint()))[0]).toBe("j");
    expect((await stranger.join(await other.paint()))[0]).toBe("j");
    await one.paint();
    lost.socket.closed(true);
    app.disconnect("user:7");
    expect(ends.map(([id]) => id)).toEqual([7, 7, 7]);
    expect([joined.closes, stranger.closes, stranger.socket.process(1)?.ended]).toEqual([[4401], [], false]);
    // Its user is not known until it mounts a view, which is identified then.
    expect(bare.closes).toEqual([]);
  });

  test("ends those of one session by its id, and that of a socket without views", async () => {
    const app = makeApp();
    const [one, again] = [await login(app, 7), await login(app, 7)];
    const id = await (await app.request("/id", { headers: { cookie: one.cookie } })).text();
    expect(one.cookie).not.toContain(id);
    const [joined, bare, other] = [one.connect(), one.connect(), again.connect()];
    await joined.join(await one.paint());
    await other.join(await again.paint());
    app.disconnect(id);
    expect([joined.closes, bare.closes, other.closes]).toEqual([[4401], [4401], []]);
  });

  test("leaves nothing to resume: the page is mounted anew, through middleware and with its current cookies", async () => {
    const app = makeApp();
    const user = await login(app, 7);
    const token = await user.paint();
    const tab = user.connect();
    await tab.join(token, { attempt: 1 });
    app.disconnect("user:7");
    tab.socket.closed(true);
    const visitor = /ow_visitor=[^;]*/.exec(user.cookie)?.[0];
    expect(await user.connect(visitor).join(token, { seen: 1, attempt: 2 })).toEqual([
      "x",
      1,
      "refused",
      "The app answered the join of / with status 302.",
    ]);
    expect(ends).toEqual([[7, "disconnected"]]);
  });

  test("also ends views that are still being mounted, for a page or for a join", async () => {
    const app = makeApp();
    const user = await login(app, 7);
    const [tab, late] = [user.connect(), user.connect()];
    const painted = await user.paint();
    let release = () => {};
    hold = new Promise((resolve) => (release = resolve));
    const painting = user.paint();
    tab.send(joinFrame(1, painted, { url: "/?other" }));
    await vi.waitFor(() => expect(mounting).toBe(2));
    app.disconnect("user:7");
    hold = undefined;
    release();
    await vi.waitFor(() => expect(tab.closes).toEqual([4401]));
    late.send(joinFrame(1, await painting));
    expect(late.closes).toEqual([4401]);
    expect(ends).toEqual(Array(3).fill([7, expect.any(String)]));
  });

  test("reaches the other nodes", async () => {
    const pubsub = new LocalPubSub();
    const [here, there] = [makeApp(pubsub), makeApp(pubsub)];
    const user = await login(there, 7);
    const tab = user.connect();
    await tab.join(await user.paint());
    here.disconnect("user:7");
    await vi.waitFor(() => expect(tab.closes).toEqual([4401]));
    here.close();
    there.close();
  });

  test("refuses undefined as a user", async () => {
    const app = createApp({
      secret: "s".repeat(16) + "t".repeat(16),
      report: () => {},
      identify: () => undefined,
    });
    app.live("/", Page);
    const user = await login(makeApp(), 7);
    const tab = (await login(makeApp(), 7)).connect();
    expect(() => app.disconnect("")).toThrow(TypeError);
    expect(() => app.disconnect(undefined as unknown as string)).toThrow(TypeError);
    expect([user.connect().closes, tab.closes]).toEqual([[], []]);
  });
});

describe("app.publish and app.subscribe", () => {
  const numbers = topic<number>("numbers");

  test("reach views and each other, and a handler that throws affects no other", async () => {
    const reports: Report[] = [];
    const app = createApp({
      secret: "s".repeat(16) + "t".repeat(16),
      report: (report) => reports.push(report),
    });
    const heard: number[] = [];
    app.subscribe(numbers, () => {
      throw new Error("boom");
    });
    app.subscribe(numbers, async () => {
      throw new Error("later");
    });
    const stop = app.subscribe(numbers, (number) => heard.push(number));
    app.publish(numbers, 1);
    await vi.waitFor(() => expect(heard).toEqual([1]));
    await vi.waitFor(() => expect(reports).toHaveLength(2));
    expect(reports[0]).toMatchObject({ kind: "crash", event: 'message on "numbers"' });
    stop();
    app.publish(numbers, 2);
    await vi.waitFor(() => expect(reports).toHaveLength(4));
    expect(heard).toEqual([1]);
  });
});

describe("views that wait", () => {
  class Anyone extends LiveView {
    override render() {
      return html`<p>anyone</p>`;
    }
    override terminate(reason: EndReason) {
      ends.push([undefined, reason]);
    }
  }

  const open = () => {
    const app = createApp({ secret: "s".repeat(16) + "t".repeat(16), report: () => {} });
    app.live("/", Anyone);
    const paint = async (address: string, cookie = "") => {
      const page = await app.request(
        "/",
        { headers: { cookie } },
        { incoming: { socket: { remoteAddress: address } } },
      );
      return tokensIn(await page.text())[0];
    };
    const connect = (cookie: string) => {
      const { socket, say } = openSocket(app, { headers: { cookie } });
      const join = (view: number, token: string | undefined, seen?: number) =>
        say(joinFrame(view, token, { seen }));
      return { socket, join };
    };
    return { app, paint, connect };
  };

  test("are not pushed out by another address, nor by another visitor of the same address", async () => {
    const { paint, connect } = open();
    const mine = await paint("10.0.0.1", visitorCookie("a"));
    const near = await paint("10.0.0.2", visitorCookie("b"));
    const flood = defaultLimits.waitingViews + 50;
    for (let count = 0; count < flood; count++) await paint("10.0.0.2", visitorCookie("c"));
    for (let count = 0; count < flood; count++) await paint("2001:db8:0:1::1", "");
    expect(ends.length).toBeGreaterThan(flood);
    expect(connect(visitorCookie("a")).join(1, mine)[0]?.[0]).toBe("j");
    expect(connect(visitorCookie("b")).join(1, near)[0]?.[0]).toBe("j");
  });

  test("are not pushed out by a visitor whose connections are lost", async () => {
    const { paint, connect } = open();
    const mine = connect(visitorCookie("a"));
    const token = await paint("10.0.0.1", visitorCookie("a"));
    mine.join(1, token);
    mine.socket.closed(true);
    for (let round = 0; round < 11; round++) {
      const many = connect(visitorCookie("b"));
      for (let view = 1; view <= 100; view++) many.join(view, await paint("10.0.0.1", visitorCookie("b")));
      many.socket.closed(true);
    }
    expect(ends.length).toBeGreaterThanOrEqual(100);
    expect(connect(visitorCookie("a")).join(1, token, 1)).toMatchObject([
      ["j", 1, 2, [expect.any(Number)], { q: [0] }],
    ]);
  });
});

test("a node ends its own views once, though it hears its own message", async () => {
  const pubsub = new LocalPubSub();
  const end = vi.fn();
  const [here, there] = [new Disconnects(pubsub, end), new Disconnects(pubsub, end)];
  here.listen();
  there.listen();
  here.disconnect("user:7");
  await vi.waitFor(() => expect(end).toHaveBeenCalledTimes(2));
  await new Promise((resolve) => setImmediate(resolve));
  expect(end).toHaveBeenCalledTimes(2);
});
