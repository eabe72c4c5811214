/** Changes that a browser makes by itself, and those made while the file of the features is on its way. */
import { html, LiveView } from "@overwire/server";
import { describeBrowser, holdFiles } from "@overwire/test-support/chromium";
import { serveView } from "@overwire/test-support/served-view";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";

/** The page's own. */
declare const liveSocket: { readonly connected: boolean; readonly idle: boolean };

let heard: string[] = [];

class Fields extends LiveView {
  changed = this.event((payload) => {
    const { _target: target, name, mail } = payload as { [key: string]: unknown };
    heard.push(`${target}: ${name} ${mail}`);
  });
  saved = this.event((payload) => {
    const { name } = payload as { [key: string]: unknown };
    heard.push(`saved: ${name}`);
  });
  render() {
    return html`<form phx-change=${this.changed} phx-submit=${this.saved}>
      <input name="name" phx-debounce="200"><input name="mail" phx-debounce="blur"><button>Save</button></form>`;
  }
}

describeBrowser("changes without the user or before the features", (browser) => {
  const served = serveView(browser, Fields);
  let page: Page;
  /** Lets the file of the features come. */
  let arrive = () => {};

  beforeAll(() => {
    page = served.page;
  });

  async function open(isHeld: boolean): Promise<void> {
    heard = [];
    await page.unrouteAll();
    if (isHeld) arrive = await holdFiles(page, /features-/);
    await served.load();
    if (!isHeld) await page.waitForFunction(() => liveSocket.idle);
  }

  const name = () => page.locator("[name=name]");

  test("idle knows of the features that are on their way", async () => {
    await open(true);
    expect(await page.evaluate(() => [liveSocket.connected, liveSocket.idle])).toEqual([true, false]);
    arrive();
    await page.waitForFunction(() => liveSocket.idle);
    expect(await page.evaluate(() => history.state !== null)).toBe(true);
  });

  test.each([
    ["input and change", ["input", "change"], false],
    ["change alone", ["change"], false],
    ["before the features are there", ["input", "change"], true],
  ])("fields that the browser fills in without the focus are told once: %s", async (_, types, isHeld) => {
    await open(isHeld);
    await page.evaluate((types) => {
      for (const field of document.querySelectorAll("input")) {
        field.value = `of ${field.name}`;
        for (const type of types) field.dispatchEvent(new Event(type, { bubbles: true }));
      }
    }, types);
    arrive();
    await expect.poll(() => heard.length).toBe(2);
    expect(heard).toEqual(["mail: of name of mail", "name: of name of mail"]);
  });

  test("a field with the focus is told of when it loses it", async () => {
    await open(false);
    await page.locator("[name=mail]").fill("a");
    await page.locator("[name=mail]").fill("ab");
    await page.waitForFunction(() => liveSocket.idle);
    expect(heard).toEqual([]);
    await name().focus();
    await expect.poll(() => heard).toEqual(["mail:  ab"]);
  });

  test("text typed while the features load is debounced, not sent key by key", async () => {
    await open(true);
    await name().pressSequentially("typed");
    arrive();
    await expect.poll(() => heard).toEqual(["name: typed "]);
    await page.waitForFunction(() => liveSocket.idle);
    expect(heard).toHaveLength(1);
  });

  test("a submit before the features are there takes the place of changes before it", async () => {
    await open(true);
    await name().pressSequentially("typed");
    await name().press("Enter");
    arrive();
    await expect.poll(() => heard).toEqual(["saved: typed"]);
    await name().fill("later");
    await expect.poll(() => heard).toEqual(["saved: typed", "name: later "]);
  });
});
