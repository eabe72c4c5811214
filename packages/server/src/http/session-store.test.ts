/** Stores of sessions: one suite for all of them, and an app that keeps its sessions in one. */
import { openSocket, tokensOf } from "@overwire/test-support/fake-socket";
import { eventFrame, joinFrame } from "@overwire/test-support/frames";
import { describeRedis, type RedisServer, startRedis } from "@overwire/test-support/redis-server";
import { live } from "@overwire/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createApp } from "../app.ts";
import { createPubSub } from "../pubsub/create-pubsub.ts";
import { type RedisSessionStore, redisSessions } from "../redis.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import type { Session } from "../view/view-host.ts";
import type { SessionOptions } from "./session.ts";
import { memorySessions, type SessionStore } from "./session-store.ts";

const user = (userId: number) => ({ userId }) as Session;

function ownStore(): SessionStore {
  const rows = new Map<string, [value: string, until: number]>();
  const find = (id: string) => {
    const row = rows.get(id);
    return row && row[1] > Date.now() ? row : undefined;
  };
  return {
    get: async (id) => find(id)?.[0],
    set: async (id, value, seconds) => rows.set(id, [value, Date.now() + seconds * 1000]),
    touch: async (id, seconds) => {
      const row = find(id);
      if (row) row[1] = Date.now() + seconds * 1000;
    },
    delete: async (id) => rows.delete(id),
  };
}

/** Rules that every store keeps. @param pass lets time go by, as the store counts it */
function conforms(store: () => SessionStore, pass: (ms: number) => Promise<void>): void {
  it("gives back what was set, for its time", async () => {
    await store().set("a", "one", 30);
    await store().set("b", 'two "ünï" \u{1f600}\n', 60);
    expect([await store().get("a"), await store().get("b")]).toEqual(["one", 'two "ünï" \u{1f600}\n']);
    await pass(30_100);
    expect([await store().get("a"), await store().get("b")]).toEqual([undefined, 'two "ünï" \u{1f600}\n']);
  });

  it("has nothing that was not set, or was deleted", async () => {
    expect(await store().get("__proto__")).toBeUndefined();
    await store().set("gone", "x", 60);
    await store().delete("gone");
    await store().delete("never");
    expect(await store().get("gone")).toBeUndefined();
  });

  it("sets anew, with the new time", async () => {
    await store().set("again", "one", 30);
    await store().set("again", "two", 60);
    await pass(30_100);
    expect(await store().get("again")).toBe("two");
  });

  it("gives more time to what is there, and brings nothing back", async () => {
    await store().set("kept", "x", 30);
    await store().touch("kept", 60);
    await store().set("short", "x", 60);
    await store().touch("short", 30);
    await store().set("out", "x", 60);
    await store().delete("out");
    await store().touch("out", 60);
    await store().touch("never", 60);
    await pass(30_100);
    const all = await Promise.all(["kept", "short", "out", "never"].map((id) => store().get(id)));
    expect(all).toEqual(["x", undefined, undefined, undefined]);
  });
}

