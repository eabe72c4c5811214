/** The way of a file's bytes: chunks, what bounds them, and lines that are lost. */

import { CLOSE_MALFORMED } from "@overwire/client/wire";
import { codes, openUpload, taken } from "@overwire/test-support/upload-tab";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { UploadEntry, UploadOptions } from "./types.ts";

afterEach(() => {
  vi.useRealTimers();
});

describe("a client's chunks", () => {
  /** A file of 100 bytes in chunks of up to 20. */
  async function uploading(options: Partial<UploadOptions> = {}) {
    const tab = await openUpload({ chunkSize: 20, ...options });
    const { files } = tab.view;
    await tab.choose(files, { ref: "a", size: 100 });
    const reply = await tab.start(files, "a");
    expect(reply).toMatchObject({ chunkSize: 20, window: 80 });
    return { tab, files, entry: files.entries[0] as UploadEntry };
  }

  test("of more bytes than were announced are refused, naming how many may come", async () => {
    const { tab, entry } = await uploading();
    for (let at = 0; at < 80; at += 20) await tab.sent(1, at, "x".repeat(20));
    await tab.sent(1, 80, "x".repeat(19));
    const ack = await tab.sent(1, 99, "xx");
    expect(ack).toEqual(["b", 1, 99, "file_size_limit_exceeded", expect.stringContaining("100 bytes")]);
    expect(codes(entry)).toEqual(["file_size_limit_exceeded"]);
    expect(tab.page).toContain("file_size_limit_exceeded");
  });

  test("that are too large fail the file", async () => {
    const { tab, entry } = await uploading();
    expect(await tab.sent(1, 0, "x".repeat(21))).toEqual(["b", 1, 0, "too_large", expect.any(String)]);
    expect(codes(entry)).toEqual(["too_large"]);
  });

  test.each([1, 40])("that stand at %i instead of 20 fail the file", async (offset) => {
    const { tab, entry } = await uploading();
    await tab.sent(1, 0, "x".repeat(20));
    expect(await tab.sent(1, offset, "x".repeat(20))).toEqual([
      "b",
      1,
      20,
      "out_of_order",
      expect.any(String),
    ]);
    expect(codes(entry)).toEqual(["out_of_order"]);
  });

  test("of a client that waits for no answer fail the file, which is never held in memory", async () => {
    let free = () => {};
    const busy = new Promise<void>((resolve) => {
      free = resolve;
    });
    const written: number[] = [];
    const writer = () => ({
      meta: { path: "" },
      close() {},
      write: (chunk: Uint8Array) => (written.push(chunk.length) === 1 ? busy : undefined),
    });
    const { tab, entry } = await uploading({ writer });
    for (let at = 0; at < 100; at += 20) tab.send(1, at, "x".repeat(20));
    expect(codes(entry)).toEqual(["too_fast"]);
    expect(tab.acks).toEqual([["b", 1, 0, "too_fast", expect.any(String)]]);
    free();
    await tab.event("cancel", { ref: "a" });
    expect(written).toEqual([20]);
  });

  test("of one byte each are no way to make the server hold more", async () => {
    const writer = () => ({ meta: { path: "" }, write: () => new Promise<void>(() => {}), close() {} });
    const tab = await openUpload({ chunkSize: 1000, writer });
    await tab.choose(tab.view.files, { ref: "a", size: 1000 });
    await tab.start(tab.view.files, "a");
    const [entry] = tab.view.files.entries;
    for (let at = 0; at < 65; at++) tab.send(1, at, "x");
    expect(codes(entry)).toEqual([]);
    tab.send(1, 65, "x");
    expect(codes(entry)).toEqual(["too_fast"]);
    expect(tab.acks).toEqual([["b", 1, 0, "too_fast", expect.stringContaining("64 parts")]]);
  });

  test("of all of a client's files together are no more than eight windows that wait for their writers", async () => {
    const free: (() => void)[] = [];
    const write = () => new Promise<void>((resolve) => free.push(resolve));
    const writer = () => ({ meta: { path: "" }, write, close() {} });
    const tab = await openUpload({ chunkSize: 10, maxEntries: 20, writer });
    const { files } = tab.view;
    const refs = Array.from({ length: 12 }, (_, at) => `${at}`);
    await tab.choose(files, ...refs.map((ref) => ({ ref, size: 40 })));
    await tab.start(files, ...refs);
    const fill = (channel: number, size = 40) => {
      for (let at = 0; at < size; at += 10) tab.send(channel, at, "x".repeat(10));
    };
    const failed = () => files.entries.filter(({ valid }) => !valid).map(({ ref }) => ref);
    for (let channel = 1; channel <= 9; channel++) fill(channel);
    expect(failed()).toEqual(["8"]);
    // The queue of a cancelled file makes room; the part that its writer has does not.
    await tab.event("cancel", { ref: "0" });
    fill(10, 30);
    expect(failed()).toEqual(["8"]);
    fill(11, 10);
    expect(failed()).toEqual(["8", "10"]);
    // As does what is written.
    const finish = () => {
      for (const done of free.splice(0)) done();
      return files.entries.filter(({ done }) => done).length === 7;
    };
    await vi.waitUntil(finish, { interval: 1 });
    fill(12);
    expect(failed()).toEqual(["8", "10"]);
  });

  test.each([
    ["no number", Number.NaN],
    ["before the beginning", -1],
    ["between two bytes", 0.5],
    ["beyond all files", Number.MAX_SAFE_INTEGER + 1],
    ["endless", Number.POSITIVE_INFINITY],
  ])(
    "whose position is %s are no messages: the connection ends, and its views with it",
    async (_, offset) => {
      const { tab, files } = await uploading();
      tab.send(1, offset, "x");
      expect(tab.closed).toBe(CLOSE_MALFORMED);
      expect(tab.view).toBeUndefined();
      expect(files.entries).toEqual([]);
    },
  );

  const sink = () => ({ meta: { path: "" }, write() {}, close() {} });

  test("that do not come fail the file after chunkTimeout", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
    const { tab, entry } = await uploading({ chunkTimeout: 500, writer: sink });
    vi.advanceTimersByTime(400);
    // A chunk begins the time anew.
    tab.send(1, 0, "x");
    vi.advanceTimersByTime(499);
    expect(entry.valid).toBe(true);
    vi.advanceTimersByTime(1);
    expect(codes(entry)).toEqual(["timeout"]);
    expect(tab.acks.at(-1)).toEqual(["b", 1, 1, "timeout", "Nothing came of the file for 500 ms."]);
  });

  test("of one file are waited for as long as those of another come", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
    const tab = await openUpload({ chunkTimeout: 500, writer: sink, maxEntries: 2 });
    const { files } = tab.view;
    await tab.choose(files, { ref: "a" }, { ref: "b" });
    await tab.start(files, "a", "b");
    for (let at = 0; at < 10; at++) {
      tab.send(1, at, "x");
      vi.advanceTimersByTime(400);
    }
    expect(files.entries.map(codes)).toEqual([[], []]);
    vi.advanceTimersByTime(1000);
    expect(files.entries.map(codes)).toEqual([[], ["timeout"]]);
  });

  test("of one file are waited for as long as another is being written", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
    let free = () => {};
    const write = () => new Promise<void>((resolve) => (free = resolve));
    const writer = () => ({ meta: { path: "" }, write, close() {} });
    const tab = await openUpload({ chunkTimeout: 500, writer, maxEntries: 2 });
    const { files } = tab.view;
    await tab.choose(files, { ref: "a" }, { ref: "b" });
    await tab.start(files, "a", "b");
    tab.send(1, 0, "x");
    vi.advanceTimersByTime(60_000);
    expect(files.entries.map(codes)).toEqual([[], []]);
    free();
    await tab.until(() => tab.acks.length > 0);
    vi.advanceTimersByTime(1000);
    expect(files.entries.map(codes)).toEqual([["timeout"], ["timeout"]]);
  });

  test("for files that are gone are dropped", async () => {
    const { tab, files } = await uploading();
    await tab.event("cancel", { ref: "a" });
    tab.send(1, 0, "late");
    tab.send(99, 0, "never was");
    expect(tab.acks).toEqual([]);
    await tab.choose(files, { ref: "b", size: 1 });
    expect(await tab.upload(files, "b", "x")).toMatchObject(["b", 2, 1]);
  });

  test("to begin anew while they come changes nothing", async () => {
    const { tab, files } = await uploading();
    await tab.sent(1, 0, "x".repeat(20));
    expect((await tab.start(files, "a")).entries).toEqual({ a: { channel: 1, offset: 20 } });
    expect(await tab.sent(1, 20, "x".repeat(20))).toEqual(["b", 1, 40]);
  });

  test("are never larger than a message may be", async () => {
    const tab = await openUpload({ chunkSize: 64_000 }, { messageSize: 4096 });
    await tab.choose(tab.view.files, { ref: "a" });
    expect(await tab.start(tab.view.files, "a")).toMatchObject({ chunkSize: 4032, window: 4 * 4032 });
  });

  test("of an empty file: one of no bytes asks for it", async () => {
    const tab = await openUpload();
    await tab.choose(tab.view.files, { ref: "a", size: 0 });
    const { channel } = await tab.channel(tab.view.files, "a");
    expect(await tab.sent(channel, 0, "")).toEqual(["b", channel, 0]);
    expect(tab.view.files.entries[0]).toMatchObject({ done: true, progress: 100 });
    expect(await taken(tab)).toEqual([""]);
  });

  test("a client that does not read gets no answers to keep for it, until it reads again", async () => {
    const { tab } = await uploading();
    tab.bufferedAmount = Infinity;
    for (let at = 0; at < 4; at++) tab.send(1, at, "x");
    await vi.waitFor(() => expect(tab.view.files.entries[0]?.progress).toBe(4));
    expect(tab.acks).toEqual([]);
    tab.drained();
    expect(tab.acks).toEqual([["b", 1, 4]]);
  });
});

