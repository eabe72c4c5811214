/** Uploads in a real browser: an app that is served for a file of tests, a page of it for each test, and files to choose. */
import { createHash, randomUUID } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import type { OverwireApp } from "../../server/src/app/overwire-app.ts";
import type { TempFile, UploadWriter } from "../../server/src/view/uploads/types.ts";
import { idle } from "./chromium.ts";
import { serveApp } from "./served-view.ts";

/** The page's own. */
declare const liveSocket: { readonly idle: boolean };

/** Fingerprint of a file. */
export const hash = (content: Buffer | string): string =>
  createHash("sha256").update(content).digest("hex").slice(0, 16);

/** A file as Playwright chooses it. */
export const file = (name: string, content: string | Buffer = name, mimeType = "text/plain") => ({
  name,
  mimeType,
  buffer: Buffer.from(content),
});

/** Bytes that are nowhere the same. */
export const bytes = (size: number, seed = 31): Buffer =>
  Buffer.from(Array.from({ length: size }, (_, at) => (at * seed) % 251));

/** Called in a `describeBrowser`. */
export function uploadsInBrowser(browser: () => Browser, app: OverwireApp) {
  const served = serveApp(app);
  let page: Page;
  let release = () => {};
  const own = {
    /** For files of the test, and of its writers. */
    folder: "",
    /** Promise that slow writers await before each part. */
    brake: undefined as Promise<void> | undefined,
    /** Errors in the page. */
    trouble: [] as string[],

    get page(): Page {
      return page;
    },

    /** Opens a page and waits until its uploads live. @returns its first file input */
    async open(path: string, before?: (page: Page) => Promise<unknown>) {
      page = await browser().newPage();
      own.trouble = [];
      page.on("pageerror", (error) => own.trouble.push(String(error)));
      page.on("console", (message) => {
        const isOfPage = !message.location().url.endsWith("/favicon.ico");
        if (message.type() === "error" && isOfPage) own.trouble.push(message.text());
      });
      await before?.(page);
      await page.goto(served.url(path));
      await page.waitForFunction(
        () => performance.getEntries().some(({ name }) => name.includes("/uploads-")) && liveSocket.idle,
      );
      return page.locator("input[type=file]").first();
    },

    texts: (selector: string) => page.locator(selector).allTextContents(),
    poll: <Value>(read: () => Value | Promise<Value>) => expect.poll(read),
    eventually: (selector: string) => own.poll(() => own.texts(selector)),
    /** The view has answered all that it was asked. */
    idle: () => idle(page),

    /** Slow writers stop until they are released. */
    hold(): void {
      own.brake = new Promise((resolve) => (release = resolve));
    },
    /** They go on. */
    release: () => release(),
    /** They take one part each. */
    step(): void {
      const go = release;
      own.hold();
      go();
    },
    /** Takes a file when the test lets it. */
    slowWriter(): UploadWriter<TempFile> {
      const chunks: Uint8Array[] = [];
      const path = join(own.folder, randomUUID());
      return {
        meta: { path },
        async write(chunk) {
          await own.brake;
          chunks.push(chunk);
        },
        close: (reason) => (reason === "done" ? writeFile(path, Buffer.concat(chunks)) : undefined),
        dispose: () => rm(path, { force: true }),
      };
    },
    /** Names of what is in the folder. */
    left: () => readdir(own.folder),

    /** Breaks the connection. */
    cut: served.cut,
  };

  beforeAll(async () => {
    own.folder = await mkdtemp(join(tmpdir(), "overwire-uploads-"));
  });
  afterEach(async () => {
    release();
    own.brake = undefined;
    await page.close();
  });
  afterAll(async () => {
    await rm(own.folder, { recursive: true });
  });
  return own;
}
