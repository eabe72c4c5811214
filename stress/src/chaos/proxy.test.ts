/** The proxy itself: the effect of each of its faults on the bytes that pass. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FaultyProxy, type Pipe } from "./proxy.ts";
import { createRandom } from "./random.ts";

let server: Server;
let proxy: FaultyProxy;
/** The server's ends, with the bytes that each has got. */
let ends: End[];

interface End {
  readonly socket: Socket;
  got: string;
  /** `end`, `close`, or the code of an error. */
  readonly over: string[];
}

function watch(socket: Socket): End {
  const end: End = { socket, got: "", over: [] };
  socket.on("data", (bytes) => (end.got += bytes));
  socket.on("end", () => end.over.push("end"));
  socket.on("close", () => end.over.push("close"));
  socket.on("error", (error: NodeJS.ErrnoException) => end.over.push(error.code ?? error.message));
  return end;
}

beforeEach(async () => {
  ends = [];
  server = createServer((socket) => void ends.push(watch(socket)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  proxy = await FaultyProxy.open((server.address() as AddressInfo).port, createRandom(1));
});
afterEach(async () => {
  await proxy.close();
  for (const { socket } of ends) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

async function dial(): Promise<End> {
  const end = watch(connect(proxy.port, "127.0.0.1"));
  await vi.waitUntil(() => !end.socket.connecting);
  return end;
}

/** A connection that works: both its ends, and the proxy's part of it. */
async function open(): Promise<{ client: End; remote: End; pipe: Pipe }> {
  const client = await dial();
  await vi.waitUntil(() => ends.length > 0);
  const remote = ends.at(-1) as End;
  client.socket.write("hello");
  await vi.waitUntil(() => remote.got === "hello");
  return { client, remote, pipe: proxy.newest as Pipe };
}

test("carries bytes both ways, and the end of a connection", async () => {
  const { client, remote } = await open();
  remote.socket.write("welcome");
  await vi.waitUntil(() => client.got === "welcome");
  client.socket.end(" and goodbye");
  await vi.waitUntil(() => remote.over.includes("close"));
  expect(remote.got).toBe("hello and goodbye");
  await vi.waitUntil(() => proxy.pipes.length === 0);
});

test("resets both ends", async () => {
  const { client, remote, pipe } = await open();
  pipe.reset();
  await vi.waitUntil(() => client.over.includes("close") && remote.over.includes("close"));
  expect([client.over[0], remote.over[0]]).toEqual(["ECONNRESET", "ECONNRESET"]);
});

test("ends both in the way of TCP", async () => {
  const { client, remote, pipe } = await open();
  pipe.finish();
  await vi.waitUntil(() => client.over.includes("close") && remote.over.includes("close"));
  expect([client.over[0], remote.over[0]]).toEqual(["end", "end"]);
  await vi.waitUntil(() => proxy.pipes.length === 0);
});

test("cuts in the middle of a message", async () => {
  const { client, remote, pipe } = await open();
  pipe.down.cutNext();
  remote.socket.write("0123456789");
  await vi.waitUntil(() => client.over.includes("close"));
  expect("01234").toContain(client.got);
});

test("holds one direction, and the other goes on", async () => {
  const { client, remote, pipe } = await open();
  pipe.up.hold();
  client.socket.write(" later");
  remote.socket.write("now");
  await vi.waitUntil(() => client.got === "now" && !pipe.up.empty);
  expect(remote.got).toBe("hello");
  pipe.up.release();
  await vi.waitUntil(() => remote.got === "hello later");
});

test("delivers the bytes that it holds although their sender has gone, and drops later ones once it loses", async () => {
  const { client, remote, pipe } = await open();
  pipe.up.hold();
  client.socket.write(" late");
  await vi.waitUntil(() => !pipe.up.empty);
  pipe.up.lose();
  client.socket.end(" never");
  await vi.waitUntil(() => client.socket.writableFinished);
  pipe.up.release();
  await vi.waitUntil(() => remote.got === "hello late");
  expect(remote.over).toEqual([]);
});

test("loses one direction silently", async () => {
  const { client, remote, pipe } = await open();
  pipe.down.lose();
  remote.socket.write("lost");
  client.socket.write(" again");
  await vi.waitUntil(() => remote.got === "hello again");
  expect([client.got, client.over]).toEqual(["", []]);
});

test("holds a new connection, or all but its first piece", async () => {
  proxy.onPipe = (pipe) => pipe.up.holdAfter(1);
  const client = await dial();
  client.socket.write("handshake");
  await vi.waitUntil(() => ends[0]?.got === "handshake");
  client.socket.write(", join");
  await vi.waitUntil(() => proxy.newest?.up.empty === false);
  proxy.heal();
  await vi.waitUntil(() => ends[0]?.got === "handshake, join");
});

test("refuses connections, and takes them again", async () => {
  proxy.refusing = true;
  const refused = await dial();
  await vi.waitUntil(() => refused.over.includes("close"));
  expect(ends).toEqual([]);
  proxy.heal();
  await open();
});

test("keeps the order however long each piece takes", async () => {
  const { client, remote } = await open();
  proxy.delay = { latency: 2, jitter: 20 };
  let sent = "hello";
  for (let n = 0; n < 20; n++) {
    client.socket.write(`${n};`);
    sent += `${n};`;
    await new Promise((next) => setImmediate(next));
  }
  await vi.waitUntil(() => remote.got.length === sent.length);
  expect(remote.got).toBe(sent);
});
