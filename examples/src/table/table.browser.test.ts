/** The table in a browser: sorted, filtered and edited in two tabs, by keyboard alone. */
import { describeBrowser } from "@overwire/test-support/chromium";
import { expect, test } from "vitest";
import { field, focused, openGallery, sentEvents, text } from "../shared/browser-harness.ts";

describeBrowser("the table", (browser) => {
  const { visit, openDriver } = openGallery(browser);

  test("sorts and filters a thousand rows", async () => {
    const page = await visit("/table");
    expect(await page.locator("tbody tr").count()).toBe(1000);
    const ages = () =>
      page.locator("td.age").evaluateAll((cells) => cells.map((cell) => Number(cell.textContent)));

    const row = await page.locator("tbody tr").first().elementHandle();
    await page.getByRole("button", { name: "age", exact: true }).click();
    await page.locator("th.age[aria-sort=ascending]").waitFor();
    const ascending = await ages();
    expect(ascending).toEqual([...ascending].sort((a, b) => a - b));
    await page.getByRole("button", { name: "age", exact: true }).click();
    await page.locator("th.age[aria-sort=descending]").waitFor();
    expect(await ages()).toEqual([...ascending].reverse());
    // Sorting moves rows, it does not make new ones.
    expect(await row?.evaluate((element) => element.isConnected)).toBe(true);

    await page.getByRole("searchbox").fill("osaka");
    await expect.poll(() => text(page, "output")).not.toBe("1000 of 1000");
    const cities = await page.locator("td.city").allTextContents();
    expect(new Set(cities.map((city) => city.trim()))).toEqual(new Set(["Osaka"]));
    await page.getByRole("searchbox").fill("");
    await expect.poll(() => page.locator("tbody tr").count()).toBe(1000);
  });

  test("waits for a pause in typing before it filters, and does not disturb who types", async () => {
    const page = await visit("/table");
    const sent = await sentEvents(page, "filter");
    const search = page.getByRole("searchbox");
    await search.focus();
    // Without a pause, which a browser that has much to do would make.
    const type = (text: string) =>
      page.evaluate((text) => {
        for (const char of text) document.execCommand("insertText", false, char);
      }, text);
    await type("engineer");
    await expect.poll(() => sent.length).toBe(1);
    expect(sent[0]).toContain("query=engineer");
    await expect.poll(() => text(page, "output")).not.toBe("1000 of 1000");
    expect(await field(page, "[type=search]")).toEqual({
      value: "engineer",
      start: 8,
      end: 8,
      focused: true,
    });

    // Enter does not wait, nor does it load the page.
    await type("s and more");
    await search.press("Enter");
    await expect.poll(() => text(page, "output")).toBe("0 of 1000");
    expect(new URL(page.url()).search).toBe("");
    expect(sent.length).toBeLessThanOrEqual(3);
  });

  test("edits cells by keyboard alone", async () => {
    const page = await visit("/table");
    await page.locator("#name-21").focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => focused(page)).toBe("editor");
    await page.keyboard.type("Grace <H>");
    await page.keyboard.press("Enter");
    await expect.poll(() => focused(page)).toBe("name-21");
    expect(await text(page, "#name-21")).toBe("Grace <H>");

    await page.keyboard.press("Enter");
    await expect.poll(() => focused(page)).toBe("editor");
    await page.keyboard.type("Not this");
    await page.keyboard.press("Escape");
    await expect.poll(() => focused(page)).toBe("name-21");
    expect(await text(page, "#name-21")).toBe("Grace <H>");

    await page.keyboard.press("Tab");
    await expect.poll(() => focused(page)).toBe("role-21");
  });

  test("saves a cell that is left for another", async () => {
    const page = await visit("/table");
    await page.locator("#city-22").click();
    await expect.poll(() => focused(page)).toBe("editor");
    await page.keyboard.type("Paris");
    await page.locator("#age-23").click();
    await page.locator("td.age #editor").waitFor();
    expect(await text(page, "#city-22")).toBe("Paris");
    await expect.poll(() => focused(page)).toBe("editor");
    await page.keyboard.press("Escape");
    await page.locator("#age-23").waitFor();
  });

  test("says what is wrong with a value, beside what was typed", async () => {
    const page = await visit("/table");
    await page.locator("#age-24").click();
    await expect.poll(() => focused(page)).toBe("editor");
    await page.keyboard.type("7");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    expect(await field(page, "#editor")).toMatchObject({ value: "7", focused: true });
    await page.keyboard.type("7");
    await page.keyboard.press("Enter");
    await expect.poll(() => focused(page)).toBe("age-24");
    expect(await text(page, "#age-24")).toBe("77");
  });

  test("a cell that another user edits changes as one text, and nothing else moves", async () => {
    const page = await visit("/table");
    const other = await openDriver("/table");
    await page.locator("#name-700").scrollIntoViewIfNeeded();
    await page.locator("#name-701").click();
    await expect.poll(() => focused(page)).toBe("editor");
    await page.keyboard.type("half a na");
    await page.keyboard.press("ArrowLeft");
    const scrolled = await page.locator(".scroller").evaluate((element) => element.scrollTop);
    await page.evaluate(() => {
      window.changes = [];
      new MutationObserver((records) => {
        for (const { type, target } of records) window.changes.push(`${type} in ${target.parentElement?.id}`);
      }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    });

    await other.element("#name-700").click();
    await other.form("td form", { value: "Somebody Else" }).submit();
    await page.locator("#name-700", { hasText: "Somebody Else" }).waitFor();
    expect(await page.evaluate(() => window.changes)).toEqual(["characterData in name-700"]);
    expect(await field(page, "#editor")).toEqual({ value: "half a na", start: 8, end: 8, focused: true });
    expect(await page.locator(".scroller").evaluate((element) => element.scrollTop)).toBe(scrolled);
  });
});
