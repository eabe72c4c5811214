/**
 * Trouble while files are uploaded: files that change, users who change their minds, pages and views that go.
 */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createApp, html, LiveView, liveFileInput, type UploadOptions } from "@overwire/server";
import { describeBrowser } from "@overwire/test-support/chromium";
import { bytes, file, hash, uploadsInBrowser } from "@overwire/test-support/uploads-browser";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";

describeBrowser("uploads in trouble, in Chromium", (browser) => {
  const app = createApp({ secret: "x".repeat(32), report: () => {} });
  let mounts = 0;

  const uploading = (options: Omit<UploadOptions, "accept"> = {}) =>
    class extends LiveView {
      mounted = ++mounts;
      saves = 0;
      saved: string[] = [];
      shows = true;
      files = this.#allow();
      #allow() {
        const writer = () => here.slowWriter();
        return this.allowUpload({
          accept: "any",
          maxFileSize: 10_000_000,
          name: "files",
          writer,
          ...options,
        });
      }
      check = this.event(() => {});
      save = this.event(async () => {
        this.saves++;
        const read = async ({ path }: { path: string }, { clientName }: { clientName: string }) =>
          `${clientName} ${hash(await readFile(path))}`;
        this.saved.push(...(await this.files.consume(read)));
      });
      drop = this.event((payload) => this.files.cancel((payload as { ref: string }).ref));
      toggle = this.event(() => {
        this.shows = !this.shows;
      });
      crash = this.event(() => {
        throw new Error("crash");
      });
      anew = this.event(async () => {
        await this.files.consume(() => {});
        this.files = this.#allow();
      });
      leave = this.event(() => this.pushNavigate("/other"));
      render() {
        const { entries } = this.files;
        return html`<p id="mounts">${this.mounted}</p><p id="saves">${this.saves}</p>
          <form id="form" phx-change=${this.check} phx-submit=${this.save}>
            ${this.shows && html`<p>${liveFileInput(this.files)}</p>`}<button id="save">save</button></form>
          ${["toggle", "crash", "anew", "leave"].map((name) => html`<button id=${name} phx-click=${name}>${name}</button>`)}
          <ul>${entries.map(
            (entry) => html`<li><i>${entry.clientName}</i> <b>${entry.progress}%</b>
              <u>${entry.errors.map(({ code }) => code).join()}</u>
              <button class="drop" phx-click=${this.drop} phx-value-ref=${entry.ref}>cancel</button></li>`,
          )}</ul>
          <ol>${this.saved.map((text) => html`<li>${text}</li>`)}</ol>`;
      }
    };
  class Other extends LiveView {
    render() {
      return html`<h1>other</h1>`;
    }
  }

  app.live("/one", uploading());
  app.live("/many", uploading({ maxEntries: 100 }));
  app.live("/auto", uploading({ maxEntries: 100, autoUpload: true }));
  app.live("/other", Other);
  const here = uploadsInBrowser(browser, app);
  const { eventually, texts, poll } = here;
  const click = (selector: string) => here.page.click(selector);
  const classes = () => here.page.locator("#form").getAttribute("class");
  /** Events that the page sends. */
  const sentIn = (page: Page) => {
    const sent: string[] = [];
    page.on("websocket", (socket) =>
      socket.on("framesent", ({ payload }) => {
        if (typeof payload === "string") sent.push(payload);
      }),
    );
    return sent;
  };

  test("a file that is deleted after it was chosen fails at once, and the form can be used without it", async () => {
    const input = await here.open("/many");
    const path = join(here.folder, "gone.txt");
    await writeFile(path, "gone");
    await input.setInputFiles(path);
    await eventually("ul i").toEqual(["gone.txt"]);
    await input.setInputFiles([file("b.txt")]);
    await eventually("ul i").toEqual(["gone.txt", "b.txt"]);
    await rm(path);
    await click("#save");
    await eventually("ul u").toEqual(["client_failure", ""]);
    await poll(classes).toBe(null);
    await poll(() => here.trouble.join()).toContain("gone.txt cannot be read");
    await here.page.locator(".drop").first().click();
    await eventually("ul i").toEqual(["b.txt"]);
    await click("#save");
    await eventually("ol li").toEqual([`b.txt ${hash("b.txt")}`]);
  });

  test("a file that is changed while it is uploaded is not stored half from before and half from after", async () => {
    const input = await here.open("/auto");
    const path = join(here.folder, "changed.bin");
    await writeFile(path, bytes(2_000_000));
    here.hold();
    await input.setInputFiles(path);
    await eventually("ul b").toEqual(["0%"]);
    await writeFile(path, bytes(2_000_000, 17));
    here.release();
    await eventually("ul u").toEqual(["client_failure"]);
    expect(await texts("ol li")).toEqual([]);
    await rm(path);
  });

  test("the same file may be chosen twice, and again after it was taken away", async () => {
    const input = await here.open("/many");
    for (const _ of [1, 2]) await input.setInputFiles([file("a.txt")]);
    await eventually("ul i").toEqual(["a.txt", "a.txt"]);
    await here.page.locator(".drop").first().click();
    await eventually("ul i").toEqual(["a.txt"]);
    await input.setInputFiles([file("a.txt")]);
    await eventually("ul i").toEqual(["a.txt", "a.txt"]);
    await click("#save");
    const saved = `a.txt ${hash("a.txt")}`;
    await eventually("ol li").toEqual([saved, saved]);
  });

  test("a form that is submitted twice while its files come is submitted once", async () => {
    const input = await here.open("/one");
    here.hold();
    await input.setInputFiles([file("a.txt")]);
    await eventually("ul i").toEqual(["a.txt"]);
    await click("#save");
    await poll(classes).toBe("phx-submit-loading");
    // As with the return key: its buttons are disabled.
    for (const _ of [1, 2])
      await here.page.evaluate(() => document.querySelector<HTMLFormElement>("#form")?.requestSubmit());
    here.release();
    await eventually("ol li").toEqual([`a.txt ${hash("a.txt")}`]);
    await here.idle();
    expect(await texts("#saves")).toEqual(["1"]);
    expect(here.trouble).toEqual([]);
  });

  test("another file takes the place of the one that is on its way, with the submit that waits", async () => {
    const input = await here.open("/one");
    here.hold();
    await input.setInputFiles([file("a.bin", bytes(500_000))]);
    await click("#save");
    await poll(classes).toBe("phx-submit-loading");
    await input.setInputFiles([file("b.txt")]);
    await eventually("ul i").toEqual(["b.txt"]);
    here.release();
    await eventually("ol li").toEqual([`b.txt ${hash("b.txt")}`]);
    await poll(classes).toBe(null);
  });

  test("an input that leaves the page on the way, and comes back, resumes", async () => {
    const input = await here.open("/auto");
    const content = bytes(700_000);
    here.hold();
    await input.setInputFiles([file("a.bin", content)]);
    await eventually("ul b").toEqual(["0%"]);
    await click("#toggle");
    await poll(() => here.page.locator("input[type=file]").count()).toBe(0);
    here.release();
    await click("#toggle");
    await eventually("ul b").toEqual(["100%"]);
    await click("#save");
    await eventually("ol li").toEqual([`a.bin ${hash(content)}`]);
    expect(here.trouble).toEqual([]);
  });

  test("an input that was away while its form waited still has its files when it is submitted", async () => {
    const input = await here.open("/one");
    const [mounted] = await texts("#mounts");
    await input.setInputFiles([file("a.txt")]);
    await eventually("ul i").toEqual(["a.txt"]);
    await click("#toggle");
    await poll(() => here.page.locator("input[type=file]").count()).toBe(0);
    await click("#toggle");
    await poll(() => input.evaluate((el) => (el as HTMLInputElement).files?.length)).toBe(1);
    await click("#save");
    await eventually("ol li").toEqual([`a.txt ${hash("a.txt")}`]);
    expect(await texts("#mounts")).toEqual([mounted]);
  });

  test("an upload that is allowed anew is another, and has none of the files of the one before", async () => {
    const input = await here.open("/auto");
    await input.setInputFiles([file("a.txt")]);
    await eventually("ul b").toEqual(["100%"]);
    await click("#anew");
    await eventually("ul i").toEqual([]);
    await here.idle();
    expect(await texts("ul i")).toEqual([]);
    await here.page.locator("input[type=file]").setInputFiles([file("b.txt")]);
    await eventually("ul b").toEqual(["100%"]);
    await click("#save");
    await eventually("ol li").toEqual([`b.txt ${hash("b.txt")}`]);
    expect(here.trouble).toEqual([]);
  });

  test("100 small files arrive, each once, with few questions", async () => {
    let sent: string[] = [];
    const input = await here.open("/auto", async (page) => {
      sent = sentIn(page);
    });
    const names = Array.from({ length: 100 }, (_, at) => `${at}.txt`);
    await input.setInputFiles(names.map((name) => file(name)));
    await eventually("ul b").toEqual(names.map(() => "100%"));
    await click("#save");
    await eventually("ol li").toEqual(names.map((name) => `${name} ${hash(name)}`));
    expect(sent.filter((frame) => /"ow:(files|start)"/.test(frame)).length).toBeLessThanOrEqual(4);
  });

  test("a line that breaks again and again only takes time", async () => {
    const input = await here.open("/auto");
    const [mounted] = await texts("#mounts");
    const content = bytes(3_000_000);
    here.hold();
    await input.setInputFiles([file("a.bin", content)]);
    await eventually("ul b").toEqual(["0%"]);
    let before = 0;
    for (const _ of [1, 2, 3, 4]) {
      const percent = async () => Number.parseInt((await texts("ul b"))[0] ?? "", 10);
      // A step is for what has arrived: the first part may still be on its way.
      const stepped = () => {
        here.step();
        return percent();
      };
      await poll(stepped).toBeGreaterThan(before);
      before = await percent();
      here.cut();
    }
    here.release();
    here.brake = undefined;
    await eventually("ul b").toEqual(["100%"]);
    await click("#save");
    await eventually("ol li").toEqual([`a.bin ${hash(content)}`]);
    expect(await texts("#mounts")).toEqual([mounted]);
  });

  test("a view that ends on the way is given its files again, with the submit that waits", async () => {
    const input = await here.open("/one");
    const content = bytes(500_000);
    const [mounted] = await texts("#mounts");
    here.hold();
    await input.setInputFiles([file("a.bin", content)]);
    await click("#save");
    await poll(classes).toBe("phx-submit-loading");
    await click("#crash");
    await poll(async () => (await texts("#mounts"))[0] !== mounted).toBe(true);
    here.release();
    await eventually("ol li").toEqual([`a.bin ${hash(content)}`]);
    await poll(classes).toBe(null);
  });

  test("a user who leaves on the way, by a link or altogether, leaves nothing behind", async () => {
    for (const leave of [() => click("#leave"), () => here.page.goto("about:blank")]) {
      const input = await here.open("/auto");
      await input.setInputFiles([file("b.txt")]);
      await eventually("ul b").toEqual(["100%"]);
      here.hold();
      await input.setInputFiles([file("a.bin", bytes(500_000))]);
      await eventually("ul b").toEqual(["100%", "0%"]);
      await leave();
      here.release();
      await poll(here.left).toEqual([]);
      here.brake = undefined;
      expect(here.trouble).toEqual([]);
      if (leave.name === "") await here.page.close();
    }
  });
});
