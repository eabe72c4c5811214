/** Tickets of sessions, as a client with bad intentions uses them, and all that log-out ends. */
import { deferred } from "@overwire/test-support/deferred";
import {
  expectFrames,
  FakePeer,
  openSocket,
  tokensIn,
  tokensOf,
  visitorCookie,
} from "@overwire/test-support/fake-socket";
import { eventFrame, joinFrame } from "@overwire/test-support/frames";
import { describeRedis, startRedis } from "@overwire/test-support/redis-server";
import { Hono } from "hono";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AppOptions } from "../app.ts";
import { createApp } from "../app.ts";
import { memorySessions } from "../http/session-store.ts";
import { createPubSub } from "../pubsub/create-pubsub.ts";
import { redisPubSub } from "../redis.ts";
import type { Report } from "../runtime/services.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import type { Session } from "../view/view-host.ts";
import type { OverwireApp } from "./overwire-app.ts";

const PATH = "/overwire/session";
const user = (userId: number) => ({ userId }) as Session;

let ran: string[] = [];

class Page extends LiveView {
  login = this.event(async () => {
    await this.setSession(user(7));
    ran.push("logged in");
    return this.session;
  });
  logOut = this.event(async () => {
    await this.clearSession();
    ran.push("logged out");
  });
  look = this.event(() => {
    ran.push(`look ${JSON.stringify(this.session)}`);
    return this.session;
  });
  override terminate() {
    ran.push("end");
  }
  render() {
    return html`<p>${JSON.stringify(this.session)}</p>`;
  }
}

function makeApp(options: AppOptions = {}) {
  const reports: Report[] = [];
  const app = createApp({
    secret: "s".repeat(32),
    report: (report) => void reports.push(report),
    ...options,
  });
  app.live("/", Page);
  app.post("/logout", async (c) => {
    await app.clearSession(c);
    return c.text("out");
  });
  app.get("/session", async (c) => c.json(await app.getSession(c)));
  return { app, reports };
}

const pair = (cookies: string[]) =>
  cookies
    .filter((cookie) => !cookie.includes("Max-Age=0"))
    .map((cookie) => cookie.split(";", 1)[0])
    .join("; ");

/** A page that is joined. */
async function join(app: OverwireApp, cookie = visitorCookie(), more: object = {}) {
  const [token] = await tokensOf(app, "/", cookie);
  const line = openSocket(app, { headers: { cookie, ...more } });
  expect((await line.ask(joinFrame(1, token)))[0]?.[0]).toBe("j");
  let ref = 0;
  return {
    ...line,
    token: token as string,
    event: (name: string) => line.ask(eventFrame(1, ++ref, name)),
    /** Sets the session, as far as the ticket. */
    async ticket(name = "login"): Promise<readonly [path: string, ticket: string]> {
      const [frame] = await line.ask(eventFrame(1, ++ref, name));
      const { n } = (frame as readonly unknown[])[5] as { n: string[] };
      const [kind, path, , ticket] = n;
      expect(kind).toBe("s");
      return [path as string, ticket as string];
    },
  };
}

const fetchSession = (
  app: OverwireApp,
  ticket: string | readonly string[],
  { cookie = visitorCookie(), ...headers }: Record<string, string> = {},
  path = PATH,
) =>
  app.request(path, {
    method: "POST",
    headers: { cookie, host: "localhost", origin: "http://localhost", ...headers },
    body: JSON.stringify([ticket].flat()),
  });

/** Logs in. @returns the cookies of the user */
async function logIn(app: OverwireApp, cookie = visitorCookie()) {
  const page = await join(app, cookie);
  const [, ticket] = await page.ticket();
  const answer = await fetchSession(app, [ticket, page.token], { cookie });
  page.send(["s", ticket]);
  await page.next();
  return { ...page, cookie: pair(answer.headers.getSetCookie()), answer };
}

