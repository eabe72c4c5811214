/** Uploads through the app's own door: what a client says and gets, and what the view's author sees of it. */

import { codes, openTab, openUpload, taken } from "@overwire/test-support/upload-tab";
import { describe, expect, test, vi } from "vitest";
import { html } from "../../template/html.ts";
import { LiveComponent } from "../live-component.ts";
import { LiveView } from "../live-view.ts";
import { liveFileInput } from "./file-input.ts";
import type { Upload, UploadEntry } from "./types.ts";

const show = (upload: Upload) =>
  html`${liveFileInput(upload)}${upload.entries.map(({ clientName, progress }) => html`<p>${clientName} ${progress}%</p>`)}`;
const refs = (entries: readonly UploadEntry[]) => entries.map(({ ref }) => ref);

test("a file that is chosen and uploaded is handed over byte for byte, its progress shown", async () => {
  const seen: number[] = [];
  const tab = await openUpload({ progress: ({ progress }) => seen.push(progress) });
  const { files } = tab.view;
  await tab.choose(files, { ref: "a", size: 100 });
  expect(tab.page).toContain("a.txt 0%");
  const { channel } = await tab.channel(files, "a");
  expect(await tab.sent(channel, 0, "x".repeat(20))).toEqual(["b", channel, 20]);
  expect(tab.page).toContain("a.txt 20%");
  expect(await tab.sent(channel, 20, "y".repeat(25))).toEqual(["b", channel, 45]);
  expect(tab.page).toContain("a.txt 45%");
  expect(await tab.sent(channel, 45, "z".repeat(55))).toEqual(["b", channel, 100]);
  expect(tab.page).toContain("a.txt 100%");
  expect(seen).toEqual([20, 45, 100]);
  expect(await taken(tab)).toEqual([`${"x".repeat(20)}${"y".repeat(25)}${"z".repeat(55)}`]);
  expect(tab.page).toContain("<ul></ul>");
});

