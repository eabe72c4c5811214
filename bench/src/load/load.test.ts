import { type Served, serve } from "@overwire/server/node";
import { afterEach, expect, test } from "vitest";
import { createBenchApp } from "../server/app.ts";
import { openFiles, roundTrips, sendFiles } from "./files.ts";
import { FrameReader, textFrame } from "./frames.ts";
import { joinView } from "./join.ts";
import { closedLoop } from "./loop.ts";
import { requestLoop } from "./requests.ts";
import type { Sender } from "./sender.ts";

let served: Served | undefined;
afterEach(() => served?.close());

async function start() {
  const { app, publish } = createBenchApp();
  served = await serve(app, { port: 0, hostname: "127.0.0.1", log: false }).ready;
  return { port: served.port, publish };
}

test("joins a counter and counts every event", async () => {
  const { port } = await start();
  const { socket, reply } = await joinView(port, "/counter");
  expect(reply).toContain('"0"');

  const { events, sample } = await closedLoop([socket], "inc", 0.1);
  expect(events).toBeGreaterThan(0);
  expect(sample).toMatch(/^\["p",1,/);

  const next = socket.next();
  socket.send(JSON.stringify(["e", 1, events + 1, "inc", {}]));
  expect(await next).toContain(`"${events + 1}"`);
  socket.close();
});

test("changes one cell of the table", async () => {
  const { port } = await start();
  const { socket } = await joinView(port, "/table");
  const { bytes } = await closedLoop([socket], "sell", 0.05);
  expect(bytes).toBeGreaterThan(10);
  expect(bytes).toBeLessThan(1000);
  socket.close();
});

test("gets what is published", async () => {
  const { port, publish } = await start();
  const { socket } = await joinView(port, "/feed");
  const next = socket.next();
  publish(42);
  expect(await next).toContain('"42"');
  socket.close();
});

test("puts items into a stream, and takes them away", async () => {
  const { port } = await start();
  const { socket, reply } = await joinView(port, "/stream/3");
  expect(reply).toContain('"posts-3"');
  expect(reply).not.toContain('"posts-4"');
  for (const [index, [event, answer]] of [
    ["append", '"posts-4"'],
    ["drop", '"d":["posts-4"]'],
    ["prepend", '"a":0'],
  ].entries()) {
    const next = socket.next();
    socket.send(JSON.stringify(["e", 1, index + 1, event, {}]));
    expect(await next).toContain(answer);
  }
  socket.close();
});

test.each(["kept", "discarded"])("sends files that are %s, with events between their parts", async (what) => {
  const { port } = await start();
  const to = { port, path: `/upload/${what}`, isBare: false };
  const files = await openFiles(to, 3, 1_000_001);
  expect((await sendFiles(files)).seconds).toBeGreaterThan(0);
  for (const file of files) file.close();

  const [file] = await openFiles(to, 1, 20_000_000);
  const { count, sample } = await roundTrips(file as Sender, "inc", "sending");
  expect(count).toBeGreaterThan(0);
  expect(sample).toMatch(/^\["p",1,/);
  file?.close();
});

test("a file that is refused fails", async () => {
  const { port } = await start();
  const to = { port, path: "/upload/kept", isBare: false };
  await expect(openFiles(to, 1, 2_000_000_000)).rejects.toThrow("too_large");
});

test("asks for pages, and for no other", async () => {
  const { port } = await start();
  expect((await requestLoop(port, "/page", 3, 0.05)).requests).toBeGreaterThan(2);
  await expect(requestLoop(port, "/nowhere", 1, 0.05)).rejects.toThrow("404");
});

test("reads messages wherever the stream is cut", () => {
  const texts = ["a", "b".repeat(200), "c".repeat(70_000), "", "d"];
  const bytes = Buffer.concat(texts.map((text) => Buffer.concat([header(text.length), Buffer.from(text)])));
  for (const step of [101, 1000, bytes.length]) {
    const read: string[] = [];
    const reader = new FrameReader(
      (buffer, start, end) => read.push(buffer.toString("utf8", start, end)),
      () => {},
    );
    for (let at = 0; at < bytes.length; at += step) reader.read(bytes.subarray(at, at + step));
    expect(read).toEqual(texts);
  }
});

test("masks what it sends", () => {
  expect(Buffer.from(textFrame("hi"), "latin1")).toEqual(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]));
});

/** A server's frame. */
function header(length: number): Buffer {
  if (length < 126) return Buffer.from([0x81, length]);
  const long = length > 0xffff;
  const head = Buffer.alloc(long ? 10 : 4, 0);
  head[0] = 0x81;
  head[1] = long ? 127 : 126;
  if (long) head.writeBigUInt64BE(BigInt(length), 2);
  else head.writeUInt16BE(length, 2);
  return head;
}
