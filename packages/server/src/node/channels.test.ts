/** Channels through real sockets: handshakes, tokens, origins, sessions, mounted apps, and the ends of a server. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type ChannelFrame, readServerMessage, tokenProtocol } from "@overwire/client/wire";
import { deferred } from "@overwire/test-support/deferred";
import express from "express";
import Fastify from "fastify";
import { Hono } from "hono";
import { afterEach, expect, test, vi } from "vitest";
import { type ClientOptions, WebSocket } from "ws";
import { type AppOptions, createApp } from "../app.ts";
import { Channel } from "../channel/channel.ts";
import type { ChannelOptions } from "../channel/channel-endpoint.ts";
import { Refused } from "../channel/refused.ts";
import { HttpError, Unauthorized } from "../http/errors.ts";
import type { Report } from "../runtime/services.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import type { EndReason, Session } from "../view/view-host.ts";
import { attach } from "./attach.ts";
import { handler } from "./handler.ts";
import { serve } from "./serve.ts";

const secret = "0123456789abcdef".repeat(4);
let reports: Report[] = [];
const ends: string[] = [];
const stops: (() => unknown)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  reports = [];
  ends.length = 0;
});

class Room extends Channel {
  join() {
    return { topic: this.topic, assigns: this.assigns, session: this.session, params: this.params };
  }
  say = this.event((payload) => this.broadcast("message", payload));
  echo = this.event((payload) => payload);
  slow = this.event(async () => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return "done";
  });
  override terminate(reason: EndReason) {
    ends.push(reason);
  }
}
const waiting: (() => void)[] = [];

class Page extends LiveView {
  override render() {
    return html`<p>page</p>`;
  }
  override terminate(reason: EndReason) {
    ends.push(`view ${reason}`);
  }
}

const appWith = (
  channels: ChannelOptions<object> = { connect: ({ token }) => ({ token }) },
  options: AppOptions = {},
  path = "/socket",
) =>
  createApp({ secret, report: (report) => reports.push(report), ...options }).channels(
    path,
    channels,
    (socket) => socket.channel("room:*", Room),
  );

async function served(app: Parameters<typeof serve>[0]): Promise<string> {
  const server = await serve(app, { port: 0, hostname: "127.0.0.1", log: false, handleSignals: false }).ready;
  stops.push(() => server.close());
  return server.url.replace("http", "ws");
}

interface Client {
  readonly ws: WebSocket;
  readonly frames: ChannelFrame[];
  ask(topic: string, event: string, payload?: unknown): Promise<unknown>;
  closed: Promise<number>;
}

let lastRef = 0;

async function open(url: string, protocols: string[] = [], options: ClientOptions = {}): Promise<Client> {
  const ws = new WebSocket(url, protocols, options);
  stops.push(() => ws.terminate());
  ws.on("error", () => {});
  const closed = once(ws, "close").then(([code]) => code as number);
  const frames: ChannelFrame[] = [];
  ws.on("message", (data: Buffer, isBinary) => {
    const frame = readServerMessage(isBinary ? data : String(data));
    if (frame) frames.push(frame);
  });
  await once(ws, "open");
  return {
    ws,
    frames,
    closed,
    async ask(topic, event, payload = {}) {
      const ref = String(++lastRef);
      ws.send(JSON.stringify([null, ref, topic, event, payload]));
      await vi.waitFor(() => expect(frames.some((frame) => frame.ref === ref)).toBe(true), { interval: 1 });
      return frames.find((frame) => frame.ref === ref)?.payload;
    },
  };
}

/** Status and text of a handshake that is refused. */
async function refusal(
  url: string,
  protocols: string[] = [],
  options: ClientOptions = {},
): Promise<[number, string]> {
  const ws = new WebSocket(url, protocols, options);
  ws.on("error", () => {});
  const [, response] = await once(ws, "unexpected-response");
  let text = "";
  for await (const part of response) text += part;
  return [response.statusCode, text];
}

const joined = (reply: object) => ({ status: "ok", response: reply });

