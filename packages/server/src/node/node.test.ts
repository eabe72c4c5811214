import { once } from "node:events";
import { createServer, get, request as httpRequest, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { ServerFrame } from "@overwire/client/wire";
import { eventFrame, joinFrame } from "@overwire/test-support/frames";
import express from "express";
import fc from "fast-check";
import fastify from "fastify";
import { Hono } from "hono";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import type { OverwireApp } from "../app/overwire-app.ts";
import { createApp } from "../app.ts";
import type { Report } from "../runtime/services.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import type { EndReason } from "../view/view-host.ts";
import { attach } from "./attach.ts";
import { handler } from "./handler.ts";
import { type Served, serve } from "./serve.ts";

const secret = "s".repeat(32);

let ends: EndReason[] = [];
let mounts = 0;
let reports: Report[] = [];
let cleanups: (() => unknown)[] = [];

class Counter extends LiveView {
  count = 0;
  inc = this.event(() => {
    this.count++;
  });
  grow = this.event(({ size }) => "x".repeat(Number(size)));
  override mount() {
    mounts++;
  }
  override render() {
    return html`<p>${this.count} at ${this.url.pathname}</p>`;
  }
  override terminate(reason: EndReason) {
    ends.push(reason);
  }
}

function makeApp(options: Parameters<typeof createApp>[0] = {}): OverwireApp {
  const app = createApp({ secret, report: (report) => reports.push(report), ...options });
  app.live("/", Counter);
  app.live("/posts/:id", Counter);
  return app;
}

async function serving(app: Parameters<typeof serve>[0] = makeApp()): Promise<Served> {
  const served = await serve(app, { port: 0, hostname: "127.0.0.1", log: false, deadline: 100 }).ready;
  cleanups.push(() => served.close());
  return served;
}

async function listening(server: Server): Promise<string> {
  if (!server.listening) await once(server.listen(0, "127.0.0.1"), "listening");
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const soon = <T>(check: () => T) => vi.waitFor(check, { interval: 2 });

/** A browser's way: the page, its cookie, its socket, the join. */
class Browser {
  readonly frames: ServerFrame[] = [];
  closed: [code: number, reason: string] | undefined;
  readonly ws: WebSocket;
  readonly #page: { readonly token: string | undefined; readonly url: string };

  private constructor(ws: WebSocket, page: { readonly token: string | undefined; readonly url: string }) {
    this.ws = ws;
    this.#page = page;
    ws.on("message", (data) => this.frames.push(JSON.parse(String(data))));
    ws.on("close", (code, reason) => {
      this.closed = [code, String(reason)];
    });
    ws.on("error", () => {});
    cleanups.push(() => ws.terminate());
  }

  static async open(origin: string, path: string): Promise<Browser> {
    const response = await fetch(origin + path);
    const page = await response.text();
    expect(page).toContain(`0 at ${path}</p>`);
    const cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const [, token, socket] = /data-ow-view="([^"]*)" data-ow-socket="([^"]*)"/.exec(page) ?? [];
    const ws = new WebSocket(origin.replace("http", "ws") + socket, { headers: { cookie }, origin });
    const browser = new Browser(ws, { token, url: origin + path });
    await once(ws, "open");
    await browser.join(1);
    return browser;
  }

  /** The first join adopts the painted view, a second one mounts. */
  async join(view: number): Promise<ServerFrame> {
    this.say(joinFrame(view, this.#page.token, this.#page));
    return this.waitFor((frame) => frame[1] === view);
  }

  say(frame: readonly unknown[]): void {
    this.ws.send(JSON.stringify(frame));
  }

  waitFor(fits: (frame: ServerFrame) => boolean): Promise<ServerFrame> {
    return soon(() => {
      const frame = this.frames.find(fits);
      if (!frame) throw new Error(`no such frame, the last one is ${JSON.stringify(this.frames.at(-1))}`);
      return frame;
    });
  }

  async count(ref: number, count: number): Promise<void> {
    this.say(eventFrame(1, ref, "inc"));
    const answer = await this.waitFor((frame) => frame[0] === "p" && frame[3] === ref);
    expect(answer[4]).toEqual({ 0: String(count) });
  }

  ended(): Promise<[code: number, reason: string]> {
    return soon(() => {
      if (!this.closed) throw new Error("still open");
      return this.closed;
    });
  }
}

/** The answer to a handshake that is refused. */
async function refusal(
  url: string,
  options: { origin?: string; headers?: Record<string, string> } = {},
): Promise<[status: number | undefined, body: string]> {
  const ws = new WebSocket(url, options);
  ws.on("error", () => {});
  const [, response] = (await once(ws, "unexpected-response")) as [unknown, IncomingMessage];
  let body = "";
  for await (const chunk of response) body += chunk;
  return [response.statusCode, body];
}

beforeEach(() => {
  ends = [];
  reports = [];
  mounts = 0;
  cleanups = [];
});

afterEach(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

describe("serve", () => {
  it("paints, adopts, and answers events over a real socket", async () => {
    const { url } = await serving();
    const browser = await Browser.open(url, "/");
    await browser.count(1, 1);
    await browser.count(2, 2);
    expect([mounts, reports]).toEqual([1, []]);
    browser.ws.close();
    await soon(() => expect(ends).toEqual(["closed"]));
  });

  it("prints one line, unless told not to", async () => {
    const print = vi.spyOn(console, "log").mockImplementation(() => {});
    const served = await serve(makeApp(), { port: 0 }).ready;
    expect(print.mock.calls).toEqual([[`Overwire listens on http://localhost:${served.port}`]]);
    await served.close();
    print.mockRestore();
  });

  it("says what to do if the port is taken", async () => {
    const { port } = await serving();
    await expect(serve(makeApp(), { port, hostname: "127.0.0.1", log: false }).ready).rejects.toThrow(
      /is taken.*choose another/,
    );
  });

  it("closes everything: views, sockets, requests that hang", async () => {
    const app = makeApp();
    app.get("/hang", () => new Promise<Response>(() => {}));
    const served = await serving(app);
    const browser = await Browser.open(served.url, "/");
    const hanging = get(`${served.url}/hang`);
    hanging.on("error", () => {});
    await once(hanging, "socket");
    await served.close();
    expect((await browser.ended())[0]).toBe(1001);
    expect(ends).toEqual(["shutdown"]);
    await served.close();
  });

  it("closes what only waits for its socket, and before it listens", async () => {
    const served = await serving();
    await (await fetch(served.url)).text();
    await served.close();
    expect(ends).toEqual(["shutdown"]);
    const early = serve(makeApp(), { port: 0, log: false });
    await early.close();
    expect(early.server.listening).toBe(false);
  });

  it("leaves the sockets of the app's other servers alone", async () => {
    const app = makeApp();
    const [server, other] = [createServer(handler(app)), createServer(handler(app))];
    const [attached] = [attach(server, app), attach(other, app)];
    const here = await Browser.open(await listening(server), "/");
    const there = await Browser.open(await listening(other), "/");
    attached?.close();
    expect((await here.ended())[0]).toBe(1001);
    await there.count(1, 1);
  });

  it("serves an outer Hono app, whose middleware runs for joins too", async () => {
    let allowed = true;
    const outer = new Hono();
    outer.use(async (c, next) =>
      allowed || c.req.path.endsWith("/socket") ? await next() : c.text("no", 401),
    );
    outer.route("/admin", makeApp());
    const { url } = await serving(outer);
    const browser = await Browser.open(url, "/admin/posts/1");
    await browser.count(1, 1);
    expect(await browser.join(2)).toMatchObject(["j", 2, 1, { 1: "0", 2: "/admin/posts/1" }, {}]);
    expect(await refusal(`${url.replace("http", "ws")}/nowhere/overwire/socket?`)).toEqual([
      404,
      expect.stringContaining("no WebSocket here"),
    ]);
    allowed = false;
    expect(await browser.join(3)).toMatchObject(["x", 3, "refused", expect.any(String)]);
  });
});

describe("messages that a socket must not send", () => {
  it.each([
    ["malformed", (ws: WebSocket) => ws.send("{"), 4400],
    ["binary", (ws: WebSocket) => ws.send(Buffer.from([1, 2, 3])), 4400],
    ["no UTF-8", (ws: WebSocket) => ws.send(Buffer.from([0xff]), { binary: false }), 1007],
  ])("%s: closed, reported once, and another view goes on", async (_what, send, code) => {
    const { url } = await serving();
    const [bad, good] = [await Browser.open(url, "/"), await Browser.open(url, "/")];
    send(bad.ws);
    expect((await bad.ended())[0]).toBe(code);
    await soon(() => expect(ends).toEqual(["closed"]));
    await good.count(1, 1);
    expect(reports).toMatchObject([{ kind: "refused" }]);
  });

  it("send a message that is too large: closed, reported once, and its view waits for it", async () => {
    const { url } = await serving();
    const [bad, good] = [await Browser.open(url, "/"), await Browser.open(url, "/")];
    bad.ws.send("x".repeat(200_000));
    expect((await bad.ended())[0]).toBe(1009);
    await good.count(1, 1);
    expect(ends).toEqual([]);
    expect(reports).toMatchObject([{ kind: "refused" }]);
  });

  it("come from a foreign page: 403, in a sentence, reported once", async () => {
    const { url } = await serving();
    const [status, body] = await refusal(`${url.replace("http", "ws")}/overwire/socket`, {
      origin: "https://evil.com",
    });
    expect([status, body]).toEqual([
      403,
      expect.stringMatching(/Pages of https:\/\/evil.com may not connect here.*checkOrigin/),
    ]);
    expect(reports).toMatchObject([{ kind: "refused", event: "connect" }]);
  });

  it("come from a page of http while the app is under https", async () => {
    const { url } = await serving();
    const options = { origin: url, headers: { "x-forwarded-proto": "https" } };
    const [status, body] = await refusal(`${url.replace("http", "ws")}/overwire/socket`, options);
    expect([status, body]).toEqual([403, expect.stringContaining(`Pages of ${url} may not connect here`)]);
  });

  it("ask for another path, or with no handshake", async () => {
    const { url } = await serving();
    expect((await refusal(`${url.replace("http", "ws")}/elsewhere`))[0]).toBe(404);
    expect((await fetch(`${url}/overwire/socket`)).status).toBe(426);
    const raw = connect(Number(new URL(url).port), "127.0.0.1");
    raw.write(
      "GET /overwire/socket HTTP/1.1\r\nHost: a b\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
    );
    expect(String(await once(raw, "data"))).toMatch(/^HTTP\/1.1 400/);
    raw.destroy();
  });

  it("disturb others, whatever it sends", async () => {
    const { url } = await serving();
    const good = await Browser.open(url, "/");
    let ref = 0;
    const frame = fc.oneof(
      fc.tuple(fc.constant("e"), fc.constant(1), fc.nat(), fc.constantFrom("inc", "x", ""), fc.jsonValue()),
      fc.tuple(fc.constantFrom("f", "j", "l", "h", "?"), fc.jsonValue(), fc.jsonValue(), fc.jsonValue()),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 8 }), async (frames) => {
        const bad = await Browser.open(url, "/");
        for (const frame of frames) bad.say(frame);
        await good.count(++ref, ref);
        bad.ws.terminate();
      }),
      { numRuns: 30 },
    );
  });
});

describe("a slow client", () => {
  it("is sent no more than its buffer takes, and goes on when it reads again", async () => {
    const { url } = await serving(makeApp({ limits: { bufferedBytes: 100_000, queuedEvents: 10_000 } }));
    const browser = await Browser.open(url, "/");
    browser.ws.pause();
    for (let ref = 1; ref <= 300; ref++) browser.say(eventFrame(1, ref, "grow", { size: 100_000 }));
    // Another client's round trips show that the server has come by those events.
    const other = await Browser.open(url, "/");
    for (let ref = 1; ref <= 20; ref++) await other.count(ref, ref);
    browser.ws.resume();
    await browser.waitFor((frame) => frame[0] === "p" && frame[3] === 300);
    const refs = browser.frames.filter((frame) => frame[0] === "p").map((frame) => frame[3]);
    expect(refs).toEqual(Array.from({ length: 300 }, (_, at) => at + 1));
  });
});

describe("mounted into", () => {
  it("a bare http.Server, beside another's WebSocket", async () => {
    const app = makeApp();
    const server = createServer(handler(app));
    const theirs = new WebSocketServer({ noServer: true });
    attach(server, app);
    server.on("upgrade", (request, socket, head) => {
      if (request.url === "/theirs") theirs.handleUpgrade(request, socket, head, (ws) => ws.send("hello"));
    });
    const url = await listening(server);
    await (await Browser.open(url, "/posts/1")).count(1, 1);
    const ws = new WebSocket(`${url.replace("http", "ws")}/theirs`);
    expect(String((await once(ws, "message"))[0])).toBe("hello");
    ws.terminate();
  });

  it.each(["", "/admin"])("Express at %j, which answers what the app has no route for", async (base) => {
    const app = makeApp();
    const outer = express();
    outer.get("/before", (_request, response) => void response.send("before"));
    if (base) outer.use(base, handler(app));
    else outer.use(handler(app));
    outer.use(express.json());
    outer.post(`${base}/echo`, (request, response) => void response.json(request.body));
    outer.use((_request, response) => void response.status(404).send("Express has no such page"));
    const server = outer.listen(0, "127.0.0.1");
    await once(server, "listening");
    attach(server, app, { base });
    const url = await listening(server);

    const browser = await Browser.open(url, `${base}/posts/1`);
    await browser.count(1, 1);
    expect(await (await fetch(`${url}/before`)).text()).toBe("before");
    expect(await (await fetch(`${url}${base}/nowhere`)).text()).toBe("Express has no such page");
    const echo = await fetch(`${url}${base}/echo`, {
      method: "POST",
      body: '{"a":1}',
      headers: { "content-type": "application/json" },
    });
    expect(await echo.json()).toEqual({ a: 1 });

    expect(await browser.join(2)).toMatchObject(["j", 2, 1, { 1: "0", 2: `${base}/posts/1` }, {}]);
  });

  it("Fastify, which answers what the app has no route for", async () => {
    const app = makeApp();
    const outer = fastify();
    const overwire = handler(app);
    outer.addHook("onRequest", (request, reply, done) => overwire(request.raw, reply.raw, () => done()));
    outer.post("/echo", async (request) => request.body);
    attach(outer.server, app);
    const url = await outer.listen({ port: 0, host: "127.0.0.1" });
    cleanups.push(() => outer.close());
    const browser = await Browser.open(url, "/posts/1");
    await browser.count(1, 1);
    const echo = await fetch(`${url}/echo`, {
      method: "POST",
      body: '{"a":1}',
      headers: { "content-type": "application/json" },
    });
    expect(await echo.json()).toEqual({ a: 1 });
    browser.ws.terminate();
  });

  it("two apps on one server each get their own", async () => {
    const [first, second] = [makeApp(), makeApp()];
    const server = createServer((request, response) => {
      const below = request.url?.startsWith("/b");
      if (below) request.url = request.url?.slice(2) || "/";
      Object.assign(request, below && { originalUrl: `/b${request.url}` });
      handler(below ? second : first)(request, response, () => response.end("none"));
    });
    attach(server, first);
    attach(server, second, { base: "/b" });
    const url = await listening(server);
    await (await Browser.open(url, "/posts/1")).count(1, 1);
    await (await Browser.open(url, "/b/posts/1")).count(1, 1);
  });
});

describe("attach", () => {
  it("refuses a second app at the same path, until the first is gone", () => {
    const server = createServer();
    const [one, other] = [createApp({ secret: "s".repeat(32) }), createApp({ secret: "s".repeat(32) })];
    const attached = attach(server, one);
    expect(() => attach(server, other)).toThrow("This server has an app at /overwire/socket already");
    attach(server, other, { base: "/other/" });
    expect(() => attach(server, other, { base: "/other" })).toThrow("at /other/overwire/socket already");
    attached.close();
    attach(server, other);
  });
});

describe("handler", () => {
  it("leaves a request's body to the app", async () => {
    const app = makeApp();
    app.post("/echo", async (c) => c.json(await c.req.json()));
    const url = await listening(createServer(handler(app)));
    const request = httpRequest(`${url}/echo`, { method: "POST" });
    request.end('{"a":1}');
    const [response] = (await once(request, "response")) as [IncomingMessage];
    let body = "";
    for await (const chunk of response) body += chunk;
    expect(body).toBe('{"a":1}');
  });

  it("answers a host that is none with 400", async () => {
    const url = await listening(createServer(handler(makeApp())));
    const raw = connect(Number(new URL(url).port), "127.0.0.1");
    raw.write("GET / HTTP/1.1\r\nHost: a b\r\n\r\n");
    expect(String(await once(raw, "data"))).toMatch(/^HTTP\/1.1 400/);
    raw.destroy();
  });
});
