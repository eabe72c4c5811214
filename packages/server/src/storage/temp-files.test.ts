/** Temporary files of uploads on the disk: who may read them, and that none is left. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { codes, inTurn, openTab, openUpload } from "@overwire/test-support/upload-tab";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { html } from "../template/html.ts";
import { LiveComponent } from "../view/live-component.ts";
import { LiveView } from "../view/live-view.ts";
import { liveFileInput } from "../view/uploads/file-input.ts";
import { postpone } from "../view/uploads/postpone.ts";
import { openTempFile } from "./temp-files.ts";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "overwire-test-"));
  vi.stubEnv("TMPDIR", root);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true, force: true });
});

const left = () => readdirSync(root);
const nothingLeft = () => vi.waitFor(() => expect(left()).toEqual([]));
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

test("a file is the server's alone, in a directory of its own, under a generated name", async () => {
  const file = await openTempFile();
  await file.write(Buffer.from("hello "));
  await file.write(Buffer.from("world"));
  await file.close("done");
  const { path } = file.meta;
  expect(readFileSync(path, "utf8")).toBe("hello world");
  expect(path).toMatch(/overwire-[^/]+\/[0-9a-f-]{36}$/);
  expect([mode(path), mode(dirname(path))]).toEqual(["600", "700"]);
  await file.dispose?.();
  expect(left()).toEqual([]);
});

test("directories of processes that were killed are removed at the first upload, and no others", async () => {
  const file = await openTempFile();
  const own = basename(dirname(file.meta.path));
  await file.dispose?.();
  // No process has a number that large.
  const dead = own.replace(`-${process.pid}-`, "-4999999-");
  const others = [own.replace(`-${process.pid}-`, `-${process.ppid}-`), "overwire-other", `x${dead}`];
  for (const name of [dead, ...others]) mkdirSync(join(root, name));
  symlinkSync(root, join(root, `${dead}x`));
  vi.resetModules();
  const next = await import("./temp-files.ts");
  const again = await next.openTempFile();
  await vi.waitFor(() => expect(left()).not.toContain(dead));
  expect(left()).toEqual(expect.arrayContaining([...others, `${dead}x`]));
  await again.dispose?.();
});

test("a file is made with its first bytes, or when it is known to be empty: many may wait for their turn", async () => {
  const [waiting, empty] = [await openTempFile(), await openTempFile()];
  expect([existsSync(waiting.meta.path), existsSync(empty.meta.path)]).toEqual([false, false]);
  await waiting.write(Buffer.from("x"));
  await empty.close("done");
  expect([existsSync(waiting.meta.path), existsSync(empty.meta.path)]).toEqual([true, true]);
  expect(mode(empty.meta.path)).toBe("600");
  await waiting.close("cancel");
  await empty.dispose?.();
  await nothingLeft();
});

test("a name that another process has taken is never written through", async () => {
  const file = await openTempFile();
  const target = join(root, "target");
  symlinkSync(target, file.meta.path);
  await expect(file.write(Buffer.from("x"))).rejects.toThrow("The server could not store the file.");
  expect(existsSync(target)).toBe(false);
  await file.close(new Error("not stored"));
  await nothingLeft();
});

test("a directory that was tidied away costs the files in it, not those that come", async () => {
  const lost = await openTempFile();
  rmSync(dirname(lost.meta.path), { recursive: true });
  await expect(lost.write(Buffer.from("x"))).rejects.toThrow("could not store");
  const next = await openTempFile();
  await next.write(Buffer.from("x"));
  await lost.close(new Error("not stored"));
  await next.close("cancel");
  await nothingLeft();
});

test("files share a directory, which goes with the last of them", async () => {
  const files = await Promise.all([openTempFile(), openTempFile(), openTempFile()]);
  expect(new Set(files.map(({ meta }) => dirname(meta.path))).size).toBe(1);
  await files[0].close("cancel");
  await files[1].close(new Error("the client is gone"));
  expect(left()).toHaveLength(1);
  await files[2].close("done");
  await files[2].dispose?.();
  expect(left()).toEqual([]);
  const next = await openTempFile();
  await next.write(Buffer.from("x"));
  expect(existsSync(next.meta.path)).toBe(true);
  await next.close("cancel");
  await nothingLeft();
});

test("a disk that allows nothing fails the file, in words that name no directory", async () => {
  vi.stubEnv("TMPDIR", join(root, "is-not-there"));
  const tab = await openUpload();
  const { files } = tab.view;
  await tab.choose(files, { ref: "a" });
  expect(await tab.start(files, "a")).toEqual({ errors: [["a", "writer_failure"]] });
  expect(files.entries[0]?.errors[0]?.message).toBe("The server could not store the file.");
  expect(tab.reports).toMatchObject([{ kind: "warning", error: { cause: { code: "ENOENT" } } }]);
  vi.stubEnv("TMPDIR", root);
  await tab.event("cancel", { ref: "a" });
  await tab.choose(files, { ref: "b", size: 1 });
  await tab.upload(files, "b", "b");
  tab.close();
  await nothingLeft();
});

describe("nothing is left of a file", () => {
  /** Joins a view with a file of 10 bytes, half of which is there. */
  async function halfway() {
    const tab = await openUpload();
    const { files } = tab.view;
    await tab.choose(files, { ref: "a" });
    const { channel } = await tab.channel(files, "a");
    await tab.sent(channel, 0, "01234");
    expect(left()).toHaveLength(1);
    return { tab, files, channel };
  }

  test("that is consumed", async () => {
    const { tab, files, channel } = await halfway();
    await tab.sent(channel, 5, "56789");
    await inTurn(tab, () => files.consume(() => postpone("later")));
    expect(left()).toHaveLength(1);
    await inTurn(tab, () => files.consume(() => "now"));
    expect(left()).toEqual([]);
  });

  test("that is cancelled while it comes, or when it is there", async () => {
    const half = await halfway();
    await half.tab.event("cancel", { ref: "a" });
    await nothingLeft();
    const whole = await halfway();
    await whole.tab.sent(whole.channel, 5, "56789");
    await whole.tab.event("cancel", { ref: "a" });
    await nothingLeft();
  });

  test("that fails", async () => {
    const { tab, files, channel } = await halfway();
    await tab.sent(channel, 9, "x");
    expect(codes(files.entries[0])).toEqual(["out_of_order"]);
    await nothingLeft();
  });

  test("of a view that ends, also if something is being written", async () => {
    const { tab, channel } = await halfway();
    tab.send(channel, 5, "5678");
    tab.close();
    await nothingLeft();
  });

  test("of a client that does not come back", async () => {
    const tab = await openUpload({}, { resumeTime: 20 });
    const { files } = tab.view;
    await tab.choose(files, { ref: "a" });
    await tab.upload(files, "a", "0123456789");
    tab.lose();
    expect(left()).toHaveLength(1);
    await nothingLeft();
  });

  test("of a view that ends while it is being made", async () => {
    const tab = await openUpload();
    const { files } = tab.view;
    await tab.choose(files, { ref: "a" });
    tab.say("ow:start", { upload: files.ref, entries: ["a"] });
    tab.close();
    await nothingLeft();
  });

  test("of a view that crashes, or of a component that is taken away", async () => {
    class Inner extends LiveComponent {
      files = this.allowUpload({ accept: "any" });
      override render() {
        return html`<p>${liveFileInput(this.files)}</p>`;
      }
    }
    class Page extends LiveView {
      isOpen = true;
      close = this.event(() => {
        this.isOpen = false;
      });
      crash = this.event(() => {
        throw new Error("crash");
      });
      override render() {
        return html`<main>${this.isOpen && html`<${Inner} id="inner" />`}</main>`;
      }
    }
    for (const event of ["crash", "close"]) {
      const tab = await openTab(Page);
      const files = { ref: /data-ow-upload="([^"]*)"/.exec(tab.page)?.[1] ?? "" };
      await tab.choose(files, { ref: "a" });
      const { channel } = await tab.channel(files, "a");
      await tab.sent(channel, 0, "01234");
      expect(left()).toHaveLength(1);
      await tab.event(event);
      await nothingLeft();
      tab.close();
    }
  });

  test.each(["SIGHUP", "SIGINT", "SIGTERM"] as const)(
    "when %s ends the server's process, unless somebody listens who has something to finish",
    async (signal) => {
      const { tab } = await halfway();
      const others = process.listeners(signal).filter(({ name }) => name !== "die");
      for (const listener of others) process.off(signal, listener);
      const kill = vi.spyOn(process, "kill").mockReturnValue(true);
      try {
        const [die, ...more] = process.listeners(signal);
        expect(more).toEqual([]);
        const drain = () => {};
        process.on(signal, drain);
        die?.(signal);
        expect([kill.mock.calls, left().length]).toEqual([[], 1]);
        process.off(signal, drain);
        die?.(signal);
        expect([kill.mock.calls, left()]).toEqual([[[process.pid, signal]], []]);
        expect(process.listeners(signal)).toEqual([]);
      } finally {
        kill.mockRestore();
        for (const listener of others) process.on(signal, listener);
      }
      tab.close();
      await vi.waitFor(() =>
        expect(process.listeners("exit").map(({ name }) => name)).not.toContain("removeAll"),
      );
    },
  );

  test("when the server's process ends", async () => {
    const { tab } = await halfway();
    // Node's own behaviour then, asked of the listener that was left for it.
    const listeners = process.listeners("exit").filter(({ name }) => name.includes("removeAll"));
    expect(listeners).toHaveLength(1);
    listeners[0]?.(0);
    expect(left()).toEqual([]);
    tab.close();
    await vi.waitFor(() => expect(process.listeners("exit")).not.toContain(listeners[0]));
  });
});