describe("files that are chosen", () => {
  test("are shown as the browser describes them", async () => {
    const tab = await openUpload();
    await tab.choose(tab.view.files, {
      ref: "a",
      name: "Ferien.png",
      size: 3,
      type: "image/png",
      relativePath: "2024/Ferien.png",
      lastModified: 1_700_000_000_000,
      meta: { tag: 1 },
    });
    expect(tab.view.files.entries[0]).toMatchObject({
      ref: "a",
      upload: tab.view.files.ref,
      uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      clientName: "Ferien.png",
      clientSize: 3,
      clientType: "image/png",
      clientRelativePath: "2024/Ferien.png",
      clientLastModified: 1_700_000_000_000,
      clientMeta: { tag: 1 },
      progress: 0,
      done: false,
      valid: true,
      preflighted: false,
      cancelled: false,
      errors: [],
    });
  });

  test("cannot be changed by who is shown them", async () => {
    const tab = await openUpload();
    await tab.choose(tab.view.files, { ref: "a" });
    const entry = tab.view.files.entries[0] as { done: boolean };
    expect(() => {
      entry.done = true;
    }).toThrow(TypeError);
  });

  test("a client's texts are bounded, and its names lead nowhere", async () => {
    const tab = await openUpload({ maxEntries: 4 });
    await tab.choose(
      tab.view.files,
      { ref: "a", name: "../../etc/passwd", type: "t".repeat(999), relativePath: "p".repeat(9999) },
      { ref: "b", name: `${"n".repeat(999)}.png`, type: 5, lastModified: "now" },
      { ref: "c", name: "C:\\fakepath\\x\0.txt" },
      { ref: "d", name: ".." },
    );
    const [a, b, c, d] = tab.view.files.entries;
    expect(a).toMatchObject({ clientName: "passwd", clientType: "t".repeat(255) });
    expect(a?.clientRelativePath).toHaveLength(1024);
    expect(b?.clientName).toMatch(/^n{251}\.png$/);
    expect(b).toMatchObject({ clientType: "", clientLastModified: undefined });
    expect(c?.clientName).toBe("x.txt");
    expect(d?.clientName).toBe("");
  });

  test.each([
    ["no list", "all"],
    ["too many", Array.from({ length: 1001 }, (_, at) => ({ ref: `${at}`, name: "x", size: 1 }))],
    ["no objects", ["a"]],
    ["no refs", [{ name: "a" }]],
    ["refs that would be several", [{ ref: "a,b" }]],
    ["too much beside them", [{ ref: "a", meta: "m".repeat(5000) }]],
    ["refs that are none", [{ ref: "r".repeat(65) }]],
    ["refs with a space", [{ ref: "a b" }]],
    ["refs that are numbers", [{ ref: 1 }]],
  ])("%s are refused, and the view stays", async (_, entries) => {
    const tab = await openUpload();
    const upload = tab.view.files.ref;
    await expect(tab.event("ow:files", { upload, entries })).rejects.toThrow("invalid_payload");
    expect(tab.view.files.entries).toEqual([]);
    expect(tab.ended).toBeUndefined();
  });

  test("with something too deep to be written beside them end the connection", async () => {
    const tab = await openUpload();
    const deep = "[".repeat(50_000) + "]".repeat(50_000);
    const entries = `[{"ref":"a","name":"a","size":1,"meta":${deep}}]`;
    tab.raw(`["e",1,1,"ow:files",{"upload":"${tab.view.files.ref}","entries":${entries}}]`);
    expect(tab.reports).toMatchObject([{ kind: "refused", message: expect.stringContaining("64 levels") }]);
    expect(tab.closed).toBe(4400);
  });

  test("for an upload that is not there are ignored", async () => {
    const tab = await openUpload();
    expect(await tab.event("ow:files", { upload: "other", entries: [{ ref: "a" }] })).toEqual({});
    expect(await tab.event("ow:start", { upload: "other", entries: ["a"] })).toEqual({});
    expect(await tab.event("ow:progress", { upload: "other", entry: "a", progress: 5 })).toEqual({});
    expect(await tab.event("ow:start", { upload: tab.view.files.ref, entries: ["a"] })).toMatchObject({
      entries: {},
    });
  });

  test("a ref that is there already is skipped", async () => {
    const tab = await openUpload({ maxEntries: 2 });
    await tab.choose(tab.view.files, { ref: "a", size: 1 }, { ref: "a", size: 2 });
    await tab.choose(tab.view.files, { ref: "a", size: 3 });
    expect(tab.view.files.entries.map(({ clientSize }) => clientSize)).toEqual([1]);
  });

  test("beyond maxEntries are kept in order with an error, until one takes their place", async () => {
    const tab = await openUpload();
    const { files } = tab.view;
    await tab.choose(files, { ref: "first" }, { ref: "second" });
    expect(tab.page).toContain("<b>too_many_files</b>");
    expect(files.errors).toEqual([{ code: "too_many_files", message: "Only one file can be uploaded." }]);
    expect(refs(files.entries)).toEqual(["first", "second"]);
    expect(await tab.start(files, "first", "second")).toEqual({ errors: [[files.ref, "too_many_files"]] });
    await tab.choose(files, { ref: "third" });
    expect(refs(files.entries)).toEqual(["third"]);
    expect(files.errors).toEqual([]);
  });

  test("the error of too many goes with them", async () => {
    const tab = await openUpload({ maxEntries: 2 });
    const { files } = tab.view;
    await tab.choose(files, { ref: "a" }, { ref: "b" }, { ref: "c" });
    expect(files.errors[0]?.message).toBe("Only 2 files can be uploaded.");
    await tab.start(files, "a", "b");
    await tab.start(files, "a", "b");
    expect(tab.page).toContain("<b>too_many_files</b>");
    await tab.event("cancel", { ref: "a" });
    expect(tab.page).toContain("<b></b>");
  });

  test("no more than a hundred are kept beyond maxEntries", async () => {
    const tab = await openUpload({ maxEntries: 2 });
    const many = Array.from({ length: 500 }, (_, at) => ({ ref: `${at}` }));
    await tab.choose(tab.view.files, ...many);
    expect(tab.view.files.entries).toHaveLength(102);
  });

  test("too large are kept with an error and not uploaded; without them others are", async () => {
    const tab = await openUpload({ maxFileSize: 1 });
    const { files } = tab.view;
    await tab.choose(files, { ref: "overmax", size: 7 });
    expect(tab.page).toContain("overmax.txt 0% too_large");
    expect(files.entries[0]).toMatchObject({ valid: false, done: false });
    expect(await tab.start(files, "overmax")).toEqual({ errors: [["overmax", "too_large"]] });
    await tab.event("cancel", { ref: "overmax" });
    await tab.choose(files, { ref: "ok", size: 1 });
    expect(await tab.upload(files, "ok", "x")).toEqual(["b", 1, 1]);
  });

  test.each([-1, 1.5, "7", null, Number.MAX_SAFE_INTEGER + 1])("of size %j are too large", async (size) => {
    const tab = await openUpload();
    await tab.choose(tab.view.files, { ref: "a", size });
    expect(codes(tab.view.files.entries[0])).toEqual(["too_large"]);
  });

  test("an entry that is not accepted, and one that the validator refuses", async () => {
    const tab = await openUpload({
      maxEntries: 3,
      accept: [".txt"],
      validator: ({ clientName }) => (clientName === "bad.txt" ? "custom" : undefined),
    });
    const { files } = tab.view;
    await tab.choose(files, { ref: "gif", name: "a.gif", type: "image/gif" }, { ref: "bad" }, { ref: "ok" });
    expect(files.entries.map(codes)).toEqual([["not_accepted"], ["custom"], []]);
    expect(await tab.start(files, "ok")).toEqual({
      errors: [
        ["gif", "not_accepted"],
        ["bad", "custom"],
      ],
    });
  });

  test("a validator that answers something else crashes the view, naming the upload", async () => {
    const tab = await openUpload({ validator: (async () => "later") as never });
    await tab.choose(tab.view.files, { ref: "a" });
    expect(tab.ended).toBe("crashed");
    expect(String(tab.reports.at(-1)?.error)).toContain('The validator of upload "files" must return a text');
  });

  test("another file takes the place of the one that is being uploaded", async () => {
    const tab = await openUpload();
    const { files } = tab.view;
    await tab.choose(files, { ref: "a" });
    const [first] = files.entries;
    const { channel } = await tab.channel(files, "a");
    await tab.choose(files, { ref: "b" });
    expect(first?.cancelled).toBe(true);
    tab.send(channel, 0, "late");
    expect(refs(files.entries)).toEqual(["b"]);
    expect(await tab.upload(files, "b", "0123456789")).toEqual(["b", 2, 10]);
    expect(tab.acks.map(([, number]) => number)).toEqual([2]);
  });
});

