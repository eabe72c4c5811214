/** A conversation in a browser: the page stays free while an answer comes. */

import { describeBrowser } from "@overwire/test-support/chromium";
import type { Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { field, focused, openGallery, text } from "../shared/browser-harness.ts";
import { pace, suggestions } from "./language-model.ts";

const [how = ""] = suggestions;

describeBrowser("the assistant", (browser) => {
  const { visit } = openGallery(browser);
  const usual = pace.token;
  /** Number of tokens that may still come. */
  let allowed: number;
  let latest: AbortSignal;
  let goOn: () => void;

  /** Lets more tokens come. */
  const say = (count: number) => {
    allowed += count;
    goOn();
  };

  beforeEach(() => {
    allowed = 0;
    goOn = () => {};
    pace.token = async (signal) => {
      latest = signal;
      while (allowed === 0)
        await new Promise<void>((resolve, reject) => {
          goOn = resolve;
          signal.addEventListener("abort", () => reject(signal.reason));
        });
      allowed--;
    };
  });

  afterEach(() => {
    pace.token = usual;
  });

  const question = (page: Page) => page.getByRole("textbox", { name: "Your question" });
  const ask = async (page: Page, text: string) => {
    await question(page).fill(text);
    await question(page).press("Enter");
  };
  const answer = (page: Page) => text(page, "#answer");

  test("comes token by token; what is there is left alone, and who writes meanwhile too", async () => {
    const page = await visit("/assistant");
    await ask(page, how);
    await page.locator("#messages li", { hasText: how }).waitFor();
    expect(await field(page, "#question")).toMatchObject({ value: "", focused: true });
    say(2);
    await expect.poll(() => answer(page)).toBe("On the");
    await page.evaluate(() => {
      window.changes = [];
      const answer = document.querySelector("#answer") as Element;
      new MutationObserver((records) => {
        for (const { type, removedNodes } of records)
          window.changes.push(`${type}, ${removedNodes.length} gone`);
      }).observe(answer, { childList: true, subtree: true, characterData: true });
    });
    await page.keyboard.type("And then");
    await page.keyboard.press("ArrowLeft");
    say(1);
    await expect.poll(() => answer(page)).toBe("On the server");
    expect(await page.evaluate(() => window.changes)).toEqual(["characterData, 0 gone"]);
    expect(await field(page, "#question")).toEqual({ value: "And then", start: 7, end: 7, focused: true });

    // Enter waits for the end of the answer, and loses nothing of what was typed.
    await page.keyboard.press("Enter");
    say(1);
    await expect.poll(() => answer(page)).toBe("On the server a");
    expect(await question(page).inputValue()).toBe("And then");
    expect(await page.locator("#messages li").count()).toBe(1);

    say(1000);
    await page.locator("#answer[aria-busy=false]").waitFor();
    await question(page).press("Enter");
    await page.locator("#messages li", { hasText: "And then" }).waitFor();
    expect(await page.locator("#messages li").count()).toBe(3);
  });

  test("Stop ends it at once, and leads back to the question; Ask again begins anew", async () => {
    const page = await visit("/assistant");
    await ask(page, how);
    say(3);
    await expect.poll(() => answer(page)).toBe("On the server");
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await page.locator("#answer[aria-busy=false]").waitFor();
    expect(latest.aborted).toBe(true);
    await expect.poll(() => focused(page)).toBe("question");
    expect(await answer(page)).toBe("On the server");

    await page.getByRole("button", { name: "Ask again" }).click();
    await expect.poll(() => answer(page)).toBe("");
    say(1);
    await expect.poll(() => answer(page)).toBe("On");
    expect(await page.locator("#messages li").count()).toBe(1);
  });

  test("new text is in sight", async () => {
    const page = await visit("/assistant");
    for (const text of suggestions.slice(0, 2)) {
      allowed = 0;
      await ask(page, text);
      await expect.poll(() => page.locator("#answer[aria-busy=true]").count()).toBe(1);
      say(1000);
      await page.locator("#answer[aria-busy=false]").waitFor();
    }
    const log = await page.locator(".log").evaluate(({ scrollHeight, clientHeight, scrollTop }) => ({
      scrolls: scrollHeight > clientHeight,
      fromTheEnd: Math.abs(scrollTop),
    }));
    expect(log).toEqual({ scrolls: true, fromTheEnd: 0 });
  });

  test("a closed tab is not talked to", async () => {
    const page = await visit("/assistant");
    await ask(page, how);
    say(1);
    await expect.poll(() => answer(page)).toBe("On");
    await page.close();
    await expect.poll(() => latest.aborted).toBe(true);
  });
});
