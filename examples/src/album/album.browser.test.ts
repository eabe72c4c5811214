/** The album in a browser: files dropped from outside, their previews, and pictures that are really shown. */

import { describeBrowser } from "@overwire/test-support/chromium";
import type { Page } from "playwright-core";
import { afterEach, expect, test } from "vitest";
import { openGallery } from "../shared/browser-harness.ts";
import { photoStore } from "./photo-store.ts";
import { allPhotos, forgetPhoto } from "./photos.ts";

/** A PNG of one pixel, with something behind it where it is to be larger. */
const png = (size = 0) =>
  Buffer.concat([
    Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
      "base64",
    ),
    Buffer.alloc(size),
  ]);
const file = (name: string, size?: number) => ({ name, mimeType: "image/png", buffer: png(size) });

/** Drags files over the page, and drops them if they are to be. */
async function drag(page: Page, names: readonly string[], types = ["dragenter", "dragover"]) {
  const bytes = [...png()];
  const transfer = await page.evaluateHandle(
    ({ names, bytes }) => {
      const transfer = new DataTransfer();
      for (const name of names)
        transfer.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
      return transfer;
    },
    { names, bytes },
  );
  for (const type of types) await page.dispatchEvent(".drop label", type, { dataTransfer: transfer });
}

describeBrowser("the album", (browser) => {
  // Runs after that of the gallery, which closes the pages: they still ask for pictures.
  afterEach(async () => {
    for (const photo of allPhotos()) {
      forgetPhoto(photo);
      await photoStore.remove(photo);
    }
  });

  const gallery = openGallery(browser);
  const { visit } = gallery;

  const input = (page: Page) => page.getByLabel("Drop photos here, or choose some");
  const add = (page: Page) => page.getByRole("button", { name: /^Add th/ });
  const names = (page: Page) => page.locator(".photos .name").allTextContents();
  /** Tells if the pictures of a list are shown, as opposed to broken. */
  const seen = (page: Page, list: string) =>
    page
      .locator(`${list} img`)
      .evaluateAll((all) => all.map((image) => (image as HTMLImageElement).naturalWidth > 0));

  test("photos are chosen, previewed, uploaded, shown, and seen by others", async () => {
    const page = await visit("/album");
    const other = await visit("/album");
    await other.getByText("Nothing here yet.").waitFor();
    await input(page).setInputFiles([file("one.png", 500_000), file("two.png")]);
    await expect.poll(() => seen(page, ".entries")).toEqual([true, true]);
    await add(page).click();
    for (const each of [page, other]) {
      await expect.poll(() => names(each)).toEqual(["two.png", "one.png"]);
      await expect.poll(() => seen(each, ".photos")).toEqual([true, true]);
    }
    await expect.poll(() => page.locator(".entries li").count()).toBe(0);
    await expect.poll(() => input(page).evaluate((input: HTMLInputElement) => input.files?.length)).toBe(0);

    await other.getByRole("button", { name: "Delete one.png" }).click();
    for (const each of [page, other]) await expect.poll(() => names(each)).toEqual(["two.png"]);
    await page.getByRole("button", { name: "Delete two.png" }).click();
    await page.getByText("Nothing here yet.").waitFor();
  });

  test("photos are dropped on a zone that says so", async () => {
    const page = await visit("/album");
    const active = page.locator("#new-photos.phx-drop-target-active");
    await drag(page, ["one.png"]);
    await active.waitFor();
    await drag(page, ["one.png", "two.png"], ["dragenter", "dragover", "drop"]);
    await active.waitFor({ state: "detached" });
    await expect.poll(() => seen(page, ".entries")).toEqual([true, true]);
    // Files chosen later are added to it.
    await input(page).setInputFiles([file("three.png")]);
    await expect.poll(() => page.locator(".entries li").count()).toBe(3);
    await page.getByRole("button", { name: "Do not add one.png" }).click();
    await expect.poll(() => page.locator(".entries li").count()).toBe(2);
    await add(page).click();
    await expect.poll(() => names(page)).toEqual(["three.png", "two.png"]);
  });

  test("a file that cannot be added says why, and keeps nothing else from being added", async () => {
    const page = await visit("/album");
    await input(page).setInputFiles([
      file("fine.png"),
      file("huge.png", 5_000_000),
      { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("no photo") },
    ]);
    await expect.poll(() => page.getByRole("alert").count()).toBe(2);
    await expect.poll(() => add(page).isDisabled()).toBe(true);
    for (const name of ["huge.png", "notes.txt"]) {
      await page.getByRole("button", { name: `Do not add ${name}` }).click();
      await page.locator(".entries li", { hasText: name }).waitFor({ state: "detached" });
    }
    await add(page).press("Enter");
    await expect.poll(() => names(page)).toEqual(["fine.png"]);
  });

  test("a photo is nothing but a picture, whatever is in it", async () => {
    const page = await visit("/album");
    const buffer = Buffer.from("<script>document.title = 'taken over'</script>");
    await input(page).setInputFiles([{ name: "page.png", mimeType: "image/png", buffer }]);
    await add(page).click();
    await expect.poll(() => names(page)).toEqual(["page.png"]);
    const source = await page.locator(".photos img").getAttribute("src");
    // Not watched: the browser's own page around a picture has inline styles.
    const tab = await browser().newPage();
    await tab.goto(gallery.url + source);
    expect(await tab.title()).not.toBe("taken over");
    expect(await tab.locator("script").count()).toBe(0);
    await tab.close();
  });
});
