import { settled, uploadsPage } from "@overwire/test-support/uploads-page";
import { expect, test, vi } from "vitest";
import type { UploadEntry, Uploaders } from "./types.ts";

/** Two files, and what the server has made for them. */
async function elsewhere(
  uploaders: Uploaders,
  names: readonly string[] = ["Bucket", "Bucket"],
  auto = "data-ow-auto",
) {
  const own = uploadsPage(
    `<form phx-submit="save"><input type="file" data-ow-upload="u" ${auto} multiple></form>`,
    {
      uploaders,
    },
  );
  own.choose("input", ...names.map((_, index) => own.file(`${index + 1}.txt`)));
  if (!auto) own.submit("form");
  const refs = names.map((_, index) => String(index + 1));
  await own.answer({}, () => own.entries("input", refs.join()));
  const entries = names.map((uploader, index) => [
    refs[index],
    { meta: { uploader, url: `to/${refs[index]}` } },
  ]);
  await own.answer({ chunkSize: 10, window: 40, entries: Object.fromEntries(entries) });
  own.pushed.splice(0, 2);
  return own;
}

/** An uploader that does what the test does with its entries. */
function recorder() {
  const calls: (readonly UploadEntry[])[] = [];
  return { calls, uploader: (entries: readonly UploadEntry[]) => void calls.push(entries) };
}

test("each uploader gets its files together, with what the server says of them", async () => {
  const bucket = recorder();
  const video = recorder();
  const { win } = await elsewhere({ Bucket: bucket.uploader, Video: video.uploader }, [
    "Bucket",
    "Video",
    "Bucket",
  ]);
  expect(bucket.calls.map((entries) => entries.map(({ file, meta }) => [file.name, meta]))).toEqual([
    [
      ["1.txt", { uploader: "Bucket", url: "to/1" }],
      ["3.txt", { uploader: "Bucket", url: "to/3" }],
    ],
  ]);
  expect(video.calls[0]?.[0]?.file).toBeInstanceOf(win.File);
});

test("progress is told when it is more than before, one after the other, and only the newest", async () => {
  const { calls, uploader } = recorder();
  const { pushed, answer } = await elsewhere({ Bucket: uploader });
  const entry = calls[0]?.[0] as UploadEntry;
  for (const percent of [0, 10.9, 10, 20, 30, Number.NaN]) entry.progress(percent);
  await settled();
  await answer();
  await answer();
  entry.progress(30.5);
  expect(pushed.map(({ event, payload }) => [event, payload])).toEqual([
    ["ow:progress", { upload: "u", entry: "1", progress: 10 }],
    ["ow:progress", { upload: "u", entry: "1", progress: 30 }],
  ]);
});

test("a form goes on when all of its files have arrived", async () => {
  const { calls, uploader } = recorder();
  const { win, answer } = await elsewhere({ Bucket: uploader }, undefined, "");
  let submits = 0;
  win.addEventListener("submit", (event) => {
    event.preventDefault();
    submits++;
  });
  for (const entry of calls[0] ?? []) entry.progress(100);
  await settled();
  await answer();
  expect(submits).toBe(0);
  await answer();
  expect(submits).toBe(1);
});

test("an error is told, and cancels the submit that waits", async () => {
  const { calls, uploader } = recorder();
  const { $, last } = await elsewhere({ Bucket: uploader }, undefined, "");
  calls[0]?.[0]?.error("no room");
  calls[0]?.[0]?.progress(50);
  expect(last()).toEqual(["ow:progress", { upload: "u", entry: "1", error: "no room" }]);
  expect($("form").className).toBe("");
});

