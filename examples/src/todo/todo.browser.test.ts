/** The list of tasks in a browser: typed, ticked and filtered by keyboard and mouse. */
import { describeBrowser } from "@overwire/test-support/chromium";
import { expect, test } from "vitest";
import { field, openGallery, text } from "../shared/browser-harness.ts";

describeBrowser("the list of tasks", (browser) => {
  const { visit } = openGallery(browser);

  test("keeps a list of tasks", async () => {
    const page = await visit("/todo");
    const title = page.getByRole("textbox", { name: "New task" });
    await title.fill("Buy milk");
    await title.press("Enter");
    await page.locator("li", { hasText: "Buy milk" }).waitFor();
    expect(await field(page, "[name=title]")).toMatchObject({ value: "", focused: true });

    await title.pressSequentially("And <bread>");
    await title.press("Enter");
    await page.locator("li", { hasText: "And <bread>" }).waitFor();
    expect(await page.locator(".tasks li").count()).toBe(5);

    await page.getByRole("checkbox", { name: "Buy milk" }).check();
    await page.locator("li.done", { hasText: "Buy milk" }).waitFor();
    expect(await text(page, "footer output")).toBe("3 tasks left");
    await page.getByRole("checkbox", { name: "Buy milk" }).uncheck();
    await expect.poll(() => text(page, "footer output")).toBe("4 tasks left");

    await page.getByRole("button", { name: "done", exact: true }).click();
    await expect.poll(() => page.locator(".tasks li").count()).toBe(1);
    expect(await page.getByRole("checkbox").isChecked()).toBe(true);

    await page.getByRole("button", { name: "all" }).click();
    await expect.poll(() => page.locator(".tasks li").count()).toBe(5);
    const boxes = page.getByRole("checkbox");
    expect(await boxes.evaluateAll((all) => all.map((box) => (box as HTMLInputElement).checked))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);

    await page.getByRole("button", { name: "Delete Buy milk" }).click();
    await page.getByRole("button", { name: "Clear done" }).click();
    await expect.poll(() => page.locator(".tasks li").count()).toBe(3);
  });

  test("lets the browser refuse an empty task", async () => {
    const page = await visit("/todo");
    await page.getByRole("button", { name: "Add" }).click();
    expect(await page.locator("[name=title]:invalid").count()).toBe(1);
    expect(await page.locator(".tasks li").count()).toBe(3);
  });
});