test("clients join, push and hear broadcasts, at the path and below it as those of Phoenix", async () => {
  const url = await served(appWith());
  const ann = await open(`${url}/socket?vsn=2.0.0&since=5`);
  const bob = await open(`${url}/socket/websocket?vsn=2.0.0`, ["phoenix", tokenProtocol("secret")]);
  expect(bob.ws.protocol).toBe("phoenix");
  expect(await ann.ask("room:1", "phx_join")).toMatchObject(
    joined({ topic: "room:1", assigns: {}, params: { since: "5" } }),
  );
  expect(await bob.ask("room:1", "phx_join")).toMatchObject(
    joined({ assigns: { token: "secret" }, params: {} }),
  );
  await ann.ask("room:1", "say", { body: "Hi" });
  const message = { joinRef: null, ref: null, topic: "room:1", event: "message", payload: { body: "Hi" } };
  await vi.waitFor(() => expect(bob.frames).toContainEqual(message), { interval: 1 });
  expect(ann.frames).toContainEqual(message);
  expect(reports).toEqual([]);
});

test("a message too large, one that is none, and one of 100,000 empty fragments close their socket alone", async () => {
  const url = await served(appWith());
  const good = await open(`${url}/socket`);
  const large = await open(`${url}/socket`);
  large.ws.send(JSON.stringify([null, "1", "room:1", "phx_join", { a: "x".repeat(128 * 1024) }]));
  expect(await large.closed).toBe(1009);
  const wrong = await open(`${url}/socket`);
  wrong.ws.send(`[null,null,"t","e",${"[".repeat(5000)}${"]".repeat(5000)}]`);
  expect(await wrong.closed).toBe(4400);
  const bytes = await open(`${url}/socket`);
  bytes.ws.send(new Uint8Array([7, 1]));
  expect(await bytes.closed).toBe(4400);
  const torn = await open(`${url}/socket`);
  for (let sent = 0; sent < 100_000 && torn.ws.readyState === WebSocket.OPEN; sent++)
    torn.ws.send("", { fin: false });
  expect(await torn.closed).not.toBe(1000);
  expect(await good.ask("room:1", "phx_join")).toMatchObject({ status: "ok" });
  expect(reports.map(({ kind }) => kind)).toEqual(["refused", "refused", "refused", "refused"]);
});

test("the server never echoes a token, and a client that offers none of its protocols is told", async () => {
  const url = await served(appWith());
  const client = await open(`${url}/socket`, [tokenProtocol("secret"), "phoenix", "overwire"]);
  expect(client.ws.protocol).toBe("phoenix");
  expect(await refusal(`${url}/socket`, ["mqtt"])).toEqual([400, expect.stringContaining('"overwire"')]);
  expect(await refusal(`${url}/socket`, [tokenProtocol("secret")])).toEqual([
    400,
    expect.not.stringContaining("secret"),
  ]);
  const bearer = await open(`${url}/socket`, [], { headers: { authorization: "Bearer abc" } });
  expect(await bearer.ask("room:1", "phx_join")).toMatchObject(joined({ assigns: { token: "abc" } }));
});

test("another version of the protocol is refused", async () => {
  const url = await served(appWith());
  expect(await refusal(`${url}/socket?vsn=123.1.1`)).toEqual([403, expect.stringContaining('"123.1.1"')]);
  expect(await refusal(`${url}/socket?vsn=1.0.0`)).toEqual([403, expect.any(String)]);
  expect(reports).toMatchObject([
    { kind: "refused", event: "connect", message: expect.stringContaining("123.1.1") },
    { kind: "refused" },
  ]);
});

