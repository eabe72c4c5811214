/** Files that a real browser uploads to a real app: chosen, dropped, cancelled, and across a lost connection. */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createApp,
  html,
  LiveView,
  liveFileInput,
  liveImgPreview,
  type TempFile,
  type UploadOptions,
  type UploadWriter,
} from "@overwire/server";
import { type Served, serve } from "@overwire/server/node";
import { describeBrowser } from "@overwire/test-support/chromium";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

/** The page's own. */
declare const liveSocket: { readonly idle: boolean };

declare global {
  interface Window {
    /** All that an element of the form has had. */
    classesSeen: Set<string>;
  }
}

const MB = 1_000_000;
const hash = (content: Buffer | string) => createHash("sha256").update(content).digest("hex").slice(0, 16);

let mounts = 0;
/** Promises that writers await before each chunk. */
let brake: Promise<void> | undefined;

/** A view with an upload. */
const uploading = (
  options: Omit<UploadOptions, "accept"> & Partial<UploadOptions>,
  attributes: object = {},
) =>
  class extends LiveView {
    mounted = ++mounts;
    saved: string[] = [];
    count = 0;
    isDisabled = false;
    files = this.allowUpload({ accept: "any", maxEntries: 2, maxFileSize: 40 * MB, ...options });
    check = this.event(() => {});
    save = this.event(async () => {
      this.saved = await this.files.consume(
        async ({ path }, { clientName }) => `${clientName} ${hash(await readFile(path))}`,
      );
    });
    drop = this.event((payload) => this.files.cancel((payload as { ref: string }).ref));
    click = this.event(() => {
      this.count++;
    });
    toggle = this.event(() => {
      this.isDisabled = !this.isDisabled;
    });
    render() {
      const disabled = this.isDisabled;
      const { ref, errors, entries } = this.files;
      return html`<p id="mounts">${this.mounted}</p>
        <form id="form" phx-change=${this.check} phx-submit=${this.save} phx-drop-target=${ref}>
          <div id="inside"><b>drop here</b></div>
          ${liveFileInput(this.files, { class: disabled ? "off" : "on", disabled, ...attributes })}
          <button id="save">save</button>
        </form>
        <p id="errors">${errors.map(({ code }) => code).join()}</p>
        <ul>${entries.map(
          (entry) => html`<li id=${`entry-${entry.ref}`}>${liveImgPreview(entry, { width: 20 })}
            <i>${entry.clientRelativePath || entry.clientName}</i> <b>${entry.progress}%</b>
            <u>${entry.errors.map(({ code }) => code).join()}</u>
            <button class="drop" phx-click=${this.drop} phx-value-ref=${entry.ref}>cancel</button></li>`,
        )}</ul>
        <ol>${this.saved.map((file) => html`<li>${file}</li>`)}</ol>
        <button id="toggle" phx-click=${this.toggle}>toggle</button>
        <button id="count" phx-click=${this.click}>${this.count}</button>`;
    }
  };

let folder: string;

/** As slow as the test wants it to be. */
function slowWriter(): UploadWriter<TempFile> {
  const chunks: Uint8Array[] = [];
  const path = join(folder, randomUUID());
  return {
    meta: { path },
    async write(chunk) {
      await brake;
      chunks.push(chunk);
    },
    close: () => writeFile(path, Buffer.concat(chunks)),
  };
}

const slow = (options: Partial<UploadOptions> = {}) => uploading({ ...options, writer: slowWriter });

/** A hook hands files to the upload, three at a time. */
class Queue extends LiveView {
  files = this.allowUpload({ accept: "any", maxEntries: 20, autoUpload: true, writer: slowWriter });
  check = this.event(() => {});
  render() {
    return html`<form phx-change=${this.check}>${liveFileInput(this.files)}</form>
      <input type="file" id="queue" multiple phx-hook="Queue" data-done=${this.files.entries.filter(({ done }) => done).length}>
      <ul>${this.files.entries.map((entry) => html`<li><i>${entry.clientName}</i> <b>${entry.progress}%</b></li>`)}</ul>`;
  }
}

