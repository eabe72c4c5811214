/** Search in a real browser: the user types faster than the source answers. */

import { describeBrowser } from "@overwire/test-support/chromium";
import { beforeEach, expect, test, vi } from "vitest";
import { field, openGallery, text } from "../shared/browser-harness.ts";
import { network } from "./cities.ts";

describeBrowser("search", (browser) => {
  const { visit } = openGallery(browser);

  /** Answers on their way from the source. They arrive when the test says so, wanted or not. */
  let travelling: { text: string; arrive: () => void }[] = [];

  beforeEach(() => {
    travelling = [];
    const travel = vi
      .spyOn(network, "travel")
      .mockImplementation((text) => new Promise((arrive) => travelling.push({ text, arrive })));
    return () => travel.mockRestore();
  });

  const asked = (text: string) => expect.poll(() => travelling.at(-1)?.text).toBe(text);

  test("shows what is found for what was typed last, and nothing in between", async () => {
    const page = await visit("/search");
    await page.evaluate(() => {
      window.changes = [];
      const hits = document.querySelector(".hits") as Element;
      new MutationObserver(() => {
        window.changes.push([...hits.querySelectorAll("b")].map((name) => name.textContent).join());
      }).observe(hits, { childList: true, subtree: true, characterData: true });
    });
    const box = page.getByRole("searchbox");
    for (const typed of ["b", "be", "ber", "berl"]) {
      await box.press(typed.slice(-1));
      await asked(typed);
    }
    for (const { arrive } of travelling.reverse()) arrive();
    await expect.poll(() => text(page, "[role=status]")).toBe("1 city for “berl”");
    await expect
      .poll(() => page.locator(".questions li").allTextContents())
      .toEqual(["“berl” answered", "“ber” dropped", "“be” dropped", "“b” dropped"]);
    expect(await page.locator(".hits b").allTextContents()).toEqual(["Berlin"]);
    expect(new Set(await page.evaluate(() => window.changes))).toEqual(new Set(["Berlin"]));
  });

  test("does not disturb who types, and Enter asks again", async () => {
    const page = await visit("/search");
    const box = page.getByRole("searchbox");
    const says = () => text(page, "[role=status]");
    await box.pressSequentially("por");
    await asked("por");
    await expect.poll(says).toBe("Asking for “por”…");
    await box.pressSequentially("to");
    await page.keyboard.press("ArrowLeft");
    await asked("porto");
    for (const { arrive } of travelling) arrive();
    await expect.poll(says).toBe("1 city for “porto”");
    expect(await field(page, "[name=text]")).toEqual({ value: "porto", start: 4, end: 4, focused: true });

    await page.keyboard.press("Enter");
    await expect.poll(says).toBe("Asking for “porto”…");
    travelling.at(-1)?.arrive();
    await expect.poll(says).toBe("1 city for “porto”");
    // The page was not loaded anew.
    expect(new URL(page.url()).search).toBe("");
  });
});
