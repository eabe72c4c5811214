/** Files that a real browser puts into an S3 store of another origin, past the server, by links that the view has signed. */

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp, html, LiveView, liveFileInput } from "@overwire/server";
import { type Served, serve } from "@overwire/server/node";
import { type S3Storage, s3Storage } from "@overwire/server/s3";
import { describeBrowser } from "@overwire/test-support/chromium";
import { type S3Server, type StoreRequest, startS3 } from "@overwire/test-support/s3-server";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

const MIB = 1024 * 1024;
const poll = <T>(read: () => T | Promise<T>) => expect.poll(read);

let storage: S3Storage;

class Album extends LiveView {
  kept: string[] = [];
  album = this.allowUpload({
    accept: "any",
    maxEntries: 3,
    maxFileSize: 100 * MIB,
    external: (entry) => storage.presign(entry),
  });
  change = this.event(() => {});
  save = this.event(async () => {
    this.kept = await this.album.consume(async ({ key }, { clientName }) => {
      const stored = await storage.head(key);
      return `${clientName} ${stored?.size} ${stored?.contentType} ${key}`;
    });
  });
  drop = this.event(() => this.album.cancel(this.album.entries[0]?.ref ?? ""));

  render() {
    return html`<form phx-change=${this.change} phx-submit=${this.save}>
      ${liveFileInput(this.album)}<button id="save">save</button></form>
      <ul>${this.album.entries.map(
        (entry) => html`<li>${entry.clientName} <b>${entry.progress}</b>
          <i>${entry.errors.map(({ message }) => message).join()}</i>
          <button class="drop" phx-click=${this.drop}>x</button></li>`,
      )}</ul>
      <p>${this.kept.join("; ")}</p>`;
  }
}

describeBrowser("files for an S3 store in Chromium", (browser) => {
  let s3: S3Server;
  let served: Served;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), "overwire-files-"));

  beforeAll(async () => {
    s3 = await startS3();
    const app = createApp({
      secret: "x".repeat(32),
      report: () => {},
      secureHeaders: { contentSecurityPolicy: { connectSrc: ["'self'", "http://127.0.0.1:*"] } },
    });
    app.live("/", Album);
    served = await serve(app, { port: 0, log: false }).ready;
  });
  afterAll(async () => {
    await served.close();
    await s3.stop();
    rmSync(folder, { recursive: true });
  });
  afterEach(async () => {
    await page.context().close();
    s3.fault = () => undefined;
    s3.mend();
    s3.requests.length = 0;
  });

  const partOf = ({ query }: StoreRequest) => Number(query.get("partNumber"));
  const isPart = ({ query }: StoreRequest) => query.has("partNumber");

  async function choose(bytes: Buffer, from = s3): Promise<void> {
    const path = join(folder, "a photo.png");
    writeFileSync(path, bytes);
    storage = s3Storage(from.bucket);
    page = await (await browser().newContext()).newPage();
    await page.goto(served.url);
    await page.locator(".phx-connected").waitFor();
    await page.setInputFiles("input", path);
    await page.locator("li").waitFor();
  }

  /** The stored file is the chosen one. */
  async function expectStored(bytes: Buffer): Promise<void> {
    const kept = page.locator("p", { hasText: `a photo.png ${bytes.length} image/png uploads/` });
    await kept.waitFor();
    const key = (await kept.textContent())?.split(" ").at(-1) as string;
    const stored = await fetch(await storage.url(key));
    expect(Buffer.from(await stored.arrayBuffer()).equals(bytes)).toBe(true);
  }

  const progress = async () => Number(await page.locator("b").textContent());

  test("a file goes up in one request, and the view consumes its key", async () => {
    const bytes = randomBytes(3 * MIB);
    await choose(bytes);
    await page.click("#save");
    await expectStored(bytes);
    expect(s3.requests.filter(({ method }) => method === "PUT")).toHaveLength(1);
  });

  test("a larger one goes up in parts, and after an outage goes on with those that are missing", async () => {
    const bytes = randomBytes(32 * MIB);
    await choose(bytes);
    // The fifth part gets half way.
    s3.fault = (request) => {
      if (!isPart(request) || s3.requests.filter(isPart).length < 5) return;
      return { after: 2 * MIB };
    };
    await page.click("#save");
    await poll(() => s3.requests.filter(isPart).length).toBeGreaterThanOrEqual(5);
    await poll(() => s3.partsTaken.length).toBeGreaterThanOrEqual(2);
    s3.cut();
    const [taken, before] = [s3.partsTaken, s3.requests.length];
    await poll(progress).toBeGreaterThan(20);
    expect(await progress()).toBeLessThan(100);
    s3.fault = () => undefined;
    s3.mend();
    await expectStored(bytes);
    const sentAgain = s3.requests.slice(before).filter(isPart).map(partOf);
    expect(sentAgain.length).toBeGreaterThan(0);
    expect(sentAgain.filter((part) => taken.includes(part))).toEqual([]);
  });

  test("without a network it waits for one", async () => {
    const bytes = randomBytes(22 * MIB);
    await choose(bytes);
    s3.fault = (request) => (partOf(request) === 4 ? "hold" : undefined);
    await page.click("#save");
    await poll(() => s3.requests.filter(isPart).length).toBe(5);
    await page.context().setOffline(true);
    s3.cut();
    await poll(() => s3.requests.every(({ isGone, status }) => isGone || status)).toBe(true);
    s3.fault = () => undefined;
    s3.mend();
    await page.context().setOffline(false);
    await expectStored(bytes);
    expect(s3.partsTaken.filter((part) => part === 4)).toHaveLength(1);
  });

  test("a cancelled upload is aborted in the store", async () => {
    await choose(randomBytes(22 * MIB));
    s3.fault = (request) => (partOf(request) > 1 ? "hold" : undefined);
    await page.click("#save");
    await poll(() => s3.partsTaken).toEqual([1]);
    await page.click(".drop");
    await page.locator("li").waitFor({ state: "detached" });
    await poll(() => s3.requests.at(-1)).toMatchObject({ method: "DELETE", status: 204 });
    const held = s3.requests.filter((request) => isPart(request) && request.status === undefined);
    await poll(() => held.every(({ isGone }) => isGone)).toBe(true);
  });

  test("a refusal of the store is an error of the entry", async () => {
    await choose(randomBytes(22 * MIB));
    s3.fault = (request) => (isPart(request) ? { status: 403 } : undefined);
    await page.click("#save");
    await page.locator("i", { hasText: "The store answered 403 Fault" }).waitFor();
    await poll(() => s3.requests.at(-1)).toMatchObject({ method: "DELETE", status: 204 });
  });

  test("a bucket that hides ETag is an error that says what to do", async () => {
    const hiding = await startS3({ expose: [] });
    try {
      await choose(randomBytes(11 * MIB), hiding);
      await page.click("#save");
      await page.locator("i", { hasText: "must name it in ExposeHeaders" }).waitFor();
    } finally {
      await hiding.stop();
    }
  });
});