beforeEach(() => {
  ran = [];
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the request for a session", () => {
  it("sets HttpOnly cookies, renews the visitor, and has the view's token for the new one", async () => {
    const { app } = makeApp();
    const page = await join(app);
    const [path, ticket] = await page.ticket();
    expect(path).toBe(PATH);
    const answer = await fetchSession(app, [ticket, page.token, "nonsense"]);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toContain("no-store");
    const cookies = answer.headers.getSetCookie();
    expect(cookies.map((cookie) => cookie.replace(/=[^;]*/, ""))).toEqual([
      "ow_session; Path=/; Max-Age=1209600; HttpOnly; SameSite=Lax",
      "ow_visitor; Path=/; Max-Age=1296000; HttpOnly; SameSite=Lax",
    ]);
    const [token, other] = (await answer.json()) as string[];
    expect(other).toBe("");
    expect(ran).toEqual([]);
    page.send(["s", ticket]);
    const [patch] = await page.next();
    expect(patch?.[5]).toMatchObject({ r: { userId: 7 } });
    // The view is resumed by the new token with the new cookies, and by no other pair.
    page.socket.closed(true);
    const resume = (token: string | undefined, cookie: string) =>
      openSocket(app, { headers: { cookie } }).ask(joinFrame(1, token, { seen: 1, attempt: 9 }));
    expectFrames(await resume(token, visitorCookie()), ["x", 1, "stale"]);
    expectFrames(await resume(page.token, pair(cookies)), ["x", 1, "stale"]);
    expect((await resume(token, pair(cookies)))[0]?.[0]).toBe("j");
  });

  it("uses the names of https behind a proxy, and the path below which the app is mounted", async () => {
    const { app } = makeApp();
    const secure = { "x-forwarded-proto": "https" };
    const cookie = `__Host-${visitorCookie()}`;
    const page = await join(app, cookie, secure);
    const [, ticket] = await page.ticket();
    const answer = await fetchSession(app, ticket, { cookie, origin: "https://localhost", ...secure });
    expect(answer.headers.getSetCookie().map((cookie) => cookie.split("=", 1)[0])).toEqual([
      "__Host-ow_session",
      "__Host-ow_visitor",
    ]);
    const peer = new FakePeer();
    const headers = new Headers({ cookie });
    const [token] = await tokensOf(app, "/", cookie);
    const socket = app.connect(
      { headers, url: "http://localhost/shop/overwire/socket", base: "/shop" },
      peer,
    );
    socket.message(JSON.stringify(joinFrame(1, token, { url: "/shop/" })));
    await vi.waitFor(() => expect(peer.frames).toHaveLength(1));
    socket.message(JSON.stringify(eventFrame(1, 1, "login")));
    await vi.waitFor(() => expect(peer.frames).toHaveLength(2));
    expect(peer.frames[1]).toMatchObject([
      "p",
      1,
      2,
      0,
      0,
      { n: ["s", `/shop${PATH}`, 0, expect.any(String)] },
    ]);
  });

  it("renews a token that an earlier secret has signed", async () => {
    const old = "s".repeat(32);
    const [token] = await tokensOf(makeApp({ secret: old }).app);
    const { app } = makeApp({ secret: [`${"n".repeat(31)}w`, old] });
    const page = await join(app);
    const [, ticket] = await page.ticket();
    const answer = await fetchSession(app, [ticket, token as string]);
    const [renewed = ""] = (await answer.json()) as string[];
    const line = openSocket(app, { headers: { cookie: pair(answer.headers.getSetCookie()) } });
    expect((await line.ask(joinFrame(1, renewed)))[0]).toMatchObject(["j", 1, 1, {}, {}]);
  });

  it("has an answer once", async () => {
    const { app } = makeApp();
    const page = await join(app);
    const [, ticket] = await page.ticket();
    expect((await fetchSession(app, ticket)).status).toBe(200);
    const again = await fetchSession(app, ticket);
    expect([again.status, again.headers.getSetCookie()]).toEqual([410, []]);
    page.send(["s", ticket]);
    await page.next();
    expect((await fetchSession(app, ticket)).status).toBe(410);
    expect(ran).toEqual(["logged in"]);
  });

  it("is not for another visitor, nor for one without a cookie, and stays good for its own", async () => {
    const { app } = makeApp();
    const page = await join(app);
    const [, ticket] = await page.ticket();
    for (const cookie of [visitorCookie("o"), ""]) {
      const answer = await fetchSession(app, ticket, { cookie });
      expect([answer.status, answer.headers.getSetCookie()]).toEqual([410, []]);
    }
    expect((await fetchSession(app, ticket)).status).toBe(200);
  });

  it.each([
    ["a foreign origin", { origin: "https://evil.example" }],
    ["a sibling domain", { origin: "http://localhost", "sec-fetch-site": "same-site" }],
    ["a sandboxed frame", { origin: "null" }],
  ])("is not for %s, even if the app judges no request", async (_, headers) => {
    const { app } = makeApp({ csrf: false, checkOrigin: false });
    const page = await join(app);
    const [, ticket] = await page.ticket();
    expect((await fetchSession(app, ticket, headers)).status).toBe(403);
    expect((await fetchSession(app, ticket)).status).toBe(200);
  });

  it.each([
    "",
    "{",
    "[]",
    "{}",
    "[1]",
    '"x"',
    "[null]",
    '[["a"]]',
    '["a.b"]',
    `["${"a".repeat(16)}.${"b".repeat(22)}"]`,
  ])("with the body %j changes nothing", async (body) => {
    const { app, reports } = makeApp({ pubsub: createPubSub() });
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const answer = app.request(PATH, { method: "POST", headers: { cookie: visitorCookie() }, body });
    await vi.advanceTimersByTimeAsync(6000);
    expect([400, 410]).toContain((await answer).status);
    expect((await answer).headers.getSetCookie()).toEqual([]);
    expect(reports.filter(({ kind }) => kind === "crash")).toEqual([]);
  });

  it("is not read beyond 128 KiB", async () => {
    const { app } = makeApp();
    const answer = await fetchSession(app, "x".repeat(200_000));
    expect(answer.status).toBe(413);
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += 1000;
        controller.enqueue(new Uint8Array(1000));
      },
    });
    const endless = await app.request(PATH, { method: "POST", body, duplex: "half" } as RequestInit);
    expect(endless.status).toBe(413);
    expect(sent).toBeLessThan(140_000);
  });

  it("is a POST", async () => {
    const { app } = makeApp();
    expect((await app.request(PATH)).status).toBe(404);
  });
});

