import { once } from "node:events";
import { Agent, get, type IncomingMessage, type Server } from "node:http";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import type { ServerFrame } from "@overwire/client/wire";
import { deferred } from "@overwire/test-support/deferred";
import { tokensIn } from "@overwire/test-support/fake-socket";
import { eventFrame, joinFrame } from "@overwire/test-support/frames";
import { stream } from "hono/streaming";
import { afterEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import type { OverwireApp } from "../app/overwire-app.ts";
import { createApp } from "../app.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import type { EndReason } from "../view/view-host.ts";
import { type Served, type ServeOptions, serve } from "./serve.ts";

let ends: EndReason[] = [];
let served: Served | undefined;

class Counter extends LiveView {
  count = 0;
  inc = this.event(() => {
    this.count++;
  });
  override render() {
    return html`<p>${this.count}</p>`;
  }
  override terminate(reason: EndReason) {
    ends.push(reason);
  }
}

async function start(options: ServeOptions = {}, addRoutes = (_app: OverwireApp) => {}) {
  ends = [];
  const app = createApp({ secret: "s".repeat(16) + "t".repeat(16), report: () => {} });
  app.live("/", Counter);
  addRoutes(app);
  served = await serve(app, { port: 0, hostname: "127.0.0.1", log: false, ...options }).ready;
  const { url } = served;
  const page = await fetch(url);
  const cookie = page.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const token = tokensIn(await page.text())[0];
  const connect = async () => {
    const ws = new WebSocket(`${url.replace("http", "ws")}/overwire/socket`, { headers: { cookie } });
    const frames: ServerFrame[] = [];
    ws.on("message", (data) => frames.push(JSON.parse(String(data))));
    ws.on("error", () => {});
    await once(ws, "open");
    const say = async (frame: readonly unknown[]) => {
      const before = frames.length;
      ws.send(JSON.stringify(frame));
      await vi.waitFor(() => expect(frames.length).toBeGreaterThan(before), { interval: 2 });
      return frames.at(-1) as ServerFrame;
    };
    return { ws, say, join: (seen?: number) => say(joinFrame(1, token, { seen })) };
  };
  const visit = async () => {
    const html = await (await fetch(url, { headers: { cookie } })).text();
    const tab = await connect();
    await tab.say(joinFrame(1, tokensIn(html)[0]));
    return tab;
  };
  return { app, connect, visit };
}

afterEach(async () => {
  await served?.close();
});

const kept = ["j", 1, 3, [expect.any(Number), "1"], expect.objectContaining({ q: [1] })];

test.each([
  ["is cut", (ws: WebSocket) => ws.terminate()],
  ["is closed by a client that finds it dead", (ws: WebSocket) => ws.close(4001)],
  ["is closed with a code of somebody else's, such as a proxy's", (ws: WebSocket) => ws.close(1012)],
  ["is closed because of a message that is too large", (ws: WebSocket) => ws.send("x".repeat(200_000))],
])("a connection that %s keeps its views for their client", async (_, close) => {
  const { app, connect } = await start();
  const tab = await connect();
  await tab.join();
  await tab.say(eventFrame(1, 1, "inc"));
  close(tab.ws);
  await once(tab.ws, "close");
  const back = await connect();
  expect(await back.join(2)).toEqual(kept);
  expect(ends).toEqual([]);
  app.close();
});

test.each([
  ["without a code", (ws: WebSocket) => ws.close()],
  ["with 1000", (ws: WebSocket) => ws.close(1000)],
  ["with 1001, as a page that is left does", (ws: WebSocket) => ws.close(1001)],
  ["because of a message that is none", (ws: WebSocket) => ws.send("{")],
  [
    "because of text that is no UTF-8",
    (ws: WebSocket) => ws.send(Buffer.from([0xff, 0xff]), { binary: false }),
  ],
])("a connection that is closed %s ends its views", async (_, close) => {
  const { connect } = await start();
  const tab = await connect();
  await tab.join();
  close(tab.ws);
  await vi.waitFor(() => expect(ends).toEqual(["closed"]));
});

test("a server that drains sends its clients away one after the other, slowly at first, and serves the others meanwhile", async () => {
  const { visit } = await start({ drain: 6000 });
  const [first, second] = [await visit(), await visit()];
  const codes: number[] = [];
  for (const { ws } of [first, second]) ws.on("close", (code) => codes.push(code));
  const begun = performance.now();
  const closed = served?.close();
  await vi.waitFor(() => expect(codes).toEqual([4010]), { interval: 2 });
  expect(await second.say(eventFrame(1, 1, "inc"))).toEqual(["p", 1, 2, 1, { 0: "1" }]);
  expect(codes).toEqual([4010]);
  await closed;
  await vi.waitFor(() => expect(codes).toEqual([4010, 4010]));
  // Few leave at first: at an even pace it would be half of the time.
  expect(performance.now() - begun).toBeGreaterThan(4000);
});

test("a server with more sockets than milliseconds to drain sends all of them away in time", async () => {
  const { connect } = await start({ drain: 50, deadline: 300 });
  const codes: number[] = [];
  for (let count = 0; count < 400; count += 50) {
    const tabs = await Promise.all(Array.from({ length: 50 }, connect));
    for (const { ws } of tabs) ws.on("close", (code) => codes.push(code));
  }
  await served?.close();
  await vi.waitFor(() => expect(codes).toHaveLength(400));
  expect(new Set(codes)).toEqual(new Set([4010]));
});

describe("a server that stops is not held by the connection that a client keeps", () => {
  const agent = new Agent({ keepAlive: true });
  afterEach(() => agent.destroy());

  async function startSlow() {
    const goOn = deferred();
    const begun = vi.fn();
    await start({ deadline: 20_000 }, (app) => {
      app.get("/slow", async (c) => {
        begun();
        await goOn.promise;
        return c.text("done");
      });
      app.get("/long", (c) =>
        stream(c, async (out) => {
          await out.write("begun, ");
          await goOn.promise;
          await out.write("done");
        }),
      );
    });
    const { server, url, port } = served as Served;
    // Longer than the deadline.
    server.keepAliveTimeout = 60_000;
    return { goOn, begun, server, url, port };
  }

  const ask = async (url: string) => {
    const [response] = (await once(get(url, { agent }), "response")) as [IncomingMessage];
    return response;
  };

  async function connectTo(server: Server, port: number): Promise<Socket> {
    const accepted = once(server, "connection");
    const socket = connect(port, "127.0.0.1");
    await accepted;
    return socket;
  }

  async function expectEnd({ server }: Served, goOn: () => void): Promise<void> {
    const start = performance.now();
    const closed = served?.close();
    await vi.waitFor(() => expect(server.listening).toBe(false), { interval: 1 });
    goOn();
    await closed;
    expect(performance.now() - start).toBeLessThan(10_000);
  }

  test("for an answer that has not begun, which tells the client to close it", async () => {
    const { goOn, begun, url } = await startSlow();
    const slow = ask(`${url}/slow`);
    await vi.waitFor(() => expect(begun).toHaveBeenCalled());
    await expectEnd(served as Served, goOn.resolve);
    const response = await slow;
    expect([await text(response), response.headers.connection]).toEqual(["done", "close"]);
  });

  test("for an answer that has begun", async () => {
    const { goOn, url } = await startSlow();
    const response = await ask(`${url}/long`);
    const whole = text(response);
    await expectEnd(served as Served, goOn.resolve);
    expect([await whole, response.headers.connection]).toEqual(["begun, done", "keep-alive"]);
  });

  test("for a request that comes later", async () => {
    const { server, port } = await startSlow();
    const socket = await connectTo(server, port);
    const whole = text(socket);
    await expectEnd(served as Served, () => socket.write("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"));
    expect(await whole).toMatch(/^HTTP\/1.1 200 .*connection: close/is);
  });

  test("for a request that never comes", async () => {
    const { server, port } = await startSlow();
    const socket = await connectTo(server, port);
    const ended = once(socket, "close");
    socket.resume();
    await expectEnd(served as Served, () => {});
    await ended;
  });
});

test("a server that drains waits no longer than its deadline", async () => {
  const { visit } = await start({ drain: 60_000, deadline: 100 });
  const tabs = [await visit(), await visit()] as const;
  const codes: number[] = [];
  for (const { ws } of tabs) ws.on("close", (code) => codes.push(code));
  await served?.close();
  await vi.waitFor(() => expect(codes).toEqual([4010, 1001]));
});
