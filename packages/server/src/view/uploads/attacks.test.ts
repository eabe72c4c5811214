/**
 * Uploads against a hostile client: its messages are not those of our client, and none of them may harm other
 * clients.
 */

import { CLOSE_MALFORMED, writeChunk } from "@overwire/client/wire";
import { codes, inTurn, openTab, openUpload, taken, viewWith } from "@overwire/test-support/upload-tab";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { html } from "../../template/html.ts";
import { LiveComponent } from "../live-component.ts";
import { LiveView } from "../live-view.ts";
import { liveFileInput, liveImgPreview } from "./file-input.ts";
import type { TempFile } from "./types.ts";

describe("refs of a client's choice", () => {
  class Page extends LiveView {
    files = this.allowUpload({ accept: "any", maxEntries: 20 });
    take = this.event(() => this.files.consume((_, { ref }) => ref));
    render() {
      return html`<main>${liveFileInput(this.files)}${this.files.entries.map((entry) => liveImgPreview(entry))}</main>`;
    }
  }

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty", "0", "é", "\u0000", "\ud800"])(
    "%j is one like any other",
    async (ref) => {
      const tab = await openTab(Page);
      const { files } = tab.view;
      await tab.choose(files, { ref, size: 1 });
      const reply = await tab.start(files, ref);
      expect(Object.entries(reply.entries ?? {})).toEqual([[ref, { channel: 1, offset: 0 }]]);
      expect(await tab.sent(1, 0, "x")).toEqual(["b", 1, 1]);
      expect(await tab.event("take")).toEqual([ref]);
      expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    },
  );

  test.each([`"><script>alert(1)</script>`, "'onload='x", "&quot;", "`${x}`", "]}</style>"])(
    "%j stays within its attribute",
    async (ref) => {
      const tab = await openTab(Page);
      await tab.choose(tab.view.files, { ref }, { ref: "2" });
      const escaped = ref.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
      const plain = tab.page.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&#39;", "'");
      expect(plain).toContain(` data-ow-entries="${escaped},2" `);
      expect(plain).toContain(` data-ow-preview="${escaped}" `);
    },
  );
});

describe("a file's channel", () => {
  test("is its own connection's, and of its own file: others do not reach it", async () => {
    const [mine, theirs] = [await openUpload(), await openUpload()];
    for (const tab of [mine, theirs]) await tab.choose(tab.view.files, { ref: "a", size: 3 });
    await mine.channel(mine.view.files, "a");
    // They have no channel yet, whatever number they try.
    for (const channel of [0, 1, 2, 2 ** 32 - 1]) theirs.send(channel, 0, "bad");
    expect([theirs.acks, theirs.closed]).toEqual([[], undefined]);
    expect(await mine.sent(1, 0, "abc")).toEqual(["b", 1, 3]);
    expect(await taken(mine)).toEqual(["abc"]);
  });

  test("is closed with the file: what still comes is dropped, whatever became of it", async () => {
    const tab = await openUpload({ maxEntries: 3 });
    const { files } = tab.view;
    await tab.choose(
      files,
      { ref: "done", size: 1 },
      { ref: "failed", size: 1 },
      { ref: "cancelled", size: 1 },
    );
    await tab.start(files, "done", "failed", "cancelled");
    await tab.sent(1, 0, "x");
    await tab.sent(2, 0, "xx");
    await tab.event("cancel", { ref: "cancelled" });
    const { length } = tab.acks;
    for (const channel of [1, 2, 3]) for (const offset of [0, 1]) tab.send(channel, offset, "x");
    for (const channel of [1, 2, 3]) tab.send(channel, 0, "");
    expect(tab.acks).toHaveLength(length);
    expect(files.entries.map((entry) => [entry.ref, entry.done, codes(entry)])).toEqual([
      ["done", true, []],
      ["failed", false, ["file_size_limit_exceeded"]],
    ]);
    expect(await taken(tab)).toEqual(["x"]);
  });

  test("does not take the numbers that a connection before it had", async () => {
    const tab = await openUpload({ maxEntries: 2 });
    const { files } = tab.view;
    await tab.choose(files, { ref: "a", size: 3 }, { ref: "b", size: 3 });
    await tab.start(files, "a", "b");
    tab.lose();
    await tab.connect();
    tab.send(1, 0, "abc");
    tab.send(2, 0, "abc");
    expect(tab.acks).toEqual([]);
    expect(await tab.channel(files, "b")).toEqual({ channel: 1, offset: 0 });
  });

  test.each([
    ["nothing", new Uint8Array(0)],
    ["less than a header", new Uint8Array(11)],
  ])("is not found by %s: the connection ends", async (_, message) => {
    const tab = await openUpload();
    tab.raw(message);
    expect(tab.closed).toBe(CLOSE_MALFORMED);
  });
});