test("connect refuses with the status that it throws, 403 without one, and a fault of it is reported", async () => {
  const errors: unknown[] = [
    new Unauthorized("Log in."),
    new HttpError(429),
    new Refused({ reason: "no" }),
    new HttpError(503, "10.0.0.1 is away"),
    new Error("oops"),
  ];
  let thrown: unknown;
  const app = appWith({
    connect: async () => {
      if (thrown) throw thrown;
      return undefined as never;
    },
  });
  const url = await served(app);
  const statuses: [number, string][] = [];
  for (thrown of errors) statuses.push(await refusal(`${url}/socket`));
  expect(statuses).toEqual([
    [401, "Log in."],
    [429, "Too Many Requests"],
    [403, "The app refused the connection."],
    [503, "Service Unavailable"],
    [403, "The app refused the connection."],
  ]);
  expect(reports.splice(0)).toMatchObject([
    { kind: "crash", event: "connect", error: { message: "10.0.0.1 is away" } },
    { kind: "crash", event: "connect", error: { message: "oops" } },
  ]);
  thrown = undefined;
  expect(await refusal(`${url}/socket`)).toEqual([403, expect.any(String)]);
  expect(reports).toMatchObject([
    { error: { message: expect.stringMatching(/returned nothing.*Unauthorized/) } },
  ]);
});

test("pages of other origins are refused; those that are let in get no session", async () => {
  const session: Session = { userId: 7 } as Session;
  const app = appWith(undefined, { checkOrigin: ["http://friend.example"] });
  app.get("/login", async (c) => {
    await app.setSession(c, session);
    return c.text("in");
  });
  const url = await served(app);
  const login = await fetch(`${url.replace("ws", "http")}/login`);
  const cookie = login.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  const sessionOf = async (headers: Record<string, string>) => {
    const client = await open(`${url}/socket`, [], { headers: { cookie, ...headers } });
    return ((await client.ask("room:1", "phx_join")) as { response: { session: object } }).response.session;
  };
  expect(await sessionOf({})).toEqual(session);
  expect(await sessionOf({ origin: "http://friend.example" })).toEqual({});
  expect(await refusal(`${url}/socket`, [], { headers: { cookie, origin: "http://evil.example" } })).toEqual([
    403,
    expect.stringContaining("checkOrigin"),
  ]);
  expect(reports).toMatchObject([{ kind: "refused", event: "connect" }]);
  const strict = await served(
    appWith(undefined, { session: (c) => ({ userId: Number(c.req.header("x-user")) }) as Session }),
  );
  const own = await open(`${strict}/socket`, [], {
    headers: { origin: strict.replace("ws", "http"), "x-user": "9" },
  });
  expect(await own.ask("room:1", "phx_join")).toMatchObject(joined({ session: { userId: 9 } }));
});

test("the token stands in no report", async () => {
  const app = appWith({
    connect: () => {
      throw new Unauthorized();
    },
  });
  const url = await served(app);
  await refusal(`${url}/socket?vsn=9`, ["overwire", tokenProtocol("top-secret")]);
  await refusal(`${url}/socket`, [tokenProtocol("top-secret")]);
  const text = JSON.stringify(reports);
  expect(text).not.toContain("top-secret");
  expect(text).not.toContain(tokenProtocol("top-secret"));
});

test("a plain request is answered with 426, beside the page's own socket", async () => {
  const app = appWith();
  app.live("/", Page);
  const url = await served(app);
  const response = await fetch(`${url.replace("ws", "http")}/socket`);
  expect([response.status, response.headers.get("upgrade")]).toEqual([426, "websocket"]);
  const page = new WebSocket(`${url}/overwire/socket`);
  stops.push(() => page.terminate());
  await once(page, "open");
  page.send('["h"]');
  expect(String((await once(page, "message"))[0])).toBe('["h"]');
  expect(await refusal(`${url}/other`)).toEqual([404, expect.any(String)]);
});

test("params of the path are among those of connect, and win over the query", async () => {
  const app = appWith({ connect: ({ params }) => ({ tenant: params.tenant }) }, {}, "/t/:tenant/socket");
  const url = await served(app);
  const client = await open(`${url}/t/acme/socket?tenant=other`);
  expect(await client.ask("room:1", "phx_join")).toMatchObject(joined({ assigns: { tenant: "acme" } }));
});

