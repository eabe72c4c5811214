/** Writers of an author's own, and what their failures come to. */

import { codes, inTurn, openUpload } from "@overwire/test-support/upload-tab";
import { describe, expect, test, vi } from "vitest";
import type { UploadEntry, UploadOptions, UploadWriter } from "./types.ts";

interface Kept {
  readonly text: string;
}

/** Keeps a file as text, and what it was asked to do. */
class Notes implements UploadWriter<Kept> {
  readonly calls: string[] = [];
  text = "";
  get meta(): Kept {
    return { text: this.text };
  }
  write(chunk: Uint8Array): void | Promise<void> {
    this.text += Buffer.from(chunk).toString();
    this.calls.push(`write ${chunk.length}`);
  }
  close(reason: "done" | "cancel" | Error): void | Promise<void> {
    this.calls.push(`close ${reason instanceof Error ? reason.message : reason}`);
  }
  dispose() {
    this.calls.push("dispose");
  }
}

/** Joins a view whose files go to a writer, with one file of 10 bytes, or more of them. */
async function openWith(writer: UploadOptions<Kept>["writer"], refs = ["a"]) {
  const seen: string[] = [];
  const progress = (entry: UploadEntry) => void seen.push(`${entry.ref} ${entry.progress}% ${codes(entry)}`);
  const tab = await openUpload<Kept>({ maxEntries: 3, writer, progress });
  const { files } = tab.view;
  await tab.choose(files, ...refs.map((ref) => ({ ref })));
  return { tab, files, seen };
}

test("a writer gets the bytes, is closed once, and says what consume gets", async () => {
  const notes = new Notes();
  const made = vi.fn((_entry: UploadEntry) => notes);
  const { tab, files } = await openWith(made);
  const { channel } = await tab.channel(files, "a");
  expect(made.mock.calls).toEqual([[files.entries[0]]]);
  await tab.sent(channel, 0, "01234");
  await tab.sent(channel, 5, "56789");
  expect(notes.calls).toEqual(["write 5", "write 5", "close done"]);
  expect(await inTurn(tab, () => files.consume(({ text }) => text))).toEqual(["0123456789"]);
  expect(notes.calls.slice(3)).toEqual(["dispose"]);
});

test("its calls never overlap, however fast the chunks come", async () => {
  const free: (() => void)[] = [];
  const notes = new Notes();
  notes.write = (chunk) => {
    notes.calls.push(`begin ${chunk.length}`);
    return new Promise((resolve) =>
      free.push(() => {
        notes.calls.push("end");
        resolve();
      }),
    );
  };
  const { tab, files } = await openWith(async () => notes);
  const { channel } = await tab.channel(files, "a");
  for (const [at, text] of [
    [0, "a"],
    [1, "bb"],
    [3, "0123456"],
  ] as const)
    tab.send(channel, at, text);
  for (let done = 1; done <= 3; done++) {
    await vi.waitFor(() => expect(free).toHaveLength(done));
    free[done - 1]?.();
  }
  await tab.until(() => tab.acks.some(([, , received]) => received === 10));
  expect(notes.calls).toEqual(["begin 1", "end", "begin 2", "end", "begin 7", "end", "close done"]);
});