describe("any message in place of an upload's event", () => {
  const own = ["ow:files", "ow:start", "ow:progress", "ow:gone", "ow:", "ow:none", "ow:__proto__"];

  test.each([
    ["ow:none", { upload: "x" }],
    ["ow:files", []],
    ["ow:gone", 7],
    ["ow:gone", { c: Array(20_001).fill(1), s: 1 }],
  ])("%s with %j is refused, and the view goes on", async (name, payload) => {
    const tab = await openUpload();
    await expect(tab.event(name, payload as object)).rejects.toThrow("invalid_payload");
    expect(await inTurn(tab, () => "on")).toBe("on");
    expect(tab.ended).toBeUndefined();
  });

  test.each([
    ["ow:files", { upload: { toString: 1 }, entries: [{ ref: "a" }] }],
    ["ow:start", { upload: { toString: null, valueOf: 1 } }],
    ["ow:progress", { upload: [[[]]] }],
    ["ow:gone", { c: {}, s: 1 }],
    ["ow:gone", { c: [1.5, "2", 0, -1, null, [1]], s: "1" }],
    ["ow:gone", { c: [1], s: -1 }],
    ["ow:gone", { c: [1, 2 ** 40], s: 2 ** 50 }],
  ])("%s with %j is about nothing, and the view goes on", async (name, payload) => {
    const tab = await openUpload();
    await tab.event(name, payload);
    expect(await inTurn(tab, () => "on")).toBe("on");
    expect([tab.ended, tab.view.files.entries]).toEqual([undefined, []]);
  });

  // A connection with more refusals in a minute is closed.
  test.each([11, 12, 13, 14])("no view ends, nothing crashes (seed %i)", async (seed) => {
    const tab = await openUpload({ maxEntries: 3, autoUpload: true, validator: () => undefined });
    const { files } = tab.view;
    await tab.choose(files, { ref: "a", size: 3 });
    const json = fc.jsonValue({ maxDepth: 3 });
    const ref = fc.oneof(fc.constantFrom("a", "b", files.ref, "", "a,b", "__proto__"), json);
    const number = fc.oneof(fc.constantFrom(0, 1, -1, 50, 100, 101, 1e308, 2 ** 53, 0.5), json);
    const entry = fc.oneof(
      ref,
      fc.record(
        {
          ref,
          name: ref,
          size: number,
          type: ref,
          relativePath: ref,
          lastModified: number,
          meta: json,
        },
        { requiredKeys: [] },
      ),
    );
    const payload = fc.oneof(
      json,
      fc.record(
        {
          upload: fc.oneof({ weight: 4, arbitrary: fc.constant(files.ref) }, ref),
          entries: fc.oneof({ weight: 4, arbitrary: fc.array(entry, { maxLength: 5 }) }, json),
          entry: ref,
          progress: number,
          error: ref,
          c: fc.oneof(fc.array(number), json),
          s: number,
        },
        { requiredKeys: [] },
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...own), payload, async (name, payload) => {
        await tab.event(name, payload as object).catch((error) => {
          expect(String(error)).toMatch(/^Error: invalid_payload/);
        });
        expect(tab.ended).toBeUndefined();
      }),
      { numRuns: 250, seed },
    );
    expect(tab.reports.filter(({ kind }) => kind === "crash")).toEqual([]);
    expect(await inTurn(tab, () => "on")).toBe("on");
  });
});

