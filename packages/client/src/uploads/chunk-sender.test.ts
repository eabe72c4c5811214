import { settled, uploadsPage } from "@overwire/test-support/uploads-page";
import { expect, test } from "vitest";

/** Inputs of automatic uploads, and what the server has begun to take: channels by the contents of files. */
async function sending(
  files: { readonly [channel: number]: string },
  {
    window = 40,
    offset = 0,
    ...options
  }: { window?: number; offset?: number } & Parameters<typeof uploadsPage>[1] = {},
) {
  const own = uploadsPage('<input type="file" data-ow-upload="u" data-ow-auto multiple>', options);
  own.choose("input", ...Object.entries(files).map(([name, content]) => own.file(name, content)));
  const channels = Object.keys(files).map(Number);
  const refs = channels.map((_, index) => index + 1);
  await own.answer({}, () => own.entries("input", refs.join()));
  const entries = Object.fromEntries(channels.map((channel, index) => [index + 1, { channel, offset }]));
  await own.answer({ chunkSize: 10, window, entries });
  return {
    ...own,
    /** Parts that were sent since the last call. */
    sent: () => own.chunks.splice(0).map(({ channel, offset, text }) => `${channel}@${offset} ${text}`),
  };
}

const long = "0123456789".repeat(20);

test("a file goes in chunks of the server's size, one after the other", async () => {
  const { sent, acked, uploads } = await sending({ 3: "0123456789abcdefghijXY" });
  expect(sent()).toEqual(["3@0 0123456789", "3@10 abcdefghij"]);
  expect(uploads.busy).toBe(true);
  await acked(3, 10);
  expect(sent()).toEqual(["3@20 XY"]);
  await acked(3, 22);
  expect(uploads.busy).toBe(false);
});

test("two chunks are under way at first; more as long as answers come quickly, but no more than the server allows", async () => {
  const { sent, acked, time } = await sending({ 1: long });
  const underWay = [sent().length];
  for (let received = 10, under = underWay[0] as number; received <= 60; received += 10) {
    time.now += 10;
    await acked(1, received);
    under += sent().length - 1;
    underWay.push(under);
  }
  expect(underWay).toEqual([2, 3, 4, 4, 4, 4, 4]);
});

test("if answers become slow less is under way, so that events do not wait behind files", async () => {
  const { sent, acked, time } = await sending({ 1: long });
  sent();
  for (const received of [10, 20]) await acked(1, received);
  expect(sent()).toHaveLength(4);
  time.now += 200;
  for (const received of [30, 40, 50]) await acked(1, received);
  expect(sent()).toHaveLength(0);
  await acked(1, 60);
  expect(sent()).toEqual(["1@60 0123456789"]);
});

test("a line that is slow but steady is filled all the same", async () => {
  const { sent, acked, time } = await sending({ 1: long });
  let most = 0;
  for (let received = 10, under = sent().length; received <= 100; received += 10) {
    time.now += 300;
    await acked(1, received);
    under += sent().length - 1;
    most = Math.max(most, under);
  }
  expect(most).toBeGreaterThan(1);
});

test("of a file that the server has complete it only wants to be asked", async () => {
  const { sent } = await sending({ 1: "0123456789abcdefghij" }, { offset: 20 });
  expect(sent()).toEqual(["1@20 "]);
});

test("a few files are sent at a time, the others after them", async () => {
  const content = "0123456789abcdefghij";
  const contents = Object.fromEntries([1, 2, 3, 4, 5, 6].map((channel) => [channel, content]));
  const { chunks, acked, uploads } = await sending(contents, { window: 10 });
  for (let next = 0; uploads.busy; next++) {
    const { channel, offset, text } = chunks[next] as (typeof chunks)[number];
    await acked(channel, offset + text.length);
  }
  const order = chunks.map(({ channel, offset }) => `${channel}@${offset}`);
  expect(order).toHaveLength(12);
  expect(order.indexOf("5@0")).toBeGreaterThan(order.indexOf("1@10"));
});