describe("automatic uploads", () => {
  test("there is room for some, which go on; the others do not", async () => {
    const tab = await openUpload({ autoUpload: true });
    const { files } = tab.view;
    await tab.choose(files, { ref: "a" }, { ref: "b" });
    expect(tab.page).toContain("too_many_files");
    const reply = await tab.start(files, "a", "b");
    expect(reply).toMatchObject({
      entries: { a: { channel: 1, offset: 0 } },
      errors: [[files.ref, "too_many_files"]],
    });
    expect(reply.entries).not.toHaveProperty("b");
    await tab.sent(1, 0, "0123456789");
    expect(tab.page).toContain("a.txt 100%");
    expect(tab.page).toContain("b.txt 0%");
  });

  test("valid ones go on though others have errors, and are there when the form is submitted", async () => {
    const tab = await openUpload({ autoUpload: true, maxEntries: 2, maxFileSize: 10 });
    const { files } = tab.view;
    await tab.choose(files, { ref: "large", size: 11 }, { ref: "ok" });
    const reply = await tab.start(files, "large", "ok");
    expect(reply.errors).toEqual([["large", "too_large"]]);
    expect(Object.keys(reply.entries ?? {})).toEqual(["ok"]);
    await tab.sent(1, 0, "0123456789");
    expect(await taken(tab)).toEqual(["0123456789"]);
    expect(refs(files.entries)).toEqual(["large"]);
  });
});