describe("a flood", () => {
  test("of empty chunks is answered only as long as the client reads", async () => {
    const tab = await openUpload();
    await tab.choose(tab.view.files, { ref: "a", size: 3 });
    const { channel } = await tab.channel(tab.view.files, "a");
    for (let at = 0; at < 10; at++) tab.raw(writeChunk({ channel, offset: 0, bytes: new Uint8Array(0) }));
    expect(tab.acks).toEqual(Array(10).fill(["b", channel, 0]));
    tab.bufferedAmount = Number.POSITIVE_INFINITY;
    for (let at = 0; at < 10; at++) tab.send(channel, 0, "");
    expect(tab.acks).toHaveLength(10);
    tab.drained();
    expect(await tab.sent(channel, 0, "abc")).toEqual(["b", channel, 3]);
  });

  test("of files is kept up to a number, and uploaded up to maxEntries", async () => {
    const validator = vi.fn();
    const tab = await openUpload({ maxEntries: 2, autoUpload: true, validator });
    const { files } = tab.view;
    for (let message = 0; message < 5; message++) {
      const many = Array.from({ length: 1000 }, (_, at) => ({ ref: `${message}-${at}` }));
      await tab.choose(files, ...many);
    }
    expect(files.entries).toHaveLength(102);
    const reply = await tab.start(files, ...files.entries.map(({ ref }) => ref));
    expect(Object.keys(reply.entries ?? {})).toEqual(["0-0", "0-1"]);
  });

  test("of files in each other's place leaves one, and one thing that takes its bytes", async () => {
    const closed = vi.fn();
    const tab = await openUpload({
      autoUpload: true,
      writer: () => ({ meta: { path: "" }, write: () => new Promise<void>(() => {}), close: closed }),
    });
    const { files } = tab.view;
    for (let at = 0; at < 50; at++) {
      await tab.choose(files, { ref: `${at}`, size: 10 });
      await tab.channel(files, `${at}`);
    }
    expect(files.entries.map(({ ref }) => ref)).toEqual(["49"]);
    expect(closed.mock.calls).toEqual(Array(49).fill(["cancel"]));
  });

  test("of questions that take time is refused beyond queuedEvents", async () => {
    let open = () => {};
    const isOpen = new Promise<void>((resolve) => (open = resolve));
    const writer = async () => {
      await isOpen;
      return { meta: { path: "" }, write() {}, close() {} };
    };
    const tab = await openUpload({ writer }, { queuedEvents: 3 });
    const { ref } = tab.view.files;
    await tab.choose({ ref }, { ref: "a" });
    for (let at = 0; at < 9; at++) tab.say("ow:start", { upload: ref, entries: ["a"] });
    expect(tab.reports.filter(({ kind }) => kind === "refused")).toHaveLength(5);
    open();
    const reply = await vi.waitFor(() => tab.start({ ref }, "a"));
    expect(reply).toMatchObject({ entries: { a: { channel: 1 } } });
  });
});

