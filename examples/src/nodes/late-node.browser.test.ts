/** A node that starts when others have been at work for a while, in a browser: its pages show what was there before. */
import { describeBrowser } from "@overwire/test-support/chromium";
import { describeRedis, type RedisServer, startRedis } from "@overwire/test-support/redis-server";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Nodes, startNodes } from "./nodes.ts";

describeRedis("a node that starts later", () => {
  describeBrowser("in a browser", (browser) => {
    let redis: RedisServer;
    let nodes: Nodes;
    let pages: Page[] = [];
    beforeAll(async () => {
      redis = await startRedis();
      nodes = await startNodes(1, { port: 0, redis: redis.url });
    });
    afterAll(async () => {
      await nodes.close();
      await redis.stop();
    });

    const visit = async (port: number, path: string) => {
      const page = await (await browser().newContext({ baseURL: `http://localhost:${port}` })).newPage();
      pages.push(page);
      await page.goto(path);
      await page.locator("[data-ow-view].phx-connected").first().waitFor();
      return page;
    };

    const inked = (page: Page) =>
      page.locator("#board canvas").evaluate((canvas: HTMLCanvasElement) => {
        const data = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        return data.some((part) => part > 0);
      });

    const draw = async (page: Page) => {
      await page.locator("#board button:enabled").waitFor();
      const paper = page.locator("#board canvas");
      await paper.focus();
      for (const key of ["Space", "ArrowRight", "ArrowDown", "Space"]) await page.keyboard.press(key);
    };

    test("has the posts, the notifications, the photos and the strokes from before", async () => {
      const [first = 0] = nodes.ports;
      const posts = await visit(first, "/posts");
      await posts.getByRole("button", { name: "Delete “Open this page" }).click();
      await posts.getByRole("textbox", { name: "New post" }).fill("Early post");
      await posts.getByRole("button", { name: "Post" }).click();
      await posts.locator(".post", { hasText: "Early post" }).waitFor();

      const desk = await visit(first, "/notifications/desk?as=Ann");
      await desk.getByRole("textbox", { name: "Text" }).fill("Early notice");
      await desk.getByRole("button", { name: "Send" }).click();
      await desk.getByText("Sent to everyone").waitFor();

      const album = await visit(first, "/album");
      const photo = Buffer.from(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
        "base64",
      );
      await album
        .locator("input[type=file]")
        .setInputFiles({ name: "early.png", mimeType: "image/png", buffer: photo });
      await album.getByRole("button", { name: "Add this photo" }).click();
      await album.getByRole("img", { name: "early.png" }).waitFor();

      const board = await visit(first, "/board");
      await draw(board);
      await expect.poll(() => inked(board)).toBe(true);
      const early = await visit(first, "/board");
      await expect.poll(() => inked(early)).toBe(true);

      const late = await nodes.add();
      const latePosts = await visit(late, "/posts");
      await latePosts.locator(".post", { hasText: "Early post" }).waitFor();
      expect(await latePosts.locator(".post").allTextContents()).toHaveLength(2);
      await latePosts.getByRole("button", { name: "Delete “Early post”" }).click();
      await expect.poll(() => posts.locator(".post").count()).toBe(1);

      const inbox = await visit(late, "/notifications?as=Bob");
      await inbox.getByText("Early notice").waitFor();

      const lateAlbum = await visit(late, "/album");
      const shown = lateAlbum.getByRole("img", { name: "early.png" });
      await shown.waitFor();
      await expect.poll(() => shown.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(1);
      await lateAlbum.getByRole("button", { name: "Delete early.png" }).click();
      await expect.poll(() => album.locator(".photos img").count()).toBe(0);

      const lateBoard = await visit(late, "/board");
      await expect.poll(() => inked(lateBoard)).toBe(true);
      await lateBoard.getByRole("button", { name: "Clear" }).click();
      for (const page of [board, early, lateBoard]) await expect.poll(() => inked(page)).toBe(false);
      for (const page of pages) await page.context().close();
      pages = [];
    });
  });
});