describe("a page that does not fetch the session", () => {
  it("has the handler fail when the ticket is too old, with a message of its own", async () => {
    const { app, reports } = makeApp();
    const page = await join(app);
    vi.useFakeTimers();
    const [, ticket] = await page.ticket();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(reports.at(-1)).toMatchObject({ kind: "crash", event: "login", view: "Page" });
    expect(String(reports.at(-1)?.error)).toContain("did not fetch the cookies within 10 s");
    vi.useRealTimers();
    expect((await fetchSession(app, ticket)).status).toBe(410);
    expect(ran).toEqual(["end"]);
  });

  it("has it fail at once if the page says that it cannot", async () => {
    const { app, reports } = makeApp();
    const page = await join(app);
    const [, ticket] = await page.ticket();
    page.send(["s", ticket]);
    await vi.waitFor(() => expect(reports).toHaveLength(1));
    expect(reports[0]).toMatchObject({ kind: "crash", error: { code: "not_fetched" } });
  });

  it("has it fail at once if the page is gone, and the error is reported", async () => {
    const { app, reports } = makeApp();
    const page = await join(app);
    const [, ticket] = await page.ticket();
    page.socket.closed();
    await vi.waitFor(() => expect(reports).toHaveLength(1));
    expect(reports[0]).toMatchObject({ kind: "crash", event: "login", error: { code: "not_fetched" } });
    expect((await fetchSession(app, ticket)).status).toBe(410);
  });

  it("is offered the ticket again when it is back", async () => {
    const { app } = makeApp();
    const page = await join(app);
    const [, ticket] = await page.ticket();
    page.socket.closed(true);
    const line = openSocket(app);
    const frames = await line.ask(joinFrame(1, page.token, { seen: 1, attempt: 2 }));
    expect(frames.at(-1)).toMatchObject(["p", 1, expect.any(Number), 0, 0, { n: ["s", PATH, 0, ticket] }]);
    await fetchSession(app, ticket);
    line.send(["s", ticket]);
    await vi.waitFor(() => expect(ran).toEqual(["logged in"]));
  });

  it("is told that it was not back in time, if it was lost before", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const go = deferred();
    const { app, reports } = makeApp();
    class Slow extends LiveView {
      login = this.event(async () => {
        ran.push("begun");
        await go.promise;
        await this.setSession(user(7));
      });
      render() {
        return html`<p></p>`;
      }
    }
    app.live("/slow", Slow);
    const [token] = await tokensOf(app, "/slow");
    const line = openSocket(app);
    await line.ask(joinFrame(1, token, { url: "/slow" }));
    line.send(eventFrame(1, 1, "login"));
    await vi.waitFor(() => expect(ran).toEqual(["begun"]));
    line.socket.closed(true);
    go.resolve();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(reports).toMatchObject([{ kind: "crash", error: { code: "not_fetched" } }]);
    expect(String(reports[0]?.error)).toContain("was not back within 10 s");
  });

  it.each(["a page that is closed", "a view that is left", "an app that is closed"])(
    "has changed it all the same once it has been answered, and goes on to log out: %s",
    async (end) => {
      const pubsub = createPubSub();
      const store = memorySessions();
      const [{ app, reports }, { app: second }] = [true, false].map(() =>
        makeApp({ pubsub, session: { store } }),
      ) as [ReturnType<typeof makeApp>, ReturnType<typeof makeApp>];
      const leave = (page: Awaited<ReturnType<typeof join>>) => {
        if (end === "a page that is closed") page.socket.closed();
        else if (end === "a view that is left") page.send(["l", 1]);
        else app.close();
      };
      const read = async (of: OverwireApp, cookie: string) =>
        (await of.request("/session", { headers: { cookie } })).json();
      const { cookie } = await logIn(app);
      const there = await join(second, cookie);
      const page = await join(app, cookie);
      const [, ticket] = await page.ticket("logOut");
      expect((await fetchSession(app, ticket, { cookie })).status).toBe(200);
      leave(page);
      await vi.waitFor(() => expect(there.peer.closes).toEqual([4401]));
      await vi.waitFor(() => expect(ran).toContain("logged out"));
      expect([await read(app, cookie), await read(second, cookie)]).toEqual([{}, {}]);
      expect(reports).toEqual([]);
    },
  );

  it("is no log-out for a visitor without a session: nothing ends, no node hears of it", async () => {
    const pubsub = createPubSub();
    const { app, reports } = makeApp({ pubsub });
    const { app: second } = makeApp({ pubsub });
    const there = await join(second);
    const page = await join(app);
    const publish = vi.spyOn(pubsub, "publish");
    const logOut = async (cookie?: string) => {
      const [, ticket] = await page.ticket("logOut");
      const answer = await fetchSession(app, ticket, cookie ? { cookie } : {});
      page.send(["s", ticket]);
      await page.next();
      return pair(answer.headers.getSetCookie());
    };
    await logOut(await logOut());
    expect(publish).not.toHaveBeenCalled();
    expect(there.peer.closes).toEqual([]);
    expect(ran.filter((each) => each === "logged out")).toHaveLength(2);
    expect(reports).toEqual([]);
  });

  it.each(["a page that is closed", "an app that is closed"])(
    "has the session of the cookies once it has been answered: %s",
    async (end) => {
      const { app, reports } = makeApp({ session: { store: memorySessions() } });
      const page = await join(app);
      const [, ticket] = await page.ticket();
      const cookie = pair((await fetchSession(app, ticket)).headers.getSetCookie());
      if (end === "a page that is closed") page.socket.closed();
      else app.close();
      await vi.waitFor(() => expect(ran).toContain("logged in"));
      expect(await (await app.request("/session", { headers: { cookie } })).json()).toEqual({ userId: 7 });
      expect(reports).toEqual([]);
    },
  );

  it("does not hold the handler back once it has been answered", async () => {
    const { app } = makeApp();
    const page = await join(app);
    vi.useFakeTimers();
    const [, ticket] = await page.ticket();
    await fetchSession(app, ticket);
    page.socket.closed(true);
    await vi.advanceTimersByTimeAsync(2000);
    expect(ran).toEqual(["logged in"]);
  });
});