describe("metadata that only the client's own code makes", () => {
  test("never reaches an author's code: no hook, no handleEvent, no event of that name", async () => {
    const seen: string[] = [];
    class Page extends LiveView {
      files = this.allowUpload({ accept: "any" });
      "ow:files" = this.event(() => seen.push("event"));
      override mount() {
        this.attachHook("handleEvent", (name) => void seen.push(`hook ${name}`));
      }
      override handleEvent(name: string) {
        seen.push(`handleEvent ${name}`);
      }
      render() {
        return html`<main>${liveFileInput(this.files)}</main>`;
      }
    }
    const tab = await openTab(Page);
    await tab.choose(tab.view.files, { ref: "a", size: 1 });
    await tab.upload(tab.view.files, "a", "x");
    await tab.event("ow:progress", { upload: tab.view.files.ref, entry: "a", progress: 1 });
    await tab.event("ow:gone", { c: [1, -1, "x"] });
    for (const name of ["ow:", "ow:consume", "ow:__proto__"])
      await expect(tab.event(name)).rejects.toThrow("there is no such event");
    expect(seen).toEqual([]);
    await tab.event("other");
    expect(seen).toEqual(["hook other", "handleEvent other"]);
  });

  test.each([
    ["ow:files", {}],
    ["ow:files", { entries: null }],
    ["ow:files", { entries: [null] }],
    ["ow:files", { entries: [[]] }],
    ["ow:start", { entries: "a" }],
    ["ow:start", { entries: [{}] }],
    ["ow:start", { entries: Array(1001).fill("a") }],
    ["ow:progress", { entry: {}, progress: 1 }],
    ["ow:progress", { progress: 1 }],
  ])("is refused if it makes no sense: %s %j", async (name, payload) => {
    const tab = await openUpload();
    const upload = tab.view.files.ref;
    await tab.choose({ ref: upload }, { ref: "a" });
    await expect(tab.event(name, { upload, ...payload })).rejects.toThrow("invalid_payload");
    expect(tab.view.files.entries).toMatchObject([
      { ref: "a", progress: 0, valid: true, preflighted: false },
    ]);
    expect(tab.ended).toBeUndefined();
  });

  test.each([{}, { upload: 1 }, { upload: "__proto__" }, { upload: null }, { upload: ["x"] }])(
    "is about no upload: %j",
    async (payload) => {
      const tab = await openUpload();
      for (const name of ["ow:files", "ow:start", "ow:progress"])
        expect(await tab.event(name, payload)).toEqual({});
    },
  );

  test("does not begin files that have errors, not even if the client asks for them", async () => {
    const writer = vi.fn();
    const tab = await openUpload({ autoUpload: true, maxFileSize: 1, maxEntries: 2, writer });
    await tab.choose(tab.view.files, { ref: "a", size: 2 });
    expect((await tab.start(tab.view.files, "a", "a", "b")).entries).toEqual({});
    expect(writer).not.toHaveBeenCalled();
  });
});

test("while a file is on its way others that are too many are not begun, and it goes on", async () => {
  const tab = await openUpload();
  const { files } = tab.view;
  await tab.choose(files, { ref: "a" });
  const { channel } = await tab.channel(files, "a");
  await tab.choose(files, { ref: "b" }, { ref: "c" });
  expect(await tab.start(files, "b")).toEqual({ errors: [[files.ref, "too_many_files"]] });
  expect(await tab.sent(channel, 0, "0123456789")).toEqual(["b", channel, 10]);
});

test("to allow an upload again makes another: the one before keeps its files, which go on", async () => {
  class Page extends viewWith<TempFile>({}) {
    first = this.files;
    again = this.event(() => {
      this.files = this.allowUpload({ accept: "any", name: "files" });
    });
  }
  const tab = await openTab(Page);
  const { first } = tab.view;
  await tab.choose(first, { ref: "a" });
  const { channel } = await tab.channel(first, "a");
  await tab.event("again");
  const { files } = tab.view;
  expect([files.ref === first.ref, files.name, files.entries]).toEqual([false, "files", []]);
  await tab.choose(files, { ref: "a", size: 1 });
  await tab.upload(files, "a", "x");
  await tab.sent(channel, 0, "0123456789");
  expect(await inTurn(tab, () => first.consume(({ path }) => path.length > 0))).toEqual([true]);
  expect(await taken(tab)).toEqual(["x"]);
});

test("components that call their uploads the same take files at the same time", async () => {
  class Box extends LiveComponent<{ id: string }> {
    files = this.allowUpload({ accept: "any" });
    render() {
      return html`<p>${liveFileInput(this.files)}${this.files.entries.map(({ progress }) => progress)}</p>`;
    }
  }
  class Page extends LiveView {
    render() {
      return html`<main><${Box} id="one" /><${Box} id="two" /></main>`;
    }
  }
  const tab = await openTab(Page);
  const uploads = Array.from(tab.page.matchAll(/data-ow-upload="([^"]*)"/g), ([, ref = ""]) => ({ ref }));
  for (const upload of uploads) await tab.choose(upload, { ref: "a" });
  const channels = [];
  for (const upload of uploads) channels.push((await tab.channel(upload, "a")).channel);
  expect(channels).toEqual([1, 2]);
  await tab.sent(2, 0, "01234");
  await tab.sent(1, 0, "0");
  expect(tab.page).toMatch(/>10<\/p>.*>50<\/p>/);
  expect(tab.ended).toBeUndefined();
});
