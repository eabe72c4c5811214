/** Handing files over: what `consume` gives, keeps and takes away. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { type Deferred, deferred } from "@overwire/test-support/deferred";
import { inTurn, openUpload, taken } from "@overwire/test-support/upload-tab";
import { expect, test, vi } from "vitest";
import { postpone } from "./postpone.ts";
import type { UploadOptions } from "./types.ts";

/** Joins a view with two files that are there, and where they are. */
async function openFilled(options: Partial<UploadOptions> = {}) {
  const tab = await openUpload({ maxEntries: 2, ...options });
  const { files } = tab.view;
  await tab.choose(files, { ref: "a", size: 3 }, { ref: "b", size: 3 });
  await tab.upload(files, "a", "aaa");
  await tab.upload(files, "b", "bbb");
  const paths: string[] = [];
  await inTurn(tab, () => files.consume(({ path }) => postpone(paths.push(path))));
  return { tab, files, paths };
}

test("files are handed over one after the other, and each is gone with its entry after its callback", async () => {
  const { tab, files, paths } = await openFilled();
  const there: [string, string[], boolean[]][] = [];
  const results = await inTurn(tab, () =>
    files.consume(async ({ path }, { clientName }) => {
      await readFile(path);
      there.push([clientName, files.entries.map(({ ref }) => ref), paths.map((path) => existsSync(path))]);
      return clientName;
    }),
  );
  expect(results).toEqual(["a.txt", "b.txt"]);
  expect(there).toEqual([
    ["a.txt", ["a", "b"], [true, true]],
    ["b.txt", ["b"], [false, true]],
  ]);
  expect(paths.map((path) => existsSync(path))).toEqual([false, false]);
  expect(tab.page).toContain("<ul></ul>");
});

test("an entry that is postponed stays until another time", async () => {
  const { tab, files, paths } = await openFilled();
  const results = await inTurn(tab, () => files.consume((_, { ref }) => (ref === "a" ? postpone(ref) : ref)));
  expect(results).toEqual(["a", "b"]);
  expect(files.entries.map(({ ref, done }) => [ref, done])).toEqual([["a", true]]);
  expect(paths.map((path) => existsSync(path))).toEqual([true, false]);
  expect(await taken(tab)).toEqual(["aaa"]);
  expect(existsSync(paths[0] ?? "")).toBe(false);
});

test("without files there is nothing to hand over", async () => {
  const tab = await openUpload();
  expect(await taken(tab)).toEqual([]);
});

test("a callback that throws has had its file; the others stay", async () => {
  const { tab, files, paths } = await openFilled();
  const fail = () => {
    throw new Error("the bucket is full");
  };
  await expect(files.consume(fail)).rejects.toThrow("the bucket is full");
  expect(files.entries.map(({ ref }) => ref)).toEqual(["b"]);
  expect(paths.map((path) => existsSync(path))).toEqual([false, true]);
  expect(await taken(tab)).toEqual(["bbb"]);
});

test("while a file is on the way, or about to be, nothing is handed over", async () => {
  const tab = await openUpload({ maxEntries: 2 });
  const { files } = tab.view;
  await tab.choose(files, { ref: "a", size: 3 }, { ref: "b", size: 3 });
  await tab.upload(files, "a", "aaa");
  const callback = vi.fn();
  await expect(files.consume(callback)).rejects.toThrow(
    'Cannot consume uploaded files of "files" when entries are still in progress: "b.txt". Wait until they are done, or cancel them.',
  );
  await expect(files.consumeEntry("b", callback)).rejects.toThrow('in progress: "b.txt"');
  await expect(files.consumeEntry("c", callback)).rejects.toThrow('no entry in upload "files" with ref "c"');
  expect(callback).not.toHaveBeenCalled();
  expect(await files.consumeEntry("a", (_, { ref }) => ref)).toBe("a");
  expect(files.entries.map(({ ref }) => ref)).toEqual(["b"]);
});

test("a file may be taken as soon as it is there", async () => {
  const stored: string[] = [];
  const tab = await openUpload({
    autoUpload: true,
    progress: async ({ ref, done }) => {
      if (done) await tab.view.files.consumeEntry(ref, ({ path }) => stored.push(path));
    },
  });
  const { files } = tab.view;
  await tab.choose(files, { ref: "a", size: 3 });
  await tab.upload(files, "a", "aaa");
  await tab.until(() => tab.page.includes("<ul></ul>"));
  expect(stored).toHaveLength(1);
  expect(existsSync(stored[0] ?? "")).toBe(false);
});

test("a file that is consumed makes room for another", async () => {
  const { tab, files } = await openFilled();
  await taken(tab);
  await tab.choose(files, { ref: "c", size: 1 }, { ref: "d", size: 1 });
  expect(files.errors).toEqual([]);
  expect(Object.keys((await tab.start(files, "c", "d")).entries ?? {})).toEqual(["c", "d"]);
});

test("in all there are not more than maxEntries if they count in total", async () => {
  const { tab, files } = await openFilled({ maxEntriesMode: "total", maxEntries: 3 });
  await taken(tab);
  await tab.choose(files, { ref: "c", size: 1 }, { ref: "d", size: 1 });
  expect(files.errors).toMatchObject([{ code: "too_many_files" }]);
  expect(await tab.start(files, "c", "d")).toEqual({ errors: [[files.ref, "too_many_files"]] });
  await tab.event("cancel", { ref: "d" });
  await tab.upload(files, "c", "c");
  expect(await taken(tab)).toEqual(["c"]);
  await tab.choose(files, { ref: "e", size: 1 });
  expect(files.errors).toMatchObject([{ code: "too_many_files" }]);
});

test("an entry that is being consumed is consumed to the end, though the user has left", async () => {
  const { tab, files, paths } = await openFilled();
  const read: string[] = [];
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const done = new Promise((resolve) => {
    tab.view.task = () => {
      const all = files.consume(async ({ path }) => {
        await arrived;
        read.push(await readFile(path, "utf8"));
      });
      resolve(all);
      return all;
    };
  });
  tab.say("run");
  tab.close();
  arrive();
  await done;
  expect(read).toEqual(["aaa", "bbb"]);
  expect(paths.map((path) => existsSync(path))).toEqual([false, false]);
});

test("an entry that is being consumed cannot be consumed again", async () => {
  const { files } = await openFilled();
  const taken: Deferred<void>[] = [];
  const first = files.consume(() => {
    taken.push(deferred());
    return taken.at(-1)?.promise;
  });
  expect(await files.consume(() => "twice")).toEqual([]);
  await expect(files.consumeEntry("a", () => "twice")).rejects.toThrow("is being consumed already");
  taken[0]?.resolve();
  await vi.waitFor(() => expect(taken).toHaveLength(2));
  expect(files.entries.map(({ ref }) => ref)).toEqual(["b"]);
  taken[1]?.resolve();
  await first;
  expect(files.entries).toEqual([]);
});
