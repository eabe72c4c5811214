/** Hostile frames over raw sockets: each costs its own connection at most. */
import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { createApp } from "../app.ts";
import type { Report } from "../runtime/services.ts";
import { html } from "../template/html.ts";
import { LiveView } from "../view/live-view.ts";
import { type Served, serve } from "./serve.ts";

class Page extends LiveView {
  override render() {
    return html`<p>page</p>`;
  }
}

let served: Served | undefined;
let reports: Report[] = [];

afterEach(async () => {
  reports = [];
  await served?.close();
  served = undefined;
});

async function open(options: Parameters<typeof createApp>[0] = {}): Promise<WebSocket> {
  if (!served) {
    const app = createApp({
      secret: "0123456789abcdef".repeat(4),
      report: (one) => reports.push(one),
      ...options,
    });
    app.live("/", Page);
    served = await serve(app, { port: 0, hostname: "127.0.0.1", log: false }).ready;
  }
  const ws = new WebSocket(`${served.url.replace("http", "ws")}/overwire/socket`);
  ws.on("error", () => {});
  await once(ws, "open");
  return ws;
}

const deep = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

test.each([
  ["a kind of 39 characters of three bytes", JSON.stringify(["€".repeat(39), 1])],
  ["a kind of emoji that a cut would halve", JSON.stringify(["😀".repeat(40), 1])],
  ["a kind that is half a character", '["\\ud83d",1]'],
  ["a kind that is 5,000 arrays deep", `[${deep(5000)},1]`],
  ["an event with a deep payload", `["e",1,1,"x",${deep(5000)}]`],
  ["a form with deep meta", `["f",1,1,"x","a=1",{"m":${deep(5000)}}]`],
  ["a join with deep params", `["j",1,{"token":"","url":"","params":{"a":${deep(5000)}}}]`],
  ["128 KiB of brackets", "[".repeat(128 * 1024)],
])("%s: the socket is closed with 4400, and the server goes on", async (_what, frame) => {
  const bad = await open();
  const good = await open();
  bad.send(frame);
  const [code, reason] = await once(bad, "close");
  expect(code).toBe(4400);
  expect(String(reason)).toMatch(/^[\x20-\x7e]{1,123}$/);
  good.send('["h"]');
  expect(String((await once(good, "message"))[0])).toBe('["h"]');
  expect(reports).toHaveLength(1);
});

test("an app whose checkOrigin throws refuses the handshake", async () => {
  const app = createApp({
    secret: "0123456789abcdef".repeat(4),
    report: (one) => reports.push(one),
    checkOrigin: () => {
      throw new Error("no list");
    },
  });
  served = await serve(app, { port: 0, hostname: "127.0.0.1", log: false }).ready;
  const ws = new WebSocket(`${served.url.replace("http", "ws")}/overwire/socket`, {
    origin: "https://a.example",
  });
  ws.on("error", () => {});
  const [, response] = await once(ws, "unexpected-response");
  expect(response.statusCode).toBe(500);
  expect(reports).toMatchObject([{ kind: "crash", event: "connect" }]);
});
