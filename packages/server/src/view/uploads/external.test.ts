/** Files that a client uploads elsewhere, past the server. */

import { codes, inTurn, openUpload } from "@overwire/test-support/upload-tab";
import { describe, expect, test, vi } from "vitest";
import type { ExternalMeta, UploadEntry, UploadOptions } from "./types.ts";

interface Link extends ExternalMeta {
  readonly url: string;
}

const link = ({ clientName }: UploadEntry): Link => ({ uploader: "Put", url: `/bucket/${clientName}` });

async function openWith(options: Partial<UploadOptions<Link>>, refs = ["a", "b"]) {
  const tab = await openUpload<Link>({ maxEntries: 3, external: link, ...options });
  const { files } = tab.view;
  await tab.choose(files, ...refs.map((ref) => ({ ref })));
  const progress = (entry: string, news: object) =>
    tab.event("ow:progress", { upload: files.ref, entry, ...news });
  return { tab, files, progress };
}

test("its author says where each of them goes, and gets that back when it is there", async () => {
  const external = vi.fn(async (entry: UploadEntry) => link(entry));
  const { tab, files, progress } = await openWith({ external });
  expect((await tab.start(files, "a", "b")).entries).toEqual({
    a: { meta: { uploader: "Put", url: "/bucket/a.txt" } },
    b: { meta: { uploader: "Put", url: "/bucket/b.txt" } },
  });
  expect(files.entries.every(({ preflighted }) => preflighted)).toBe(true);
  await progress("a", { progress: 50 });
  expect(tab.page).toContain("a.txt 50%");
  await progress("a", { progress: 100 });
  await progress("b", { progress: 100 });
  expect(await inTurn(tab, () => files.consume(({ url }) => url))).toEqual([
    "/bucket/a.txt",
    "/bucket/b.txt",
  ]);
  expect(files.entries).toEqual([]);
  expect(external).toHaveBeenCalledTimes(2);
});

test("it is asked once for each, also after the line was lost", async () => {
  const external = vi.fn(link);
  const { tab, files, progress } = await openWith({ external });
  const { entries } = await tab.start(files, "a", "b");
  await progress("b", { progress: 100 });
  tab.lose();
  await tab.connect();
  expect((await tab.start(files, "a", "b")).entries).toEqual({ a: entries?.a });
  expect(external).toHaveBeenCalledTimes(2);
});

test("metadata without an uploader crash the view, saying what is missing", async () => {
  const { tab, files } = await openWith({ external: (() => ({ url: "/" })) as never });
  tab.say("ow:start", { upload: files.ref, entries: ["a"] });
  await tab.until(() => tab.ended !== undefined);
  expect(tab.ended).toBe("crashed");
  expect(String(tab.reports.at(-1)?.error)).toMatch(
    /External uploader metadata requires an uploader key.*"files"/,
  );
});

describe("an author who refuses a file", () => {
  const external = (entry: UploadEntry) => {
    if (entry.ref === "bad") throw new Error("bad name");
    return link(entry);
  };

  test("refuses all of a form's, until it is taken away", async () => {
    const { tab, files } = await openWith({ external }, ["bad", "good"]);
    expect(await tab.start(files, "bad", "good")).toEqual({ errors: [["bad", "external_metadata_failure"]] });
    expect(files.entries[0]?.errors).toEqual([{ code: "external_metadata_failure", message: "bad name" }]);
    expect(tab.page).toContain("external_metadata_failure");
    expect(await tab.start(files, "good")).toEqual({ errors: [["bad", "external_metadata_failure"]] });
    await tab.event("cancel", { ref: "bad" });
    expect((await tab.start(files, "good")).entries).toEqual({
      good: { meta: { uploader: "Put", url: "/bucket/good.txt" } },
    });
  });

  test("refuses it alone if files are uploaded at once", async () => {
    const { tab, files, progress } = await openWith({ external, autoUpload: true }, ["bad", "good"]);
    const reply = await tab.start(files, "bad", "good");
    expect(Object.keys(reply.entries ?? {})).toEqual(["good"]);
    expect(reply.errors).toEqual([["bad", "external_metadata_failure"]]);
    await progress("good", { progress: 1 });
    expect(tab.page).toContain("good.txt 1%");
    expect(tab.page).toContain("bad.txt 0% external_metadata_failure");
  });
});

test("is not asked about files that cannot be uploaded", async () => {
  const external = vi.fn(link);
  const { tab, files } = await openWith({ external, autoUpload: true, maxFileSize: 5 }, []);
  await tab.choose(files, { ref: "large", size: 6 }, { ref: "ok", size: 5 });
  const reply = await tab.start(files, "large", "ok");
  expect(reply.errors).toEqual([["large", "too_large"]]);
  expect(Object.keys(reply.entries ?? {})).toEqual(["ok"]);
  expect(external).toHaveBeenCalledTimes(1);
});

describe("news of a client", () => {
  test("of a failure stay with the entry", async () => {
    const seen = vi.fn((entry: UploadEntry) => codes(entry));
    const { tab, files, progress } = await openWith({ progress: seen });
    await tab.start(files, "a", "b");
    await progress("a", { error: "x".repeat(999) });
    expect(files.entries[0]?.errors).toEqual([{ code: "external_client_failure", message: "x".repeat(255) }]);
    expect(seen).toHaveReturnedWith(["external_client_failure"]);
    await progress("a", { progress: 100 });
    expect(files.entries[0]?.done).toBe(false);
    expect(tab.page).toContain("external_client_failure");
  });

  test("of files that were not begun, or are done, change nothing", async () => {
    const { tab, files, progress } = await openWith({});
    await progress("a", { progress: 100 });
    expect(files.entries[0]?.done).toBe(false);
    await tab.start(files, "a", "b");
    await progress("a", { progress: 100 });
    await progress("a", { error: "too late" });
    expect(files.entries[0]).toMatchObject({ done: true, valid: true });
    await progress("gone", { progress: 1 });
  });

  test.each([{ progress: 101 }, { progress: -1 }, { progress: "50" }, {}])("%j are refused", async (news) => {
    const { tab, files, progress } = await openWith({});
    await tab.start(files, "a", "b");
    await expect(progress("a", news)).rejects.toThrow("expected progress from 0 to 100, or an error");
    expect(files.entries[0]?.progress).toBe(0);
  });
});

test("of a file that goes through the server, a client can only say that it cannot go on", async () => {
  const tab = await openUpload({});
  const { files } = tab.view;
  await tab.choose(files, { ref: "a" });
  await tab.start(files, "a");
  await tab.event("ow:progress", { upload: files.ref, entry: "a", progress: 100 });
  expect(files.entries[0]).toMatchObject({ done: false, progress: 0 });
  await tab.event("ow:progress", { upload: files.ref, entry: "a", error: "unreadable" });
  expect(files.entries[0]?.errors).toEqual([{ code: "client_failure", message: "unreadable" }]);
});