test("middleware stands before the socket", async () => {
  const app = createApp({ secret, report: (report) => reports.push(report) });
  app.use("/socket/*", (c, next) =>
    c.req.query("key") === "1" ? next() : Promise.resolve(c.text("no", 402)),
  );
  app.channels("/socket", { connect: () => ({}) }, (socket) => socket.channel("room:*", Room));
  const url = await served(app);
  expect(await refusal(`${url}/socket`)).toEqual([402, expect.any(String)]);
  await open(`${url}/socket?key=1`);
});

test("an app that is mounted in another Hono app, or under a path of Express or Fastify, has its channels there", async () => {
  const outer = new Hono();
  outer.route("/api", appWith());
  const url = await served(outer);
  const client = await open(`${url}/api/socket`);
  expect(await client.ask("room:1", "phx_join")).toMatchObject({ status: "ok" });
  expect(await refusal(`${url}/socket`)).toEqual([404, expect.any(String)]);

  const app = appWith();
  const server = createServer(express().use("/admin", handler(app)));
  const attached = attach(server, app, { base: "/admin" });
  stops.push(async () => {
    await attached.close(0);
    app.close();
    server.close();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const below = await open(`ws://127.0.0.1:${port}/admin/socket`);
  expect(await below.ask("room:1", "phx_join")).toMatchObject({ status: "ok" });
  expect((await fetch(`http://127.0.0.1:${port}/admin/socket`)).status).toBe(426);

  const fastify = Fastify();
  const beside = appWith();
  const overwire = handler(beside);
  fastify.addHook("onRequest", (request, reply, done) => overwire(request.raw, reply.raw, done));
  const besides = attach(fastify.server, beside);
  await fastify.listen({ port: 0, host: "127.0.0.1" });
  stops.push(async () => {
    await besides.close(0);
    beside.close();
    await fastify.close();
  });
  const other = await open(`ws://127.0.0.1:${(fastify.server.address() as AddressInfo).port}/socket`);
  expect(await other.ask("room:1", "phx_join")).toMatchObject({ status: "ok" });
});

test("upgrades for others are left to them", async () => {
  const app = appWith();
  app.live("/", Page);
  const server = createServer(handler(app));
  const attached = attach(server, app);
  const others: (string | undefined)[] = [];
  server.on("upgrade", (request, socket) => {
    if (request.url === "/socket") return;
    others.push(request.url);
    socket.end("HTTP/1.1 418 Teapot\r\nConnection: close\r\n\r\n");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  stops.push(async () => {
    await attached.close(0);
    app.close();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  expect(await refusal(`ws://127.0.0.1:${port}/`)).toEqual([418, expect.any(String)]);
  await open(`ws://127.0.0.1:${port}/socket`);
  expect(others).toEqual(["/"]);
});

test("app.disconnect ends the sockets of an id, and the views of their session, on every node", async () => {
  const { LocalPubSub } = await import("../pubsub/local.ts");
  const pubsub = new LocalPubSub();
  const make = () =>
    appWith(
      {
        connect: ({ token }) => ({ user: token }),
        id: (assigns) => `user:${(assigns as { user?: string }).user}`,
      },
      { pubsub },
    );
  const [one, two] = [make(), make()];
  one.live("/", Page);
  one.get("/login", async (c) => {
    await one.setSession(c, { userId: 7 } as Session);
    return c.text("in");
  });
  const [first, second] = [await served(one), await served(two)];
  const login = await fetch(`${first.replace("ws", "http")}/login`);
  const cookie = login.headers
    .getSetCookie()
    .map((each) => each.split(";")[0])
    .join("; ");
  const page = await (await fetch(first.replace("ws", "http"), { headers: { cookie } })).text();
  const token = /data-ow-view="([^"]*)"/.exec(page)?.[1];
  const view = new WebSocket(`${first}/overwire/socket`, { headers: { cookie } });
  stops.push(() => view.terminate());
  const viewClosed = once(view, "close");
  await once(view, "open");
  view.send(JSON.stringify(["j", 1, { token, url: `${first.replace("ws", "http")}/` }]));
  await once(view, "message");

  const open7 = (url: string, user: string, headers = {}) =>
    open(`${url}/socket`, ["overwire", tokenProtocol(user)], { headers });
  const own = await open7(first, "7", { cookie });
  const elsewhere = await open7(second, "7");
  const other = await open7(second, "8");
  for (const client of [own, elsewhere, other]) await client.ask("room:1", "phx_join");
  two.disconnect("user:7");
  expect(await Promise.all([own.closed, elsewhere.closed])).toEqual([1001, 1001]);
  await viewClosed;
  expect(ends.filter((reason) => reason === "disconnected")).toHaveLength(2);
  expect(ends.filter((reason) => reason.startsWith("view"))).toHaveLength(1);
  expect(await other.ask("room:1", "echo", { a: 1 })).toEqual(joined({ a: 1 }));
});

test("a session's id and the name of identify end channels too", async () => {
  const app = appWith(undefined, {
    identify: (session) =>
      (session as { userId?: number }).userId && `name:${(session as { userId?: number }).userId}`,
  });
  app.get("/login", async (c) => {
    await app.setSession(c, { userId: 7 } as Session);
    return c.text(app.sessionId(c) ?? "");
  });
  const url = await served(app);
  for (const by of ["session", "name"]) {
    const login = await fetch(`${url.replace("ws", "http")}/login`);
    const cookie = login.headers
      .getSetCookie()
      .map((each) => each.split(";")[0])
      .join("; ");
    const client = await open(`${url}/socket`, [], { headers: { cookie } });
    await client.ask("room:1", "phx_join");
    app.disconnect(by === "name" ? "name:7" : await login.text());
    expect(await client.closed).toBe(1001);
  }
  expect(ends).toEqual(["disconnected", "disconnected"]);
});

test("a client that is disconnected while connect runs gets no channels", async () => {
  const begun = deferred<void>();
  const assigns = deferred<object>();
  const app = appWith({
    connect: () => {
      begun.resolve();
      return assigns.promise;
    },
    id: () => "user:7",
  });
  const url = await served(app);
  const opening = open(`${url}/socket`);
  await begun.promise;
  app.disconnect("user:7");
  assigns.resolve({});
  expect(await (await opening).closed).toBe(1001);
});

test("a server that stops lets handlers finish, tells channels, and closes with a code for which clients come back", async () => {
  const server = await serve(appWith(), { port: 0, hostname: "127.0.0.1", log: false, handleSignals: false })
    .ready;
  const client = await open(`${server.url.replace("http", "ws")}/socket`);
  await client.ask("room:1", "phx_join");
  const reply = client.ask("room:1", "slow");
  await vi.waitFor(() => expect(waiting).toHaveLength(1), { interval: 1 });
  const closed = server.close();
  waiting.pop()?.();
  expect(await reply).toEqual({ status: "ok", response: "done" });
  expect(await client.closed).toBe(1012);
  await closed;
  expect(ends).toEqual(["shutdown"]);
});

test("a client that reads no more is closed while broadcasts go on to the others", async () => {
  const app = appWith(undefined, { limits: { bufferedBytes: 100_000 } });
  const url = await served(app);
  const [slow, good] = [await open(`${url}/socket`), await open(`${url}/socket`)];
  for (const client of [slow, good]) await client.ask("room:1", "phx_join");
  slow.ws.pause();
  let sent = 0;
  await vi.waitFor(
    async () => {
      app.broadcast("room:1", "bytes", new Uint8Array(60_000));
      sent++;
      expect(ends).toEqual(["closed"]);
    },
    { interval: 1, timeout: 20_000 },
  );
  expect(reports).toMatchObject([{ kind: "refused", message: expect.stringContaining("does not read") }]);
  const heard = () => good.frames.filter(({ event }) => event === "bytes").length;
  await vi.waitFor(() => expect(heard()).toBe(sent), { interval: 1 });
  slow.ws.resume();
  expect(await slow.closed).toBe(4408);
});