describe("log-out", () => {
  it("ends all other views of the session at once, and frames afterwards run nothing", async () => {
    const { app } = makeApp();
    const { cookie } = await logIn(app);
    const [page, other, stranger] = [
      await join(app, cookie),
      await join(app, cookie),
      await join(app, visitorCookie("o")),
    ];
    ran = [];
    const [, ticket] = await page.ticket("logOut");
    const answer = await fetchSession(app, ticket, { cookie });
    expect(answer.headers.getSetCookie()[0]).toBe("ow_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    page.send(["s", ticket]);
    await page.next();
    expect(ran).toEqual(["end", "end", "logged out"]);
    expect([page.peer.closes, other.peer.closes, stranger.peer.closes]).toEqual([[], [4401], []]);
    other.send(eventFrame(1, 5, "look"));
    await page.event("look");
    await stranger.event("look");
    expect(ran.slice(2)).toEqual(["logged out", "look {}", "look {}"]);
  });

  it("reports nothing of the other pages, which come back without the session", async () => {
    const { app, reports } = makeApp();
    const { cookie } = await logIn(app);
    const other = await join(app, cookie);
    const out = await app.request("/logout", { method: "POST", headers: { cookie } });
    await vi.waitFor(() => expect(other.peer.closes).toEqual([4401]));
    const line = openSocket(app, { headers: { cookie: pair(out.headers.getSetCookie()) } });
    expectFrames(await line.ask(joinFrame(1, other.token, { seen: 1, attempt: 2 })), ["x", 1, "stale"]);
    expect(reports).toEqual([]);
  });

  it("takes the worth from cookies that a browser still has, here and on other nodes", async () => {
    const pubsub = createPubSub();
    const { app } = makeApp({ pubsub });
    const { app: second } = makeApp({ pubsub });
    const { cookie } = await logIn(app);
    await join(second, visitorCookie("o"));
    const read = async (of: OverwireApp) => (await of.request("/session", { headers: { cookie } })).json();
    expect([await read(app), await read(second)]).toEqual([{ userId: 7 }, { userId: 7 }]);
    const out = await app.request("/logout", { method: "POST", headers: { cookie } });
    expect(pair(out.headers.getSetCookie())).toMatch(/^ow_visitor=[\w-]{22}$/);
    await vi.waitFor(async () => expect([await read(app), await read(second)]).toEqual([{}, {}]));
  });

  it("of a handler ends the views of the session on all nodes", async () => {
    const pubsub = createPubSub();
    const { app } = makeApp({ pubsub });
    const { app: second } = makeApp({ pubsub });
    const { cookie } = await logIn(app);
    const [here, there] = [await join(app, cookie), await join(second, cookie)];
    await app.request("/logout", { method: "POST", headers: { cookie } });
    await vi.waitFor(() => expect([here.peer.closes, there.peer.closes]).toEqual([[4401], [4401]]));
  });
});

describe("a request that reaches another node", () => {
  it("gets the session from the node of the view, once, and for its visitor alone", async () => {
    const pubsub = createPubSub();
    const messages: unknown[] = [];
    const publish = pubsub.publish.bind(pubsub);
    pubsub.publish = (topic, message, except) => {
      messages.push(message);
      publish(topic, message, except);
    };
    const { app } = makeApp({ pubsub });
    const { app: second } = makeApp({ pubsub, secret: [`${"n".repeat(31)}w`, "s".repeat(32)] });
    const page = await join(app);
    const [, ticket] = await page.ticket();
    expect((await fetchSession(app, ticket, { cookie: visitorCookie("o") })).status).toBe(410);
    const { app: other } = makeApp({ pubsub });
    const answer = await fetchSession(other, [ticket, page.token]);
    expect(answer.status).toBe(200);
    const cookie = pair(answer.headers.getSetCookie());
    expect(await (await second.request("/session", { headers: { cookie } })).json()).toEqual({ userId: 7 });
    expect((await fetchSession(other, ticket)).status).toBe(410);
    page.send(["s", ticket]);
    await page.next();
    expect(ran).toEqual(["logged in"]);
    // The broker's messages tell neither cookie nor ticket.
    const text = JSON.stringify(messages);
    for (const each of [ticket, ...cookie.split("; ").map((pair) => pair.split("=")[1] as string)])
      expect(text).not.toContain(each);
  });
});

describe("another tab that has set the session before", () => {
  it("is followed on every node; the session of the cookies is replaced and ended", async () => {
    const pubsub = createPubSub();
    const [{ app }, { app: other }] = [makeApp({ pubsub }), makeApp({ pubsub })];
    const [stale, page] = [await join(other), await join(app)];
    const [, first] = await page.ticket();
    const { cookie } = { cookie: pair((await fetchSession(app, first)).headers.getSetCookie()) };
    page.send(["s", first]);
    await page.next();
    const [, ticket] = await stale.ticket("logOut");
    const answer = await fetchSession(app, [ticket, stale.token], { cookie });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual([expect.stringContaining(".")]);
    expect(pair(answer.headers.getSetCookie())).toMatch(/^ow_visitor=[\w-]{22}$/);
    stale.send(["s", ticket]);
    await stale.next();
    await vi.waitFor(() => expect(page.peer.closes).toEqual([4401]));
    expect(stale.peer.closes).toEqual([]);
    const read = async (of: OverwireApp) => (await of.request("/session", { headers: { cookie } })).json();
    expect([await read(app), await read(other)]).toEqual([{}, {}]);
  });

  it("is not followed to a session of another descent: the page comes back anew, with its drafts kept", async () => {
    const { app, reports } = makeApp();
    const page = await join(app);
    const [, ticket] = await page.ticket();
    expect((await fetchSession(app, ticket, { cookie: visitorCookie("o") })).status).toBe(410);
    page.send(["s", ticket]);
    await vi.waitFor(() => expect(page.peer.closes).toEqual([4401]));
    expect(page.peer.frames.at(-1)?.[5]).toEqual({ n: ["s", "", 0, ""] });
    await vi.waitFor(() => expect(reports).toMatchObject([{ error: { code: "changed_elsewhere" } }]));
  });
});

describeRedis("over Redis", () => {
  it("a request that reaches another node gets the session, and log-out ends views there", async () => {
    const redis = await startRedis();
    const pubsubs = [redisPubSub({ url: redis.url }), redisPubSub({ url: redis.url })] as const;
    try {
      const [app, other] = pubsubs.map((pubsub) => makeApp({ pubsub }).app) as [OverwireApp, OverwireApp];
      const page = await join(app);
      await join(other, visitorCookie("o"));
      await Promise.all(pubsubs.map((pubsub) => pubsub.settled()));
      const [, ticket] = await page.ticket();
      const answer = await fetchSession(other, [ticket, page.token]);
      expect(answer.status).toBe(200);
      const cookie = pair(answer.headers.getSetCookie());
      page.send(["s", ticket]);
      await page.next();
      const there = await join(other, cookie);
      const [, out] = await page.ticket("logOut");
      await fetchSession(other, out, { cookie });
      page.send(["s", out]);
      await page.next();
      await vi.waitFor(() => expect(there.peer.closes).toEqual([4401]));
      await vi.waitFor(async () =>
        expect(await (await other.request("/session", { headers: { cookie } })).json()).toEqual({}),
      );
    } finally {
      await Promise.all(pubsubs.map((pubsub) => pubsub.close()));
      await redis.stop();
    }
  });
});

it("an app that is mounted in another one answers below its path", async () => {
  const { app } = makeApp();
  const outer = new Hono().route("/shop", app);
  const cookie = visitorCookie();
  const [token] = tokensIn(await (await outer.request("/shop", { headers: { cookie } })).text());
  const line = openSocket(app, {
    url: "http://localhost/shop/overwire/socket",
    fetch: (request, env) => outer.fetch(request, env),
  });
  expect((await line.ask(joinFrame(1, token, { url: "/shop" })))[0]?.[0]).toBe("j");
  const [frame] = await line.ask(eventFrame(1, 1, "login"));
  const [, path, , ticket] = ((frame as readonly unknown[])[5] as { n: string[] }).n as [
    string,
    string,
    0,
    string,
  ];
  expect(path).toBe(`/shop${PATH}`);
  const headers = { cookie, host: "localhost", origin: "http://localhost" };
  const body = JSON.stringify([ticket, token]);
  const foreign = await outer.request(path, {
    method: "POST",
    headers: { ...headers, origin: "https://a.b" },
    body,
  });
  expect(foreign.status).toBe(403);
  const answer = await outer.request(path, { method: "POST", headers, body });
  expect([answer.status, answer.headers.getSetCookie().length]).toEqual([200, 2]);
});
