/** The cart in a browser: hasty clicks, and typing while things change around it. */

import { describeBrowser } from "@overwire/test-support/chromium";
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { field, openGallery, text } from "../shared/browser-harness.ts";

describeBrowser("the cart", (browser) => {
  const { visit, openDriver } = openGallery(browser);

  const add = (page: Page, name: string) => page.getByRole("button", { name: `Add ${name}` });
  const sum = (page: Page) => text(page, ".sum");
  /** Both before the first is answered, which a mouse's two may not be in a browser that has much to do. */
  const clickTwice = (button: Locator) =>
    button.evaluate((button: HTMLElement) => {
      button.click();
      button.click();
    });

  test("a double click adds once, and removes once", async () => {
    const page = await visit("/cart");
    await clickTwice(add(page, "Enamel mug"));
    await page.locator(".line", { hasText: "Enamel mug" }).waitFor();
    await add(page, "Notebook").click();
    await expect.poll(() => page.locator(".line").count()).toBe(2);
    expect(await sum(page)).toBe("2 things €23.50");

    // Both clicks are for the line that goes.
    await clickTwice(page.getByRole("button", { name: "Remove Notebook" }));
    await expect.poll(() => page.locator(".line").count()).toBe(1);
    expect(await sum(page)).toBe("1 thing €14.00");
    await add(page, "Notebook").click();
    await expect.poll(() => page.locator(".line").count()).toBe(2);
  });

  test("text that is typed into a line stays, with its caret, while lines come and go and the shelf empties", async () => {
    const page = await visit("/cart");
    const other = await openDriver("/cart");
    for (const name of ["Enamel mug", "Pot plant"]) await add(page, name).click();
    await page.locator(".line").nth(1).getByRole("button", { name: "Gift note" }).click();
    const note = page.getByRole("textbox", { name: "Note with Pot plant" });
    await note.pressSequentially("Hapy birthday");
    for (let count = 0; count < 10; count++) await page.keyboard.press("ArrowLeft");

    await other.element("[aria-label='Add Umbrella']").click();
    await page.locator(".stock", { hasText: "11 left" }).nth(2).waitFor();
    expect(await field(page, "[name=note]")).toEqual({
      value: "Hapy birthday",
      start: 3,
      end: 3,
      focused: true,
    });

    await page.keyboard.type("p");
    await other.element("[aria-label='Remove Umbrella']").click();
    await expect.poll(() => page.locator(".stock", { hasText: "11 left" }).count()).toBe(2);
    expect(await field(page, "[name=note]")).toEqual({
      value: "Happy birthday",
      start: 4,
      end: 4,
      focused: true,
    });
    await page.locator(".line", { hasText: "Gift note ✓" }).waitFor();

    // The line before it goes, and it is the same line still.
    await page.getByRole("button", { name: "Remove Enamel mug" }).click();
    await expect.poll(() => page.locator(".line").count()).toBe(1);
    expect(await note.inputValue()).toBe("Happy birthday");
  });

  test("a quantity counts while it is typed, and says what is wrong with it", async () => {
    const page = await visit("/cart");
    await add(page, "Umbrella").click();
    const quantity = page.getByRole("textbox", { name: "Quantity of Umbrella" });
    await quantity.fill("4");
    await expect.poll(() => sum(page)).toBe("4 things €98.00");
    await quantity.fill("400");
    await page.getByRole("alert").waitFor();
    expect(await text(page, ".problem")).toBe("Only 12 there.");
    expect(await field(page, "[name=quantity]")).toMatchObject({ value: "400", focused: true });
    expect(await sum(page)).toBe("4 things €98.00");

    await page.getByRole("button", { name: "One Umbrella more" }).click();
    await expect.poll(() => sum(page)).toBe("5 things €122.50");
    await expect.poll(() => quantity.inputValue()).toBe("5");
    await expect.poll(() => page.getByRole("alert").count()).toBe(0);
  });

  test("one note for all is in all", async () => {
    const page = await visit("/cart");
    for (const name of ["Enamel mug", "Notebook"]) await add(page, name).click();
    await page.locator(".line").first().getByRole("button", { name: "Gift note" }).click();
    await page.getByRole("textbox", { name: "Note with Enamel mug" }).fill("With love");
    await page.getByRole("button", { name: "The same for all" }).click();
    const other = page.getByRole("textbox", { name: "Note with Notebook" });
    await other.waitFor();
    expect(await other.inputValue()).toBe("With love");
  });
});