class TwoUploads extends LiveView {
  saved: string[] = [];
  one = this.allowUpload({ accept: "any" });
  many = this.allowUpload({ accept: "any", maxEntries: 5, autoUpload: true });
  check = this.event(() => {});
  save = this.event(async () => {
    for (const upload of [this.one, this.many])
      this.saved.push(...(await upload.consume((_, { clientName }) => clientName)));
  });
  render() {
    return html`<form id="form" phx-change=${this.check} phx-submit=${this.save}>
        ${liveFileInput(this.one, { required: true })} <button id="save">save</button></form>
      ${liveFileInput(this.many, { form: "form" })}
      <ul>${this.many.entries.map((entry) => html`<li><b>${entry.progress}%</b></li>`)}</ul>
      <ol>${this.saved.map((file) => html`<li>${file}</li>`)}</ol>`;
  }
}

describeBrowser("uploads in Chromium", (browser) => {
  let served: Served;
  /** Keeps nothing of a connection that is lost. */
  let forgetful: Served;
  let page: Page;
  const sockets = new Set<Socket>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "overwire-uploads-"));
    const app = createApp({ secret: "x".repeat(32), report: () => {} });
    app.live("/two", uploading({}));
    app.live("/text", uploading({ accept: [".txt"], maxEntries: 3, maxFileSize: 100 }));
    app.live("/auto", uploading({ autoUpload: true }));
    app.live("/single", uploading({ maxEntries: 1 }));
    app.live("/directory", uploading({ maxEntries: 10 }, { webkitdirectory: true }));
    app.live("/slow", slow({ maxEntries: 1 }));
    app.live("/slow-auto", slow({ autoUpload: true, maxEntries: 20 }));
    app.live("/queue", Queue);
    app.live("/uploads", TwoUploads);
    served = await serve(app, { port: 0, log: false }).ready;
    const other = createApp({ secret: "x".repeat(32), report: () => {}, limits: { resumeTime: 0 } });
    other.live("/slow", slow({ maxEntries: 1 }));
    forgetful = await serve(other, { port: 0, log: false }).ready;
    for (const { server } of [served, forgetful])
      server.on("connection", (socket) => {
        sockets.add(socket);
        socket.on("close", () => sockets.delete(socket));
      });
  });
  afterAll(async () => {
    await served.close();
    await forgetful.close();
    await rm(folder, { recursive: true });
  });
  afterEach(async () => {
    brake = undefined;
    await page.close();
  });

  const loaded = () =>
    page.waitForFunction(
      () => performance.getEntries().some(({ name }) => name.includes("/uploads-")) && liveSocket.idle,
    );
  async function open(path: string, { url } = served) {
    page = await browser().newPage();
    await page.goto(new URL(path, url).href);
    await loaded();
    return page.locator("input[type=file]").first();
  }
  const file = (name: string, content: string | Buffer = name, mimeType = "text/plain") => ({
    name,
    mimeType,
    buffer: Buffer.from(content),
  });
  const texts = (selector: string) => page.locator(selector).allTextContents();
  const poll = <Value>(read: () => Promise<Value>) => expect.poll(read);
  const eventually = (selector: string) => poll(() => texts(selector));
  const click = (selector: string) => page.click(selector);
  const classes = () => page.locator("#form").getAttribute("class");

  /** The file for uploads may still have to begin when it has been loaded. */
  const takesDrops = () => poll(() => drag(["dragover"], "#inside b")).toEqual([false]);

  /** Drops files on an element, as far as a script can. */
  const drag = (types: readonly string[], selector: string, files: readonly string[] = ["a.txt"]) =>
    page.evaluate(
      ([types, selector, files]) => {
        const data = new DataTransfer();
        for (const name of files) data.items.add(new File([name], name, { type: "text/plain" }));
        if (!files.length) data.setData("text/plain", "a text");
        return types.map((type) => {
          const el = document.querySelector(selector) as Element;
          const event = new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data });
          return el.dispatchEvent(event);
        });
      },
      [types, selector, files] as const,
    );

  test("two files are chosen and submitted, and stored byte for byte", async () => {
    const input = await open("/two");
    await page.evaluate(() => {
      window.classesSeen = new Set();
      const look = () => {
        for (const el of document.querySelectorAll("form, form *"))
          for (const name of el.classList) window.classesSeen.add(name);
      };
      new MutationObserver(look).observe(document.body, { subtree: true, attributes: true });
    });
    const big = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7) % 256));
    await input.setInputFiles([file("big.bin", big), file("empty.txt", "")]);
    await eventually("ul b").toEqual(["0%", "0%"]);
    await click("#save");
    await eventually("ol li").toEqual([`big.bin ${hash(big)}`, `empty.txt ${hash("")}`]);
    await eventually("ul li").toEqual([]);
    expect(await page.evaluate(() => [...window.classesSeen])).toEqual(
      expect.arrayContaining(["phx-change-loading", "phx-submit-loading"]),
    );
    await poll(classes).toBe(null);
    await input.setInputFiles([file("again.txt")]);
    await click("#save");
    await eventually("ol li").toEqual([`again.txt ${hash("again.txt")}`]);
  });

  test("too many files are told of, and submitting them changes nothing", async () => {
    const input = await open("/two");
    await input.setInputFiles([file("1"), file("2"), file("3")]);
    await eventually("#errors").toEqual(["too_many_files"]);
    for (const _ of [1, 2]) {
      await click("#save");
      await page.waitForFunction(() => liveSocket.idle);
      await poll(classes).toBe(null);
      expect([await texts("ul b"), await texts("#mounts")]).toEqual([
        ["0%", "0%", "0%"],
        [expect.any(String)],
      ]);
    }
    await page.locator(".drop").first().click();
    await eventually("#errors").toEqual([""]);
    await click("#save");
    await eventually("ol li").toEqual([`2 ${hash("2")}`, `3 ${hash("3")}`]);
  });

  test("files of another kind or too large are told of; the form can be used again without them", async () => {
    const input = await open("/text");
    await input.setInputFiles([
      file("a.png", "a", "image/png"),
      file("b.txt", "b".repeat(101)),
      file("c.txt"),
    ]);
    await eventually("ul u").toEqual(["not_accepted", "too_large", ""]);
    await click("#save");
    await page.waitForFunction(() => liveSocket.idle);
    await poll(classes).toBe(null);
    expect(await texts("ol li")).toEqual([]);
    await page.locator(".drop").first().click();
    await eventually("ul u").toEqual(["too_large", ""]);
    await page.locator(".drop").first().click();
    await eventually("ul u").toEqual([""]);
    await click("#save");
    await eventually("ol li").toEqual([`c.txt ${hash("c.txt")}`]);
  });

  test("an automatic upload needs no submit, which then takes it", async () => {
    const input = await open("/auto");
    await input.setInputFiles([file("a.txt")]);
    await eventually("ul b").toEqual(["100%"]);
    await click("#save");
    await eventually("ol li").toEqual([`a.txt ${hash("a.txt")}`]);
  });

  test("a file that was cancelled is not uploaded, and another may be chosen", async () => {
    const input = await open("/single");
    await input.setInputFiles([file("a.txt")]);
    await eventually("ul i").toEqual(["a.txt"]);
    expect(await input.evaluate((el) => (el as HTMLInputElement).files?.length)).toBe(1);
    await click(".drop");
    await eventually("ul i").toEqual([]);
    expect(await input.evaluate((el) => (el as HTMLInputElement).files?.length)).toBe(0);
    await input.setInputFiles([file("b.txt")]);
    await eventually("ul i").toEqual(["b.txt"]);
    await input.setInputFiles([file("c.txt")]);
    await eventually("ul i").toEqual(["c.txt"]);
    await click("#save");
    await eventually("ol li").toEqual([`c.txt ${hash("c.txt")}`]);
  });

  test("attributes of the input follow the server, and its file stays", async () => {
    const input = await open("/single");
    await input.setInputFiles([file("a.txt")]);
    await eventually("ul i").toEqual(["a.txt"]);
    const state = () =>
      input.evaluate((el) => {
        const { disabled, className, files } = el as HTMLInputElement;
        return [disabled, className, files?.length];
      });
    await click("#toggle");
    await poll(state).toEqual([true, "off", 1]);
    await click("#toggle");
    await poll(state).toEqual([false, "on", 1]);
    await click("#save");
    await eventually("ol li").toEqual([`a.txt ${hash("a.txt")}`]);
  });

  test("files are dropped, for an input of several and of one", async () => {
    for (const path of ["/two", "/single"]) {
      const input = await open(path);
      await takesDrops();
      expect(await drag(["drop"], "#inside b")).toEqual([false]);
      await eventually("ul i").toEqual(["a.txt"]);
      const shown = () => input.evaluate((el) => (el as HTMLInputElement).files?.length);
      await poll(shown).toBe(path === "/single" ? 1 : 0);
      await click("#save");
      await eventually("ol li").toEqual([`a.txt ${hash("a.txt")}`]);
      if (path === "/two") await page.close();
    }
  });

  test("an input that is disabled takes no files that are dropped", async () => {
    await open("/two");
    await click("#toggle");
    await page.waitForFunction(() => document.querySelector("input")?.disabled);
    await takesDrops();
    expect(await drag(["drop"], "#inside b")).toEqual([false]);
    await page.waitForFunction(() => liveSocket.idle);
    expect(await texts("ul i")).toEqual([]);
  });

  test("a target of files shows it while they are over it, also when the page is patched", async () => {
    await open("/two");
    await takesDrops();
    await drag(["dragleave"], "#inside b");
    await drag(["dragenter"], "#form", []);
    expect(await classes()).toBe(null);
    await drag(["dragenter"], "#form");
    await drag(["dragenter"], "#inside");
    await drag(["dragleave"], "#form");
    expect(await classes()).toBe("phx-drop-target-active");
    await page.evaluate(() => (document.querySelector("#toggle") as HTMLElement).click());
    await page.waitForFunction(() => document.querySelector("input")?.disabled);
    expect(await classes()).toBe("phx-drop-target-active");
    await drag(["dragleave"], "#inside");
    expect(await classes()).toBe(null);
  });

  test("images are shown before they are uploaded", async () => {
    const input = await open("/two");
    const dot =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    await input.setInputFiles([file("dot.png", Buffer.from(dot, "base64"), "image/png")]);
    const image = page.locator("ul img");
    await poll(() => image.evaluate((el) => (el as HTMLImageElement).naturalWidth)).toBe(1);
    const url = (await image.getAttribute("src")) ?? "";
    expect(url).toMatch(/^blob:/);
    await click("#toggle");
    await page.waitForFunction(() => document.querySelector("input")?.disabled);
    expect(await image.getAttribute("src")).toBe(url);
    await click(".drop");
    await eventually("ul img").toEqual([]);
    const isThere = () =>
      page.evaluate(
        (url) =>
          fetch(url).then(
            () => true,
            () => false,
          ),
        url,
      );
    await poll(isThere).toBe(false);
  });

  test("a directory is chosen with the paths of its files", async () => {
    const input = await open("/directory");
    await mkdir(join(folder, "photos", "old"), { recursive: true });
    await writeFile(join(folder, "photos", "1.png"), "1");
    await writeFile(join(folder, "photos", "old", "0.png"), "0");
    await input.setInputFiles(join(folder, "photos"));
    await poll(async () => (await texts("ul i")).sort()).toEqual(["photos/1.png", "photos/old/0.png"]);
  });

  test("several uploads of one form, one of them elsewhere in the page, are all waited for", async () => {
    const input = await open("/uploads");
    await input.setInputFiles([file("one.txt")]);
    await page
      .locator("input[type=file]")
      .last()
      .setInputFiles([file("2"), file("3"), file("4")]);
    await click("#save");
    await eventually("ol li").toEqual(["one.txt", "2", "3", "4"]);
    expect(await input.evaluate((el) => (el as HTMLInputElement).required)).toBe(true);
  });

  test("many files go a few at a time, and all arrive", async () => {
    const input = await open("/slow-auto");
    await input.setInputFiles(
      Array.from({ length: 20 }, (_, at) => file(`${at}.txt`, "x".repeat(70_000 + at))),
    );
    await eventually("ul b").toEqual(Array(20).fill("100%"));
  });

  test("a hook uploads a queue of files, three at a time", async () => {
    page = await browser().newPage();
    await page.addInitScript(() => {
      type Context = { upload(name: string, files: readonly File[]): void };
      const Queue = (el: HTMLInputElement, { upload }: Context) => {
        let waiting: File[] = [];
        let given = 0;
        const updated = () => {
          const next = waiting.splice(0, 3 - (given - Number(el.dataset["done"])));
          given += next.length;
          if (next.length) upload("files", next);
        };
        el.addEventListener("change", () => {
          waiting = [...(el.files ?? [])];
          updated();
        });
        return { updated };
      };
      Object.assign(window, { Overwire: { hooks: { Queue } } });
    });
    await page.goto(new URL("/queue", served.url).href);
    await loaded();
    const names = Array.from({ length: 20 }, (_, at) => `${at}.txt`);
    await page.setInputFiles(
      "#queue",
      names.map((name) => file(name, "x".repeat(70_000))),
    );
    await eventually("ul b").toEqual(Array(20).fill("100%"));
    expect(await texts("ul i")).toEqual(names);
  });

  test("a cancelled file is not sent any further, and the form goes on without it", async () => {
    let release = () => {};
    brake = new Promise((resolve) => (release = resolve));
    const input = await open("/slow");
    await input.setInputFiles([file("a.txt", "x".repeat(500_000))]);
    await click("#save");
    await poll(classes).toBe("phx-submit-loading");
    // The button is elsewhere than in the form.
    await click(".drop");
    await poll(classes).toBe(null);
    release();
    await eventually("ul i").toEqual([]);
    expect(await texts("ol li")).toEqual([]);
    await input.setInputFiles([file("b.txt")]);
    await click("#save");
    await eventually("ol li").toEqual([`b.txt ${hash("b.txt")}`]);
  });

  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };

  test("a file resumes when the connection is lost on the way", async () => {
    let release = () => {};
    brake = new Promise((resolve) => (release = resolve));
    const input = await open("/slow");
    const content = Buffer.from(Array.from({ length: 1_000_000 }, (_, at) => (at * 31) % 251));
    await input.setInputFiles([file("a.bin", content)]);
    const [mounted] = await texts("#mounts");
    await click("#save");
    await poll(classes).toBe("phx-submit-loading");
    release();
    await page.waitForFunction(
      () => Number.parseInt(document.querySelector("ul b")?.textContent ?? "", 10) > 5,
    );
    brake = new Promise((resolve) => (release = resolve));
    cut();
    release();
    await eventually("ol li").toEqual([`a.bin ${hash(content)}`]);
    expect(await texts("#mounts")).toEqual([mounted]);
    await poll(classes).toBe(null);
  });

  test("files are kept, and the submit that waits for them, if the view is mounted anew", async () => {
    let release = () => {};
    brake = new Promise((resolve) => (release = resolve));
    const input = await open("/slow", forgetful);
    const content = "y".repeat(500_000);
    await input.setInputFiles([file("a.txt", content)]);
    const [mounted] = await texts("#mounts");
    await click("#save");
    await poll(classes).toBe("phx-submit-loading");
    cut();
    release();
    await eventually("ol li").toEqual([`a.txt ${hash(content)}`]);
    expect(Number((await texts("#mounts"))[0])).toBeGreaterThan(Number(mounted));
  });

  test("events do not wait behind a large file", async () => {
    const input = await open("/auto");
    const content = Buffer.alloc(30 * MB, "large");
    await writeFile(join(folder, "large.bin"), content);
    await input.setInputFiles(join(folder, "large.bin"));
    // In the page, since what is outside of it may be slower than the whole file.
    const clicks = await page.evaluate(async () => {
      const button = document.querySelector("#count") as HTMLElement;
      let clicks = 0;
      while (document.querySelector("ul b")?.textContent !== "100%") {
        button.click();
        clicks++;
        while (button.textContent !== `${clicks}`) await new Promise((resolve) => setTimeout(resolve));
      }
      return clicks;
    });
    // Each was answered while the file was on its way.
    expect(clicks).toBeGreaterThan(2);
    await click("#save");
    await eventually("ol li").toEqual([`large.bin ${hash(content)}`]);
  });
});