describe("a file that is cancelled", () => {
  test("before it is uploaded is gone", async () => {
    const tab = await openUpload();
    await tab.choose(tab.view.files, { ref: "a" });
    const [entry] = tab.view.files.entries;
    await tab.event("cancel", { ref: "a" });
    expect(entry).toMatchObject({ cancelled: true });
    expect(tab.page).toContain("<ul></ul>");
  });

  test("while it is uploaded is gone, and others may come", async () => {
    const tab = await openUpload();
    const { files } = tab.view;
    await tab.choose(files, { ref: "a" });
    const { channel } = await tab.channel(files, "a");
    await tab.sent(channel, 0, "01234");
    await tab.event("cancel", { ref: "a" });
    tab.send(channel, 5, "56789");
    expect(files.entries).toEqual([]);
    expect((await tab.start(files, "a")).entries).toEqual({});
    await tab.choose(files, { ref: "b" });
    await tab.upload(files, "b", "0123456789");
    expect(await taken(tab)).toEqual(["0123456789"]);
  });

  test("that is not there is a mistake", async () => {
    const tab = await openUpload();
    expect(() => tab.view.files.cancel("bad_ref")).toThrow(
      'There is no entry in upload "files" with ref "bad_ref".',
    );
  });
});

test("a component's uploads end with it, and its upload of the same name is another", async () => {
  class Inner extends LiveComponent {
    files = this.allowUpload({ accept: "any" });
    render() {
      return html`<form>${show(this.files)}</form>`;
    }
  }
  class Page extends LiveView {
    files = this.allowUpload({ accept: "any" });
    isOpen = true;
    close = this.event(() => {
      this.isOpen = false;
    });
    render() {
      return html`<main>${show(this.files)}${this.isOpen && html`<${Inner} id="inner" />`}</main>`;
    }
  }
  const tab = await openTab(Page);
  const [outer = "", inner = ""] = [...tab.page.matchAll(/data-ow-upload="([^"]*)"/g)].map(([, ref]) => ref);
  expect(tab.page.match(/name="files"/g)).toHaveLength(2);
  await tab.choose({ ref: inner }, { ref: "a" });
  expect(tab.page).toContain("a.txt 0%");
  const { channel } = await tab.channel({ ref: inner }, "a");
  await tab.sent(channel, 0, "01234");
  expect(tab.page).toContain("a.txt 50%");
  await tab.event("close");
  tab.send(channel, 5, "56789");
  expect(await tab.start({ ref: inner }, "a")).toEqual({});
  await tab.choose({ ref: outer }, { ref: "a" });
  expect(tab.page).toContain("a.txt 0%");
});

test("a view may go elsewhere when a file is complete", async () => {
  class Page extends LiveView {
    files = this.allowUpload({
      accept: "any",
      progress: (entry) => {
        if (entry.done) this.redirect("/thanks");
      },
    });
    render() {
      return html`<main>${show(this.files)}</main>`;
    }
  }
  const tab = await openTab(Page);
  const { files } = tab.view;
  await tab.choose(files, { ref: "a" });
  const { channel } = await tab.channel(files, "a");
  tab.send(channel, 0, "0123456789");
  await vi.waitFor(() => expect(tab.view).toBeUndefined());
});