test("files take turns", async () => {
  const { sent, acked } = await sending({ 1: long, 2: long, 3: long });
  expect(sent()).toEqual(["1@0 0123456789", "2@0 0123456789"]);
  await acked(1, 10);
  expect(sent()).toEqual(["3@0 0123456789", "1@10 0123456789"]);
});

test("nothing is sent while the line is filled with something else", async () => {
  const { sent, line, acked, chunks } = await sending({ 1: long });
  sent();
  line.buffered = 1000;
  await acked(1, 20);
  expect(sent()).toEqual([]);
  line.buffered = 0;
  await expect.poll(() => chunks).toHaveLength(4);
});

test("an empty file is an empty chunk, and is done when the server says so", async () => {
  const { sent, acked, uploads } = await sending({ 1: "" });
  expect(sent()).toEqual(["1@0 "]);
  expect(uploads.busy).toBe(true);
  await acked(1, 0);
  expect(uploads.busy).toBe(false);
});

test("a file continues from the server's offset", async () => {
  const { sent } = await sending({ 1: "0123456789abcdefghij" }, { offset: 15 });
  expect(sent()).toEqual(["1@15 fghij"]);
});

test("a file that the server cancels is not sent any further", async () => {
  const { sent, acked, patch, entries } = await sending({ 1: long, 2: "abc" });
  patch(() => entries("input", "2"));
  sent();
  await acked(1, 10);
  expect(sent()).toEqual([]);
});

test("a file that cannot be read any more fails, and the server is told", async () => {
  const own = await sending({ 1: "abc" });
  const { win, sent, errors, uploads, view, choose, answer, refuse, entries, file, last } = own;
  sent();
  const gone = file("gone.txt");
  gone.slice = () =>
    Object.assign(new win.Blob(), { arrayBuffer: () => Promise.reject(new Error("NotReadable")) });
  choose("input", gone);
  await answer({}, () => entries("input", "1,2", "1"));
  await answer({ chunkSize: 10, window: 40, entries: { 2: { channel: 2, offset: 0 } } });
  expect(errors).toEqual(["Overwire: gone.txt cannot be read"]);
  expect(sent()).toEqual([]);
  const told = ["ow:progress", { upload: "u", entry: "2", error: "The file cannot be read any more." }];
  expect(last()).toEqual(told);
  // Without a line it is told again when there is one.
  await refuse();
  expect(uploads.busy).toBe(false);
  entries("input", "2");
  uploads.joined(view, true);
  await settled();
  expect(last()).toEqual(told);
  expect(own.pushed.filter(({ event }) => event === "ow:progress")).toHaveLength(2);
  await answer({}, () => entries("input", "2", "", "2"));
  expect(uploads.busy).toBe(false);
});

test("a channel ends with its line: on the next one the same number is another file's", async () => {
  const { sent, line, acked, uploads, view, answer } = await sending({ 1: long });
  expect(sent()).toEqual(["1@0 0123456789", "1@10 0123456789"]);
  line.up = false;
  uploads.lost();
  line.up = true;
  // Another view was joined sooner, and its file is sent by the channel 1 of this line.
  await acked(1, 20);
  await acked(1, 200);
  expect(sent()).toEqual([]);
  uploads.joined(view, true);
  await settled();
  await answer({ chunkSize: 10, window: 40, entries: { 1: { channel: 2, offset: 10 } } });
  expect(sent()).toEqual(["2@10 0123456789", "2@20 0123456789"]);
  await acked(1, 200);
  await acked(2, 20);
  expect(sent()).toEqual(["2@30 0123456789", "2@40 0123456789"]);
});

test("a test lets through as much as it likes; what waits for it does not count as busy", async () => {
  let open = () => {};
  const { sent, acked, uploads } = await sending(
    { 1: long },
    { gate: (_file, sent) => (sent > 10 ? new Promise((resolve) => (open = resolve)) : undefined) },
  );
  expect(sent()).toEqual(["1@0 0123456789"]);
  expect(uploads.busy).toBe(true);
  await acked(1, 10);
  expect(uploads.busy).toBe(false);
  open();
  await settled();
  expect(sent()).toEqual(["1@10 0123456789"]);
});
