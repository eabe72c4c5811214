import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createApp } from "../app.ts";
import type { AppSocket, ChannelPeer } from "../connection/transport.ts";
import { connectWs } from "./ws-peer.ts";

const cleanups: (() => unknown)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** A peer and its client, with all that the client has got. */
async function connected() {
  const app = createApp({ secret: "s".repeat(16) + "t".repeat(16), report: () => {} });
  const socket: AppSocket = {
    message: () => {},
    binary: () => {},
    closed: () => {},
    drained: vi.fn(),
    finish: async () => {},
    shutdown: () => {},
  };
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  const peer = new Promise<ChannelPeer>((resolve) => {
    server.on("upgrade", (request, stream, head) =>
      sockets.handleUpgrade(request, stream, head, (ws) =>
        connectWs(ws, stream, app, (peer) => {
          resolve(peer);
          return socket;
        }),
      ),
    );
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  cleanups.push(
    () => client.terminate(),
    () => server.close(),
  );
  const got: (string | Buffer)[] = [];
  client.on("message", (data, isBinary) => got.push(isBinary ? (data as Buffer) : String(data)));
  await once(client, "open");
  return { peer: await peer, client, got, socket };
}

const sizes = [0, 1, 124, 125, 126, 127, 255, 256, 65_534, 65_535, 65_536, 70_000];

test.each(["a", "\u007f", "\u0080", "é", "€", "😀"])(
  "texts of every size arrive, with %j in them",
  async (letter) => {
    const { peer, got } = await connected();
    const texts = sizes.flatMap((size) => [
      "x".repeat(size),
      letter + "x".repeat(size),
      "x".repeat(size) + letter,
    ]);
    for (const text of texts) peer.send(text);
    await vi.waitFor(() => expect(got).toHaveLength(texts.length), { interval: 2 });
    expect(got).toEqual(texts);
  },
);

test("texts and binary messages arrive in the order in which they were sent", async () => {
  const { peer, got } = await connected();
  const bytes = Buffer.from([1, 2, 3]);
  peer.send("first");
  peer.sendBinary(bytes);
  peer.send("second, with é");
  peer.send("third");
  await vi.waitFor(() => expect(got).toHaveLength(4), { interval: 2 });
  expect(got).toEqual(["first", bytes, "second, with é", "third"]);
});

test("a closed peer sends nothing more, and does not throw", async () => {
  const { peer, client, got } = await connected();
  peer.send("before");
  peer.close(1001, "over");
  peer.send("after");
  const [code, reason] = await once(client, "close");
  expect([code, String(reason), got]).toEqual([1001, "over", ["before"]]);
  peer.send("long after");
});

test("a peer tells how much of what it sent has not left, and when there is room again", async () => {
  const { peer, client, socket } = await connected();
  client.pause();
  const text = "x".repeat(60_000);
  await vi.waitFor(() => {
    for (let times = 0; times < 50; times++) peer.send(text);
    expect(peer.bufferedAmount).toBeGreaterThan(1_000_000);
  });
  client.resume();
  await vi.waitFor(() => expect(socket.drained).toHaveBeenCalled(), { interval: 2 });
});