describe("after the line was lost", () => {
  test("a file continues: by another channel, from the bytes that are written", async () => {
    const tab = await openUpload();
    const { files } = tab.view;
    await tab.choose(files, { ref: "a" });
    await tab.upload(files, "a", "01234");
    tab.lose();
    await tab.connect();
    expect(tab.view.files).toBe(files);
    const { channel, offset } = await tab.channel(files, "a");
    expect([channel, offset]).toEqual([1, 5]);
    await tab.sent(channel, offset, "56789");
    expect(await taken(tab)).toEqual(["0123456789"]);
  });

  test("a client that was away is not timed out", async () => {
    const tab = await openUpload({ chunkTimeout: 50 });
    const { files } = tab.view;
    await tab.choose(files, { ref: "a" });
    await tab.channel(files, "a");
    vi.useFakeTimers();
    tab.lose();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(files.entries[0]?.valid).toBe(true);
    await tab.connect();
    expect((await tab.channel(files, "a")).offset).toBe(0);
  });

  test("a file that was complete, though its client was not told, is complete", async () => {
    const tab = await openUpload();
    const { files } = tab.view;
    await tab.choose(files, { ref: "a" });
    const { channel } = await tab.channel(files, "a");
    tab.send(channel, 0, "0123456789");
    tab.lose();
    await vi.waitFor(() => expect(files.entries[0]?.done).toBe(true));
    await tab.connect();
    const again = await tab.channel(files, "a");
    expect(again.offset).toBe(10);
    expect(await tab.sent(again.channel, 10, "")).toEqual(["b", again.channel, 10]);
  });

  test("a failure of one does not hold the others up", async () => {
    const tab = await openUpload({ maxEntries: 2 });
    const { files } = tab.view;
    await tab.choose(files, { ref: "a" }, { ref: "b" });
    await tab.start(files, "a", "b");
    await tab.sent(1, 7, "x");
    expect(files.entries.map(codes)).toEqual([["out_of_order"], []]);
    tab.lose();
    await tab.connect();
    expect(await tab.start(files, "a", "b")).toEqual({
      chunkSize: 64_000,
      window: 256_000,
      entries: { b: { channel: 1, offset: 0 } },
    });
  });
});