describe.each([
  ["memorySessions", memorySessions],
  ["a store of one's own", ownStore],
])("%s", (_, make) => {
  let store: SessionStore;
  beforeEach(() => {
    vi.useFakeTimers();
    store = make();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  conforms(
    () => store,
    async (ms) => void vi.advanceTimersByTime(ms),
  );
});

it("memorySessions keeps no more than it may, the newest", async () => {
  const store = memorySessions(2);
  for (const id of ["a", "b", "c"]) await store.set(id, id, 60);
  expect([await store.get("a"), await store.get("b"), await store.get("c")]).toEqual([undefined, "b", "c"]);
});

describeRedis("redisSessions", () => {
  let redis: RedisServer;
  let store: RedisSessionStore;
  beforeAll(async () => {
    redis = await startRedis();
    store = redisSessions({ url: redis.url });
  });
  afterAll(async () => {
    await store.close();
    await redis.stop();
  });
  conforms(
    () => store,
    async (ms) => {
      // Redis has its own clock: its keys are brought nearer to their ends, and those that have reached it go.
      for (const key of [await redis.send("KEYS", "overwire:session:*")].flat().map(String))
        await redis.send("PEXPIRE", key, String(Number(await redis.send("PTTL", key)) - ms));
    },
  );

  it("needs an address", () => {
    expect(() => redisSessions({ url: undefined })).toThrow("Is REDIS_URL set?");
  });

  it("fails at once without a Redis", async () => {
    const lost = redisSessions({ url: "redis://127.0.0.1:1" });
    for (let count = 0; count < 2; count++)
      await expect(lost.get("a")).rejects.toThrow(/ECONNREFUSED|connect/);
    await lost.close();
  });
});

describeRedis("redisSessions without its Redis", () => {
  it("fails, and goes on when that is back", async () => {
    const redis = await startRedis();
    const store = redisSessions({ url: redis.url });
    await store.set("a", "one", 60);
    await redis.kill();
    await expect(store.get("a")).rejects.toThrow();
    await redis.start();
    await vi.waitFor(() => store.set("b", "two", 60));
    expect(await store.get("b")).toBe("two");
    await store.close();
    await redis.stop();
  });
});

class Page extends LiveView {
  login = this.event(() => this.setSession({ ...user(7), large: "x".repeat(10_000) } as Session));
  logOut = this.event(() => this.clearSession());
  look = this.event(() => (this.session as { userId?: number }).userId ?? 0);
  render() {
    return html`<p>${(this.session as { userId?: number }).userId}</p>`;
  }
}

function makeApp(session: SessionOptions, pubsub = createPubSub()) {
  const app = createApp({ secret: "s".repeat(32), report: () => {}, session, pubsub });
  app.live("/", Page);
  app.get("/login", async (c) => {
    await app.setSession(c, user(7));
    return c.text("in");
  });
  app.get("/session", async (c) => c.json(await app.getSession(c)));
  return app;
}

type App = ReturnType<typeof makeApp>;

const cookiesOf = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";", 1)[0])
    .join("; ");
const logIn = async (app: App) => cookiesOf(await app.request("/login"));
const read = async (app: App, cookie: string) =>
  (await app.request("/session", { headers: { cookie } })).json() as Promise<object>;

async function join(app: App, cookie: string) {
  const [token] = await tokensOf(app, "/", cookie);
  const line = openSocket(app, { headers: { cookie } });
  line.send(joinFrame(1, token));
  await vi.waitFor(() => expect(line.peer.take()[0]?.[0]).toBe("j"));
  let ref = 0;
  return { ...line, look: () => line.send(eventFrame(1, ++ref, "look")) };
}

describe("an app with a store", () => {
  it("keeps sessions there, under ids that are no secrets, and of any size", async () => {
    const store = memorySessions();
    const set = vi.spyOn(store, "set");
    const app = makeApp({ store });
    const view = await live(app, "/");
    await view.event("login");
    expect(view.text("p")).toBe("7");
    const [id, text] = set.mock.calls[0] ?? [];
    expect(JSON.parse(String(text))).toMatchObject({ userId: 7 });
    await view.event("logOut");
    expect(view.text("p")).toBe("");
    expect(await store.get(String(id))).toBeUndefined();
  });

  it("gives up what was replaced, and what no page has fetched", async () => {
    const store = memorySessions();
    const set = vi.spyOn(store, "set");
    const app = makeApp({ store });
    const cookie = await logIn(app);
    await app.request("/login", { headers: { cookie } });
    expect(await read(app, cookie)).toEqual({});
    const line = await join(app, await logIn(app));
    line.send(eventFrame(1, 1, "login"));
    await vi.waitFor(() => expect(set).toHaveBeenCalledTimes(4));
    line.socket.closed();
    const [id = ""] = set.mock.calls[3] ?? [];
    await vi.waitFor(async () => expect(await store.get(id)).toBeUndefined());
  });

  it("reads no cookie with data in it, nor the other way round", async () => {
    const [plain, stored] = [makeApp({}), makeApp({ store: memorySessions() })];
    expect(await read(stored, await logIn(plain))).toEqual({});
    expect(await read(plain, await logIn(stored))).toEqual({});
  });
});

