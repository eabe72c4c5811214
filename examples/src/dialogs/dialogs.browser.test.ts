/** Menus and dialogs by keyboard, by mouse, and while the server patches the page: focus is what only a browser knows. */

import { describeBrowser } from "@overwire/test-support/chromium";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { field, focused, openGallery, text } from "../shared/browser-harness.ts";

describeBrowser("dialogs", (browser) => {
  const { visit } = openGallery(browser);

  const focusedText = (page: Page) => page.evaluate(() => document.activeElement?.textContent);
  const press = async (page: Page, ...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  /** Until nothing is fading any more. */
  const still = (page: Page) => expect.poll(() => page.locator(".fading").count()).toBe(0);

  async function openMenu(page: Page, id = "menu-1") {
    await page.locator(`#${id}`).focus();
    await page.keyboard.press("Enter");
    await page.locator(`#${id}-items`).waitFor();
    await expect.poll(() => focusedText(page)).toBe("Rename…");
  }

  async function openRename(page: Page) {
    await openMenu(page);
    await page.keyboard.press("Enter");
    await page.locator("#rename-1-dialog").waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("name");
    await still(page);
  }

  test("a menu is walked through by arrows, from its end to its start, and left by Escape", async () => {
    const page = await visit("/dialogs");
    await openMenu(page);
    expect(await page.locator("#menu-1").getAttribute("aria-expanded")).toBe("true");
    const seen: unknown[] = [];
    for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "Home", "End"]) {
      await page.keyboard.press(key);
      seen.push(await focusedText(page));
    }
    expect(seen).toEqual([
      "Make a copy",
      "Delete…",
      "Rename…",
      "Delete…",
      "Make a copy",
      "Rename…",
      "Delete…",
    ]);

    await page.keyboard.press("Escape");
    await page.locator("#menu-1-items").waitFor({ state: "hidden" });
    await expect.poll(() => focused(page)).toBe("menu-1");
    await expect.poll(() => page.locator("#menu-1").getAttribute("aria-expanded")).toBe("false");
  });

  test("Space opens a menu too, and an item by the keyboard does what it says", async () => {
    const page = await visit("/dialogs");
    await page.locator("#menu-1").focus();
    await page.keyboard.press("Space");
    await expect.poll(() => focusedText(page)).toBe("Rename…");
    await press(page, "ArrowDown", "Space");
    await page.locator(".document", { hasText: "Copy of Travel plans" }).waitFor();
    await page.locator("#menu-1-items").waitFor({ state: "hidden" });
    await expect.poll(() => focused(page)).toBe("menu-1");
  });

  test("Tab leaves a menu for what comes after its button, and closes it", async () => {
    const page = await visit("/dialogs");
    await openMenu(page);
    await page.keyboard.press("Tab");
    await page.locator("#menu-1-items").waitFor({ state: "hidden" });
    await expect.poll(() => focused(page)).toBe("menu-2");
  });

  test("a menu closes on a click elsewhere and on its button, and opens again", async () => {
    const page = await visit("/dialogs");
    const items = page.locator("#menu-1-items");
    await page.locator("#menu-1").click();
    await items.waitFor();
    await page.locator("#menu-1").click();
    await items.waitFor({ state: "hidden" });
    await page.locator("#menu-1").click();
    await items.waitFor();
    await page.locator("h1").click();
    await items.waitFor({ state: "hidden" });

    // Another menu's button is elsewhere too.
    await page.locator("#menu-2").click();
    await page.locator("#menu-2-items").waitFor();
    await page.locator("#menu-1").click();
    await items.waitFor();
    await page.locator("#menu-2-items").waitFor({ state: "hidden" });
  });

  test("a dialog takes the focus to its first field, keeps it in, and gives it back", async () => {
    const page = await visit("/dialogs");
    await openRename(page);
    const dialog = page.getByRole("dialog", { name: "Rename “Travel plans”" });
    expect(await dialog.getAttribute("aria-modal")).toBe("true");

    const seen: unknown[] = [];
    for (const key of ["Tab", "Tab", "Tab", "Tab", "Shift+Tab"]) {
      await page.keyboard.press(key);
      seen.push(
        await page.evaluate(
          () => document.activeElement?.getAttribute("name") ?? document.activeElement?.textContent,
        ),
      );
    }
    expect(seen).toEqual(["Cancel", "Rename", "✕", "name", "✕"]);

    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    await expect.poll(() => focused(page)).toBe("menu-1");
    // Nothing is open, so Escape means nothing.
    await page.locator("#menu-3").focus();
    await page.keyboard.press("Escape");
    await expect.poll(() => focused(page)).toBe("menu-3");
  });

  test("a dialog closes by its buttons and by a click beside it, not by one that began in it", async () => {
    const page = await visit("/dialogs");
    const dialog = page.locator("#rename-1-dialog");
    for (const name of ["Cancel", "Close"]) {
      await openRename(page);
      await dialog.getByRole("button", { name }).click();
      await dialog.waitFor({ state: "hidden" });
      await expect.poll(() => focused(page)).toBe("menu-1");
    }

    await openRename(page);
    await page.locator("#rename-1 [name=name]").hover();
    await page.mouse.down();
    await page.mouse.move(5, 400);
    await page.mouse.up();
    expect(await page.locator("#rename-1").getAttribute("data-open")).toBe("");
    await page.mouse.click(5, 400);
    await dialog.waitFor({ state: "hidden" });
    await expect.poll(() => focused(page)).toBe("menu-1");
  });

  test("patches leave an open dialog, what is typed in it, and the caret alone", async () => {
    const page = await visit("/dialogs");
    await openRename(page);
    await press(page, "End");
    await page.keyboard.type(" 2027");
    await press(page, "ArrowLeft", "ArrowLeft");
    const time = () => text(page, "#rename-1 output");
    const before = await time();
    await expect.poll(time).not.toBe(before);
    expect(await page.locator("#rename-1-dialog").isVisible()).toBe(true);
    expect(await field(page, "#rename-1 [name=name]")).toEqual({
      value: "Travel plans 2027",
      start: 15,
      end: 15,
      focused: true,
    });

    await page.keyboard.press("Enter");
    await page.locator(".document", { hasText: "Travel plans 2027" }).first().waitFor();
    await page.locator("#rename-1-dialog").waitFor({ state: "hidden" });
    await expect.poll(() => focused(page)).toBe("menu-1");
  });

  test("an open menu stays open, and the focus in it, while the server patches", async () => {
    const page = await visit("/dialogs");
    await openMenu(page, "menu-2");
    await page.keyboard.press("ArrowDown");
    const time = () => page.locator("#rename-1 output").textContent();
    const before = await time();
    await expect.poll(time).not.toBe(before);
    expect(await page.locator("#menu-2-items").isVisible()).toBe(true);
    expect(await page.locator("#menu-2").getAttribute("aria-expanded")).toBe("true");
    await expect.poll(() => focusedText(page)).toBe("Make a copy");
  });

  test("after a deletion the focus is on the list", async () => {
    const page = await visit("/dialogs");
    await openMenu(page);
    await press(page, "End", "Enter");
    await page.locator("#remove-1-dialog").waitFor();
    await page.locator("#remove-1").getByRole("button", { name: "Delete" }).click();
    await expect.poll(() => page.locator(".document").count()).toBe(2);
    await expect.poll(() => focused(page)).toBe("documents");
    // The page beneath can be scrolled again.
    await expect
      .poll(() => page.evaluate(() => getComputedStyle(document.documentElement).overflowY))
      .toBe("visible");
  });
});
