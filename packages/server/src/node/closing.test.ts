import { once } from "node:events";
import { Agent, get, type IncomingMessage } from "node:http";
import type { ServerFrame } from "@overwire/client/wire";
import { tokensIn } from "@overwire/test-support/fake-socket";
import { eventFrame, joinFrame } from "@overwire/test-support/frames";
import { afterEach, expect, test, vi } from "vitest";
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

test("a server that drains sends its clients away one after the other, and serves the others meanwhile", async () => {
  const { visit } = await start({ drain: 6000 });
  const [first, second] = [await visit(), await visit()];
  const codes: number[] = [];
  for (const { ws } of [first, second]) ws.on("close", (code) => codes.push(code));
  const closed = served?.close();
  await vi.waitFor(() => expect(codes).toEqual([4010]), { interval: 2 });
  expect(await second.say(eventFrame(1, 1, "inc"))).toEqual(["p", 1, 2, 1, { 0: "1" }]);
  expect(codes).toEqual([4010]);
  await closed;
  await vi.waitFor(() => expect(codes).toEqual([4010, 4010]));
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

test("a server that stops answers no second request on a connection that was at work", async () => {
  let goOn = () => {};
  const begun = vi.fn();
  const { visit } = await start({ drain: 3000 }, (app) =>
    app.get("/slow", async (c) => {
      begun();
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
      return c.text("done");
    }),
  );
  // The second one's turn to leave comes after two seconds, and the server stops then.
  await visit();
  await visit();
  const { url = "" } = served ?? {};
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = async (path: string) => {
    const [response] = (await once(get(url + path, { agent }), "response")) as [IncomingMessage];
    response.resume();
    await once(response, "end");
    return response;
  };
  const slow = ask("/slow");
  await vi.waitFor(() => expect(begun).toHaveBeenCalled());
  const closed = served?.close();
  goOn();
  expect((await slow).headers.connection).toBe("keep-alive");
  const { statusCode, headers } = await ask("/");
  expect([statusCode, headers.connection]).toEqual([200, "close"]);
  await expect(ask("/")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await closed;
});

test("a server that drains waits no longer than its deadline", async () => {
  const { visit } = await start({ drain: 60_000, deadline: 100 });
  const tabs = [await visit(), await visit()] as const;
  const codes: number[] = [];
  for (const { ws } of tabs) ws.on("close", (code) => codes.push(code));
  await served?.close();
  await vi.waitFor(() => expect(codes).toEqual([4010, 1001]));
});