describe("a writer that fails", () => {
  const fails = (step: "make" | "write" | "close") => (notes: Notes) => {
    const fail = (): never => {
      throw new Error("no room");
    };
    if (step === "make") return fail();
    const own = notes[step].bind(notes) as (argument: never) => void;
    notes[step] = (argument: Uint8Array | "done" | "cancel" | Error) => {
      own(argument as never);
      fail();
    };
    return notes;
  };

  test.each([
    ["make", []],
    ["write", ["write 10", "close no room"]],
    ["close", ["write 10", "close done"]],
  ] as const)("%s: its entry says so and stays, the view lives, the others go on", async (step, calls) => {
    const notes = new Notes();
    const good = new Notes();
    const { tab, files, seen } = await openWith(
      ({ ref }) => (ref === "a" ? fails(step)(notes) : good),
      ["a", "b"],
    );
    const { ref } = files;
    if (step === "make") {
      expect(await tab.start(files, "a", "b")).toEqual({ errors: [["a", "writer_failure"]] });
    } else {
      const { channel } = await tab.channel(files, "a");
      const ack = await tab.sent(channel, 0, "0123456789");
      expect(ack.slice(3)).toEqual(["writer_failure", "no room"]);
    }
    const [failed] = files.entries;
    expect(failed).toMatchObject({ valid: false, done: false });
    expect(failed?.errors).toEqual([{ code: "writer_failure", message: "no room" }]);
    expect(tab.page).toContain("writer_failure");
    expect(seen).toContain("a 0% writer_failure");
    expect(tab.reports).toMatchObject([
      { kind: "warning", event: 'writer of upload "files"', message: "no room" },
    ]);
    await vi.waitFor(() => expect(notes.calls).toEqual(calls));

    await tab.event("cancel", { ref: "a" });
    await tab.upload(files, "b", "bbbbbbbbbb");
    expect(await inTurn(tab, () => files.consumeEntry("b", ({ text }) => text))).toBe("bbbbbbbbbb");
    expect(tab.view.files.ref).toBe(ref);
  });

  test("can be handed over neither alone nor with the others, which can", async () => {
    const { tab, files } = await openWith(
      ({ ref }) => (ref === "a" ? fails("write")(new Notes()) : new Notes()),
      ["a", "b"],
    );
    await tab.start(files, "a", "b");
    await tab.sent(1, 0, "0123456789");
    await tab.sent(2, 0, "bbbbbbbbbb");
    await expect(files.consumeEntry("a", () => {})).rejects.toThrow("in progress");
    expect(await inTurn(tab, () => files.consume(({ text }) => text))).toEqual(["bbbbbbbbbb"]);
    expect(files.entries.map(({ ref }) => ref)).toEqual(["a"]);
  });

  test("a value that is no writer is one that fails", async () => {
    const { tab, files } = await openWith((() => ({})) as never);
    await tab.start(files, "a");
    expect(files.entries[0]?.errors[0]?.message).toContain(
      "needs the methods write(chunk) and close(reason)",
    );
  });
});

describe("a writer is closed when its file is not needed any more", () => {
  test("because it was cancelled", async () => {
    const notes = new Notes();
    const { tab, files } = await openWith(() => notes);
    const { channel } = await tab.channel(files, "a");
    await tab.sent(channel, 0, "01234");
    await tab.event("cancel", { ref: "a" });
    expect(notes.calls).toEqual(["write 5", "close cancel"]);
  });

  test("because its view is over, after the write that is under way", async () => {
    const notes = new Notes();
    let free = () => {};
    notes.write = () => new Promise((resolve) => (free = resolve));
    const { tab, files } = await openWith(() => notes);
    const { channel } = await tab.channel(files, "a");
    tab.send(channel, 0, "01234");
    tab.send(channel, 5, "56789");
    tab.close();
    expect(notes.calls).toEqual([]);
    free();
    await vi.waitFor(() => expect(notes.calls).toEqual(["close cancel"]));
    expect(files.entries).toEqual([]);
  });

  test("because its view ended while the writer was being made", async () => {
    const notes = new Notes();
    let make = (_: Notes) => {};
    const { tab, files } = await openWith(() => new Promise((resolve) => (make = resolve)));
    tab.say("ow:start", { upload: files.ref, entries: ["a"] });
    tab.close();
    make(notes);
    await vi.waitFor(() => expect(notes.calls).toEqual(["close cancel"]));
  });

  test("because its client sent what cannot be", async () => {
    const notes = new Notes();
    const { tab, files } = await openWith(() => notes);
    const { channel } = await tab.channel(files, "a");
    await tab.sent(channel, 3, "x");
    expect(notes.calls).toEqual(["close A part of the file stands at 3, but 0 was next."]);
  });

  test("a complete one is disposed of instead", async () => {
    const notes = new Notes();
    const { tab, files } = await openWith(() => notes);
    await tab.upload(files, "a", "0123456789");
    tab.close();
    await vi.waitFor(() => expect(notes.calls).toEqual(["write 10", "close done", "dispose"]));
  });
});

test("news of a file wait for the view's turn, and come as one", async () => {
  const { tab, files, seen } = await openWith(() => new Notes());
  const { channel } = await tab.channel(files, "a");
  let finish = () => {};
  tab.view.task = () => new Promise<void>((resolve) => (finish = resolve));
  const busy = tab.event("run");
  for (let at = 0; at < 5; at++) await tab.sent(channel, at, "x");
  expect(seen).toEqual([]);
  finish();
  await busy;
  expect(seen).toEqual(["a 50% "]);
});