describe("a store that misbehaves", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const idle = (store: Partial<SessionStore>) =>
    makeApp({ maxAge: 600, idle: 60, store: { ...memorySessions(), ...store } });

  it("may say null for what it has not", async () => {
    const own = memorySessions();
    const app = idle({ ...own, get: async (id) => ((await own.get(id)) ?? null) as string | undefined });
    const cookie = await logIn(app);
    const page = await join(app, cookie);
    await vi.advanceTimersByTimeAsync(67_000);
    expect(page.peer.closes).toEqual([4401]);
    expect(await read(app, cookie)).toEqual({});
  });

  it("is asked once for a session whose time is over, and ends it by giving no answer", async () => {
    const own = memorySessions();
    const get = vi.fn(own.get);
    const app = idle({ ...own, get });
    const page = await join(app, await logIn(app));
    get.mockClear().mockReturnValue(new Promise(() => {}));
    await vi.advanceTimersByTimeAsync(61_000);
    page.look();
    page.look();
    await vi.advanceTimersByTimeAsync(3000);
    expect([get.mock.calls.length, page.peer.closes]).toEqual([1, []]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(page.peer.closes).toEqual([4401]);
  });

  it.each(["5", '"text"', "[1]", "null", "secret=hunter2"])(
    "gives no session by a text that is none: %s",
    async (text) => {
      const app = idle({ get: async () => text });
      expect(await read(app, await logIn(app))).toEqual({});
    },
  );
});

it("an event whose session is over runs nothing, though the timer is late", async () => {
  vi.useFakeTimers();
  const app = makeApp({ maxAge: 600, idle: 60 });
  const page = await join(app, await logIn(app));
  vi.setSystemTime(Date.now() + 61_000);
  page.peer.take();
  page.look();
  expect(page.peer.closes).toEqual([4401]);
  vi.useRealTimers();
});

it("a page that is open when its session ends logs in again, though the session's cookie is gone", async () => {
  const app = makeApp({ maxAge: 2, store: memorySessions() });
  const view = await live(app, "/");
  vi.useFakeTimers({ toFake: ["Date"] });
  await view.event("login");
  vi.setSystemTime(Date.now() + 3500);
  await view.event("login");
  expect(view.text("p")).toBe("7");
  vi.useRealTimers();
});

it("a log-out of a visitor without a session ends and remembers nothing", async () => {
  const pubsub = createPubSub();
  const publish = vi.spyOn(pubsub, "publish");
  const app = makeApp({}, pubsub);
  app.get("/logout", async (c) => {
    await app.clearSession(c);
    return c.text("out");
  });
  const cookie = await logIn(app);
  await app.request("/logout", { headers: { cookie: `ow_visitor=${"x".repeat(22)}` } });
  const made = cookie.replace(/ow_visitor=[^;]*/, `ow_visitor=${"y".repeat(22)}`);
  await app.request("/logout", { headers: { cookie: made } });
  expect(publish).not.toHaveBeenCalled();
  await app.request("/logout", { headers: { cookie } });
  expect(publish).toHaveBeenCalledOnce();
  expect(await read(app, cookie)).toEqual({});
});

it("times are numbers of seconds that end", () => {
  for (const maxAge of [Infinity, 0, Number.NaN, "60" as never])
    expect(() => makeApp({ maxAge })).toThrow(/session\.maxAge is a number of seconds above 0/);
});

