/** The room in a browser: two users and a terminal, each of whom sees the others. */
import { describeBrowser } from "@overwire/test-support/chromium";
import type { BrowserContext, Page } from "playwright-core";
import { expect, test } from "vitest";
import { joined, openGallery } from "../shared/browser-harness.ts";
import { say } from "./room-store.ts";

describeBrowser("the room", (browser) => {
  const gallery = openGallery(browser);

  async function openRoom(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    await page.goto("/room");
    await joined(page);
    return page;
  }

  async function enter(name: string): Promise<Page> {
    const page = await openRoom(await gallery.newContext());
    await page.getByRole("textbox", { name: "Your name" }).fill(name);
    await page.getByRole("button", { name: "Enter" }).click();
    await page.locator(".room").waitFor();
    await joined(page);
    return page;
  }

  const message = (page: Page) => page.getByRole("textbox", { name: "Message", exact: true });
  const users = (page: Page) => page.locator(".people li").allInnerTexts();
  const flat = async (page: Page) => (await users(page)).map((text) => text.replace(/\s+/g, " ").trim());

  test("two tabs are one user; another sees when the user types, and when a message is read", async () => {
    const ann = await enter("Ann");
    const second = await openRoom(ann.context());
    const bob = await enter("Bob");
    await expect.poll(() => flat(bob)).toEqual(["Ann 2 tabs", "Bob (you) 1 tab"]);
    await second.close();
    await expect.poll(() => flat(bob)).toEqual(["Ann 1 tab", "Bob (you) 1 tab"]);

    await message(ann).pressSequentially("Hello");
    await bob.getByText("Ann is typing …").waitFor();
    await message(ann).press("Enter");
    await bob.locator(".log li", { hasText: "Hello" }).waitFor();
    await expect.poll(() => bob.locator(".typing").textContent()).toBe("");
    await ann.locator(".log li", { hasText: "Read by Bob" }).waitFor();
    expect(await message(ann).inputValue()).toBe("");

    await bob.evaluate(() => void window.dispatchEvent(new Event("blur")));
    await ann.locator(".people .away", { hasText: "Bob" }).waitFor();
    await message(ann).fill("Still there?");
    await message(ann).press("Enter");
    await bob.locator(".log li", { hasText: "Still there?" }).waitFor();
    expect(await ann.locator(".log li", { hasText: "Still there?" }).textContent()).not.toContain("Read by");
    await bob.evaluate(() => void window.dispatchEvent(new Event("focus")));
    await ann.locator(".log li:last-child", { hasText: "Read by Bob" }).waitFor();
  });

  test("a terminal joins the same room by a channel", async () => {
    const ann = await enter("Ann");
    const bob = await enter("Bob");
    const output = bob.locator("#terminal pre");
    await bob.getByRole("button", { name: "Connect", exact: true }).click();
    await output.getByText("* Ann is here").waitFor();
    await ann.locator(".people li", { hasText: "1 tab · terminal" }).waitFor();

    const line = bob.getByRole("textbox", { name: "Line for the terminal" });
    await line.pressSequentially("From the terminal");
    await ann.getByText("Bob is typing …").waitFor();
    await line.press("Enter");
    await ann.locator(".log li", { hasText: "From the terminal" }).waitFor();
    await output.getByText("Bob: From the terminal").waitFor();
    await message(ann).fill("From a page");
    await message(ann).press("Enter");
    await output.getByText("Ann: From a page").waitFor();

    await ann.close();
    await output.getByText("* Ann has left").waitFor();
    await line.fill("/who");
    await line.press("Enter");
    await output.getByText("* Here: Bob").waitFor();

    await bob.getByRole("button", { name: "Disconnect" }).click();
    await output.getByText("* Disconnected").waitFor();
    await expect.poll(() => flat(bob)).toEqual(["Bob (you) 1 tab"]);
    expect(await line.isDisabled()).toBe(true);
  });

  test("a terminal that lost its connection comes back, and hears what it has missed", async () => {
    gallery.expected = /WebSocket connection|ERR_CONNECTION_REFUSED/;
    const ann = await enter("Ann");
    const output = ann.locator("#terminal pre");
    await ann.getByRole("button", { name: "Connect", exact: true }).click();
    await output.getByText("* Ann is here").waitFor();
    await message(ann).fill("Before");
    await message(ann).press("Enter");
    await output.getByText("Ann: Before").waitFor();

    await gallery.stop();
    await output.getByText("* Connection lost").waitFor();
    say({ id: "0", name: "A job" }, "Meanwhile");
    await gallery.restart();
    await output.getByText("A job: Meanwhile").waitFor();
    expect((await output.textContent())?.split("Ann: Before")).toHaveLength(2);
  });
});
