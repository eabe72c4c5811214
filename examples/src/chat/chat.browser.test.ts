/** The chat in a browser: messages leave alone what a user types, and outlast lost connections. */
import { describeBrowser } from "@overwire/test-support/chromium";
import type { LiveDriver } from "@overwire/testing";
import { expect, test } from "vitest";
import { field, joined, openGallery } from "../shared/browser-harness.ts";

describeBrowser("the chat", (browser) => {
  const gallery = openGallery(browser);
  const { visit, openDriver } = gallery;

  const says = (driver: LiveDriver, text: string) => driver.form("form", { name: "Bob", text }).submit();

  test("a second tab of the chat sees what the first says, at once and to the end", async () => {
    const ann = await visit("/chat");
    const [bob] = await Promise.all([
      ann.waitForEvent("popup"),
      ann.getByRole("link", { name: "Open a second tab" }).click(),
    ]);
    await joined(bob);

    await ann.getByRole("textbox", { name: "Your name" }).fill("Ann");
    const message = ann.getByRole("textbox", { name: "Message" });
    await message.fill("Hello <Bob>");
    await message.press("Enter");
    for (const page of [ann, bob]) await page.locator("li", { hasText: "Hello <Bob>" }).waitFor();
    expect(await field(ann, "[name=text]")).toMatchObject({ value: "", focused: true });
    expect(await ann.locator("[name=name]").inputValue()).toBe("Ann");

    for (let number = 1; number <= 30; number++) {
      await message.fill(`Message ${number}`);
      await message.press("Enter");
      await expect.poll(() => message.inputValue()).toBe("");
    }
    for (const page of [ann, bob]) {
      await page.locator("li", { hasText: "Message 30" }).waitFor();
      const isAtTheEnd = () =>
        page.locator(".log").evaluate((log) => {
          const last = log.querySelector("li:last-child") as Element;
          const gap = log.getBoundingClientRect().bottom - last.getBoundingClientRect().bottom;
          return gap >= 0 && gap < 20;
        });
      await expect.poll(isAtTheEnd).toBe(true);
    }
  });

  test("messages that arrive leave alone what is typed, and the caret in it", async () => {
    const page = await visit("/chat");
    const bob = await openDriver("/chat");
    const message = page.getByRole("textbox", { name: "Message" });
    await page.getByRole("textbox", { name: "Your name" }).fill("Ann");
    await message.pressSequentially("Hello wrld");
    for (let count = 0; count < 3; count++) await page.keyboard.press("ArrowLeft");
    await says(bob, "I was first");
    await page.locator("li", { hasText: "I was first" }).waitFor();
    expect(await field(page, "[name=text]")).toEqual({
      value: "Hello wrld",
      start: 7,
      end: 7,
      focused: true,
    });
    expect(await page.locator("[name=name]").inputValue()).toBe("Ann");

    await page.keyboard.type("o");
    await page.keyboard.press("Shift+End");
    await says(bob, "Once more");
    await page.locator("li", { hasText: "Once more" }).waitFor();
    expect(await field(page, "[name=text]")).toEqual({
      value: "Hello world",
      start: 8,
      end: 11,
      focused: true,
    });
    await page.keyboard.press("Enter");
    await page.locator("li.mine", { hasText: "Hello world" }).waitFor();
  });

  test("leaves a composition alone", async () => {
    const page = await visit("/chat");
    const bob = await openDriver("/chat");
    await page.getByRole("textbox", { name: "Your name" }).fill("Ann");
    await page.getByRole("textbox", { name: "Message" }).focus();
    await page.locator("[name=text]").evaluate((input) => {
      window.changes = [];
      for (const type of ["compositionstart", "compositionend"]) {
        input.addEventListener(type, (event) =>
          window.changes.push(`${type} ${(event as CompositionEvent).data}`),
        );
      }
    });
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Input.imeSetComposition", { text: "に", selectionStart: 1, selectionEnd: 1 });
    await says(bob, "While you compose");
    await page.locator("li", { hasText: "While you compose" }).waitFor();
    await devtools.send("Input.imeSetComposition", { text: "にほん", selectionStart: 3, selectionEnd: 3 });
    await says(bob, "And again");
    await page.locator("li", { hasText: "And again" }).waitFor();
    expect(await page.evaluate(() => window.changes)).toEqual(["compositionstart "]);
    expect(await page.locator("[name=text]").inputValue()).toBe("にほん");

    await devtools.send("Input.insertText", { text: "日本" });
    await expect
      .poll(() => page.evaluate(() => window.changes))
      .toEqual(["compositionstart ", "compositionend 日本"]);
    expect(await field(page, "[name=text]")).toEqual({ value: "日本", start: 2, end: 2, focused: true });
    await page.keyboard.press("Enter");
    await page.locator("li.mine", { hasText: "日本" }).waitFor();
  });

  test("a user who reads older messages is not pulled to the new ones", async () => {
    const page = await visit("/chat");
    const bob = await openDriver("/chat");
    for (let number = 1; number <= 30; number++) await says(bob, `Old message ${number}`);
    const old = page.locator("li", { hasText: /Old message 5\b/ });
    await page.locator("li", { hasText: /Old message 30\b/ }).waitFor();
    await old.scrollIntoViewIfNeeded();
    const top = () => old.evaluate((element) => Math.round(element.getBoundingClientRect().top));
    const before = await top();
    await says(bob, "New message");
    await page.locator("li", { hasText: "New message" }).waitFor({ state: "attached" });
    // Browsers scroll by whole pixels, messages may end between two.
    await expect.poll(async () => Math.abs((await top()) - before)).toBeLessThanOrEqual(1);
  });

  test("tells of a lost connection, and comes back when the server does", async () => {
    gallery.expected = /WebSocket connection|ERR_CONNECTION_REFUSED/;
    const page = await visit("/chat");
    await page.getByRole("textbox", { name: "Your name" }).fill("Ann");
    await page.getByRole("textbox", { name: "Message" }).pressSequentially("Not sent yet");
    const style = (name: "opacity" | "transitionDelay") =>
      page.locator("[data-ow-view]").evaluate((view, name) => getComputedStyle(view, "::before")[name], name);
    const shown = () => style("opacity");
    expect(await shown()).toBe("0");

    await gallery.stop();
    await page.locator("[data-ow-view].phx-error.phx-client-error").waitFor();
    // A short break of the connection shows nothing.
    expect(await style("transitionDelay")).toBe("0.8s");
    await expect.poll(shown).toBe("1");

    await gallery.restart();
    await joined(page);
    await expect.poll(shown).toBe("0");
    expect(await field(page, "[name=text]")).toMatchObject({ value: "Not sent yet", focused: true });
    expect(await page.locator("[name=name]").inputValue()).toBe("Ann");
    await page.keyboard.press("Enter");
    await page.locator("li.mine", { hasText: "Not sent yet" }).waitFor();
  });

  test("two tabs come back together and talk on", async () => {
    gallery.expected = /WebSocket connection|ERR_CONNECTION_REFUSED/;
    const ann = await visit("/chat");
    const bob = await visit("/chat");
    await gallery.stop();
    for (const page of [ann, bob]) await page.locator("[data-ow-view].phx-error").waitFor();
    await gallery.restart();
    for (const page of [ann, bob]) await joined(page);

    await ann.getByRole("textbox", { name: "Your name" }).fill("Ann");
    await ann.getByRole("textbox", { name: "Message" }).fill("Still here?");
    await ann.keyboard.press("Enter");
    await bob.locator("li", { hasText: "Still here?" }).waitFor();
  });
});