describe.each([
  ["in the cookie", () => undefined],
  ["in a store", memorySessions],
])("the time of a session %s", (_, store) => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000);

  it("is over after maxAge whatever the user does, and open sockets end then", async () => {
    const app = makeApp({ maxAge: 60, idle: 40, store: store() });
    const cookie = await logIn(app);
    const page = await join(app, cookie);
    for (let at = 0; at < 55; at += 5) {
      await pass(5);
      page.look();
    }
    expect(page.peer.closes).toEqual([]);
    await pass(6);
    expect(page.peer.closes).toEqual([4401]);
    expect(await read(app, cookie)).toEqual({});
  });

  it("is over if the user does nothing for the idle time, heartbeats aside", async () => {
    const app = makeApp({ maxAge: 600, idle: 60, store: store() });
    const cookie = await logIn(app);
    const page = await join(app, cookie);
    const other = await join(app, await logIn(app));
    await pass(30);
    other.look();
    page.send(["h"]);
    await pass(29);
    expect(page.peer.closes).toEqual([]);
    // In a store the last look is at the store itself, after a tenth of the time.
    await pass(8);
    expect([page.peer.closes, other.peer.closes]).toEqual([[4401], []]);
    expect(await read(app, cookie)).toEqual({});
  });

  it("goes on with what the user does on another node", async () => {
    const [own, pubsub] = [store(), createPubSub()];
    const options = { maxAge: 600, idle: 60, store: own };
    const [app, second] = [makeApp(options, pubsub), makeApp(options, pubsub)];
    const cookie = await logIn(app);
    const [here, there] = [await join(app, cookie), await join(second, cookie)];
    for (let at = 0; at < 120; at += 20) {
      await pass(20);
      there.look();
      here.send(["h"]);
    }
    await pass(1);
    expect([here.peer.closes, there.peer.closes]).toEqual([[], []]);
    await pass(70);
    expect([here.peer.closes, there.peer.closes]).toEqual([[4401], [4401]]);
  });

  it("goes on with a live navigation, and not with a connection that comes back", async () => {
    const app = makeApp({ maxAge: 600, idle: 60, store: store() });
    const cookie = await logIn(app);
    const [token] = await tokensOf(app, "/", cookie);
    const open = async (more: object) => {
      const line = openSocket(app, { headers: { cookie } });
      line.send(joinFrame(1, token, more));
      await vi.waitFor(() => expect(line.peer.take()[0]?.[0]).toBe("j"));
      return line;
    };
    const first = await open({});
    await pass(40);
    first.socket.closed(true);
    const back = await open({ seen: 1, attempt: 2 });
    await pass(10);
    back.send(joinFrame(2, token, { navigate: true }));
    await pass(55);
    expect(back.peer.closes).toEqual([]);
    back.socket.closed(true);
    const again = await open({ seen: 1, attempt: 3 });
    await pass(13);
    expect(again.peer.closes).toEqual([4401]);
  });

  it("goes on with requests", async () => {
    const app = makeApp({ maxAge: 600, idle: 60, store: store() });
    let cookie = await logIn(app);
    for (let at = 0; at < 120; at += 40) {
      await pass(40);
      const answer = await app.request("/session", { headers: { cookie } });
      expect(await answer.json()).toEqual({ userId: 7 });
      const [renewed] = cookiesOf(answer).split("; ");
      if (renewed) cookie = cookie.replace(/ow_session=[^;]*/, renewed);
    }
    await pass(61);
    expect(await read(app, cookie)).toEqual({});
  });
});

describe("the idle time of a session in the cookie", () => {
  it("is written down again by the page of an active user, so that a reload finds it", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const app = makeApp({ maxAge: 600, idle: 60 });
    const view = await live(app, "/", { session: user(7) });
    const fetched = vi.spyOn(app, "sessionFetched");
    let count = 0;
    for (let at = 0; at < 180; at += 30) {
      vi.setSystemTime(Date.now() + 30_000);
      await view.event("look");
      count++;
      await vi.waitFor(() => expect(fetched).toHaveBeenCalledTimes(count));
    }
    await view.disconnect({ resume: false });
    vi.setSystemTime(Date.now() + 50_000);
    await view.reconnect();
    expect(view.text("p")).toBe("7");
    vi.useRealTimers();
  });

  it("is renewed by a painted page too", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const app = makeApp({ maxAge: 600, idle: 60 });
    const cookie = await logIn(app);
    vi.setSystemTime(Date.now() + 30_000);
    const answer = await app.request("/", { headers: { cookie } });
    expect(answer.headers.getSetCookie()[0]).toMatch(/^ow_session=.*; Max-Age=5[67]\d; HttpOnly/);
    expect(answer.headers.get("content-security-policy")).not.toBeNull();
    vi.useRealTimers();
  });
});

it("refuses times that are none", () => {
  for (const option of [
    { maxAge: 0 },
    { idle: -1 },
    { idle: "5" as unknown as number },
    { maxAge: Number.NaN },
  ])
    expect(() => createApp({ secret: "s".repeat(32), session: option })).toThrow(
      "a number of seconds above 0",
    );
});
