/** Posts in a real browser: several tabs, edited in place, by keyboard. */

import { describeBrowser } from "@overwire/test-support/chromium";
import type { Page } from "playwright-core";
import { beforeEach, expect, test } from "vitest";
import { field, focused, joined, openGallery, text } from "../shared/browser-harness.ts";
import { addPost, deletePost, latestPosts } from "./post-store.ts";

describeBrowser("posts", (browser) => {
  const { visit, openDriver } = openGallery(browser);

  beforeEach(() => {
    for (const { id } of latestPosts()) deletePost(id);
  });

  const shown = (page: Page) => page.locator(".post p").allTextContents();

  /** Another tab of the same user. */
  async function tabOf(page: Page) {
    const tab = await page.context().newPage();
    await tab.goto(page.url());
    await joined(tab);
    return tab;
  }

  test("changes in one tab show in the others", async () => {
    const tabs = [await visit("/posts")];
    const [first] = tabs as [Page];
    tabs.push(await tabOf(first), await visit("/posts"));
    const [, second, third] = tabs as [Page, Page, Page];
    const everywhere = async (expected: string[]) => {
      for (const tab of tabs) await expect.poll(() => shown(tab)).toEqual(expected);
    };

    await first.getByRole("textbox", { name: "New post" }).fill("From the first");
    await first.getByRole("button", { name: "Post", exact: true }).click();
    await everywhere(["From the first"]);
    await expect.poll(() => field(first, "#write textarea")).toMatchObject({ value: "" });
    await second.getByRole("textbox", { name: "New post" }).fill("From the second\nin two lines");
    await second.getByRole("button", { name: "Post", exact: true }).click();
    await everywhere(["From the second\nin two lines", "From the first"]);

    const post = await third.locator(".post").last().elementHandle();
    await first.getByRole("button", { name: "Edit “From the first”" }).click();
    await first.getByRole("textbox", { name: "Post", exact: true }).fill("Edited");
    await first.getByRole("button", { name: "Save" }).click();
    await everywhere(["From the second\nin two lines", "Edited"]);
    expect(await post?.evaluate((element) => [element.isConnected, element.textContent])).toEqual([
      true,
      expect.stringContaining("Edited"),
    ]);

    await third.getByRole("button", { name: "Delete “From the second" }).click();
    await everywhere(["Edited"]);
  });

  test("the list says that it is empty exactly while it is", async () => {
    const page = await visit("/posts");
    const empty = page.locator("#no-posts");
    await empty.waitFor();
    await page.getByRole("textbox", { name: "New post" }).fill("Here");
    await page.getByRole("button", { name: "Post", exact: true }).click();
    await empty.waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Delete “Here”" }).click();
    await empty.waitFor();
  });

  test("text that is typed into a post stays while the others write and edit", async () => {
    const { id } = addPost("Before");
    const page = await visit("/posts");
    const bob = await openDriver("/posts");
    await page.getByRole("button", { name: "Edit “Before”" }).click();
    await expect.poll(() => focused(page)).toBe(`editor-${id}`);
    await page.keyboard.type("While others write: ");
    const typed = await field(page, `#editor-${id}`);

    await bob.form("#write", { text: "New one" }).submit();
    await page.locator(".post", { hasText: "New one" }).waitFor();
    await bob.element(`#edit-${id}`).click();
    await bob.form(`#save-${id}`, { text: "Changed by Bob" }).submit();
    await bob.form("#write", { text: "Another one" }).submit();
    await page.locator(".post", { hasText: "Another one" }).waitFor();
    expect(await field(page, `#editor-${id}`)).toEqual(typed);

    await page.keyboard.press("Escape");
    await expect.poll(() => focused(page)).toBe(`edit-${id}`);
    await expect.poll(() => text(page, `#posts-${id} p`)).toBe("Changed by Bob");
  });

  test("works by the keyboard alone, and leaves it where the work is", async () => {
    const { id } = addPost("Before");
    const page = await visit("/posts");
    await page.locator(`#edit-${id}`).focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => focused(page)).toBe(`editor-${id}`);
    await page.keyboard.press("Control+A");
    await page.keyboard.type("After");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect.poll(() => focused(page)).toBe(`edit-${id}`);
    await expect.poll(() => shown(page)).toEqual(["After"]);
  });
});