test("an uploader hears of it when its file is cancelled, or its view is gone; also if that was before", async () => {
  const { calls, uploader } = recorder();
  const { patch, entries, $ } = await elsewhere({ Bucket: uploader });
  const [first, second] = calls[0] as [UploadEntry, UploadEntry];
  const told: string[] = [];
  first.onCancel(() => told.push("first"));
  second.onCancel(() => told.push("second"));
  patch(() => entries("input", "2"));
  expect(told).toEqual(["first"]);
  patch(() => $("form").remove());
  await settled();
  expect(told).toEqual(["first", "second"]);
  second.onCancel(() => told.push("late"));
  expect(told).toEqual(["first", "second", "late"]);
});

test("a file that is complete is not cancelled by being taken away", async () => {
  const { calls, uploader } = recorder();
  const { answer, entries } = await elsewhere({ Bucket: uploader });
  const cancelled = vi.fn();
  calls[0]?.[0]?.onCancel(cancelled);
  calls[0]?.[0]?.progress(100);
  await settled();
  await answer({}, () => entries("input", "2"));
  expect(cancelled).not.toHaveBeenCalled();
});

test("an uploader may give up", async () => {
  const { calls, uploader } = recorder();
  const { last } = await elsewhere({ Bucket: uploader });
  const cancelled = vi.fn();
  calls[0]?.[0]?.onCancel(cancelled);
  calls[0]?.[0]?.cancel();
  expect(cancelled).toHaveBeenCalledOnce();
  expect(last()).toEqual(["ow:progress", { upload: "u", entry: "1", error: "cancelled" }]);
});

test("a way to give up that throws or rejects is reported, and stops no other", async () => {
  const { calls, uploader } = recorder();
  const { errors } = await elsewhere({ Bucket: uploader });
  const cancelled = vi.fn();
  calls[0]?.[0]?.onCancel(() => {
    throw new Error("thrown");
  });
  calls[0]?.[0]?.onCancel(async () => {
    throw new Error("rejected");
  });
  calls[0]?.[0]?.onCancel(cancelled);
  calls[0]?.[0]?.cancel();
  expect(cancelled).toHaveBeenCalledOnce();
  await settled();
  expect(errors).toHaveLength(2);
});

test("a lost connection does not end what does not go over it; what could not be told is told again", async () => {
  const { calls, uploader } = recorder();
  const { uploads, view, pushed, refuse } = await elsewhere({ Bucket: uploader });
  const cancelled = vi.fn();
  calls[0]?.[0]?.onCancel(cancelled);
  calls[0]?.[0]?.progress(100);
  await settled();
  await refuse();
  uploads.joined(view, true);
  await settled();
  expect(pushed.map(({ payload }) => payload)).toEqual([
    { upload: "u", entry: "1", progress: 100 },
    { upload: "u", entry: "1", progress: 100 },
  ]);
  expect(cancelled).not.toHaveBeenCalled();
});

test("an error that could not be told is told again when there is a line", async () => {
  const { calls, uploader } = recorder();
  const { uploads, view, pushed, refuse, answer } = await elsewhere({ Bucket: uploader });
  calls[0]?.[0]?.error("no room");
  await refuse();
  uploads.joined(view, true);
  await settled();
  await answer();
  const told = { upload: "u", entry: "1", error: "no room" };
  expect(pushed.map(({ payload }) => payload)).toEqual([told, told]);
});

test("an uploader that throws, rejects or is not there fails its files", async () => {
  const { errors, pushed } = await elsewhere(
    {
      Throws: () => {
        throw new Error("thrown");
      },
      Rejects: () => Promise.reject(new Error("rejected")),
    },
    ["Throws", "Rejects", "Missing", "toString"],
  );
  await settled();
  expect(errors.sort()).toEqual([
    'Error: Overwire: there is no uploader "Missing": give it to LiveSocket, as { uploaders: { Missing } }',
    'Error: Overwire: there is no uploader "toString": give it to LiveSocket, as { uploaders: { toString } }',
    "Error: rejected",
    "Error: thrown",
  ]);
  expect(pushed.map(({ payload }) => payload.error)).toEqual(Array(4).fill("failed"));
});
