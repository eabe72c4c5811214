/** Native dialogs in a real browser: the top layer, the focus, Escape and the backdrop, while the server patches the page. */
import { each, html, JS, LiveView, type Template } from "@overwire/server";
import { describeBrowser, idle } from "@overwire/test-support/chromium";
import { serveViews } from "@overwire/test-support/served-view";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";

/** Events that the views got, with their values. */
let got: (readonly [name: string, value: unknown])[] = [];

class Dialogs extends LiveView {
  renders = 0;
  order = [1, 2, 3];
  open = true;
  patch = this.event(() => {
    this.renders++;
    this.order.reverse();
  });
  serverCloses = this.event(() => {
    this.open = false;
  });
  editing = false;
  begin = this.event(() => {
    this.editing = true;
  });
  end = this.event(() => {
    this.editing = false;
  });
  override handleEvent(name: string, payload: unknown): void {
    got.push([name, (payload as { value?: unknown }).value]);
  }
  render(): Template {
    return html`<button id="open" phx-click=${JS.showModal("#edit")}>edit</button>
      <dialog id="edit" class=${`r${this.renders}`} phx-click-away=${JS.close()} phx-close="closed">
        <p id="text">${this.renders} renders</p><input id="field">
        <button id="patch" phx-click=${this.patch}>patch</button>
        <form method="dialog"><button id="yes" value="yes">yes</button></form>
      </dialog>
      <button id="ask" phx-click=${JS.showModal("#asks")}>ask</button>
      <dialog id="asks" phx-cancel="asked"><button id="done" phx-click=${JS.close({ to: { closest: "dialog" } })}>done</button></dialog>
      <ul>${each(
        this.order,
        (n) => n,
        (
          n,
        ) => html`<li id=${`li-${n}`}><button id=${`row-${n}`} phx-click=${JS.showModal({ to: `#dialog-${n}` })}>${n}</button>
          <dialog id=${`dialog-${n}`}><button phx-click=${this.patch} id=${`patch-${n}`}>patch</button></dialog></li>`,
      )}</ul>
      <dialog id="rendered" open=${this.open} phx-close="rendered closed">rendered
        <button id="modal" phx-click=${JS.showModal("#rendered")}>modal</button>
        <button id="server" phx-click=${this.serverCloses}>close</button></dialog>
      <button id="begin" phx-click=${this.begin}>begin</button>
      ${this.editing && html`<dialog id="needed" phx-mounted=${JS.showModal()} phx-close=${this.end}>needed</dialog>`}
      <button id="by-command" type="button" commandfor="any" command="show-modal">by command</button>
      <dialog id="any" closedby="any" phx-close="any closed">
        <button id="by-close" type="button" commandfor="any" command="close" value="done">done</button>
        <button id="ends" phx-click=${JS.close("#any").push("after")}>end</button>
        <form phx-submit="sent"><button id="kept" formmethod="dialog" value="kept">keep</button></form></dialog>
      <p id="wrong" phx-click=${JS.showModal("#wrong")}>wrong</p>`;
  }
}

describeBrowser("dialogs in Chromium", (browser) => {
  const served = serveViews(browser, { "/": Dialogs });

  /** A dialog tells of its end in a task of its own, after it is hidden. */
  const expectGot = (...events: (readonly [name: string, value: unknown])[]) =>
    expect.poll(() => got).toEqual(events);
  const isModal = (page: Page, selector: string) =>
    page.locator(selector).evaluate((el) => el.matches(":modal"));
  const waitForModal = (page: Page, selector: string) => page.locator(`${selector}:modal`).waitFor();
  const focused = (page: Page) => page.evaluate(() => document.activeElement?.id);

  async function open(): Promise<Page> {
    got = [];
    return served.open("/", { viewport: { width: 800, height: 600 } });
  }

  test("opens over the page, stays so under patches, and gives the focus back", async () => {
    const page = await open();
    await page.locator("#open").click();
    await page.waitForFunction(() => document.activeElement?.id === "field");
    await page.locator("#field").fill("typed");
    for (let times = 1; times <= 2; times++) {
      await page.locator("#patch").click();
      await page.locator(`#edit.r${times}`).waitFor();
      await idle(page);
    }
    expect(await isModal(page, "#edit")).toBe(true);
    expect(await page.locator("#field").inputValue()).toBe("typed");
    await page.keyboard.press("Escape");
    await page.locator("#edit").waitFor({ state: "hidden" });
    await expect.poll(() => focused(page)).toBe("open");
    await expectGot(["closed", undefined]);
    await page.close();
  });

  test("closes by a click on its backdrop, not by one in it, nor by a drag from it", async () => {
    const page = await open();
    await page.locator("#open").click();
    await waitForModal(page, "#edit");
    const { x, y } = (await page.locator("#edit").boundingBox()) as DOMRect;
    await page.locator("#text").click();
    // Its own padding.
    await page.mouse.click(x + 3, y + 3);
    await page.locator("#text").hover();
    await page.mouse.down();
    await page.mouse.move(x - 20, y - 20);
    await page.mouse.up();
    expect(await isModal(page, "#edit")).toBe(true);
    await page.mouse.click(x - 20, y - 20);
    await page.locator("#edit").waitFor({ state: "hidden" });
    await page.close();
  });

  test("tells the value of the button that closed it, once", async () => {
    const page = await open();
    await page.locator("#open").click();
    await page.locator("#yes").click();
    await page.locator("#edit").waitFor({ state: "hidden" });
    await page.locator("#open").click();
    await waitForModal(page, "#edit");
    await page.keyboard.press("Escape");
    await page.locator("#edit").waitFor({ state: "hidden" });
    await expectGot(["closed", "yes"], ["closed", undefined]);
    await page.close();
  });

  test("Escape does what is bound to it in place of closing", async () => {
    const page = await open();
    await page.locator("#ask").click();
    await waitForModal(page, "#asks");
    await page.keyboard.press("Escape");
    await expectGot(["asked", undefined]);
    expect(await isModal(page, "#asks")).toBe(true);
    await page.locator("#done").click();
    await page.locator("#asks").waitFor({ state: "hidden" });
    await page.close();
  });

  test("is driven by commands of the page, tells of its end after those that end it, and what it sends is sent", async () => {
    const page = await open();
    const dialog = page.locator("#any");
    await page.locator("#by-command").click();
    await page.locator("#kept").click();
    await expectGot(["sent", undefined]);
    expect(await isModal(page, "#any")).toBe(true);
    await page.locator("#by-close").click();
    await dialog.waitFor({ state: "hidden" });
    await page.locator("#by-command").click();
    await page.locator("#ends").click();
    await expectGot(
      ["sent", undefined],
      ["any closed", "done"],
      ["after", undefined],
      ["any closed", "done"],
    );
    await page.locator("#by-command").click();
    await page.mouse.click(1, 1);
    await dialog.waitFor({ state: "hidden" });
    await page.close();
  });

  test("stays open when the element around it moves in a list", async () => {
    const page = await open();
    for (const row of [1, 3]) {
      await page.locator(`#row-${row}`).click();
      await page.locator(`#patch-${row}`).click();
      await idle(page);
      expect(await isModal(page, `#dialog-${row}`)).toBe(true);
      await page.keyboard.press("Escape");
      await page.locator(`#dialog-${row}`).waitFor({ state: "hidden" });
    }
    await page.close();
  });

  test("a dialog that the server rendered as open can be made modal; its own closing is not reported to it", async () => {
    const page = await open();
    await page.locator("#modal").click();
    await waitForModal(page, "#rendered");
    await page.locator("#server").click();
    await page.locator("#rendered").waitFor({ state: "hidden" });
    await page.locator("#open").click();
    await waitForModal(page, "#edit");
    await page.keyboard.press("Escape");
    await page.locator("#edit").waitFor({ state: "hidden" });
    await expectGot(["closed", undefined]);
    await page.close();
  });

  test("opens when it comes, if it is rendered while it is needed", async () => {
    const page = await open();
    for (let times = 0; times < 2; times++) {
      await page.locator("#begin").dispatchEvent("click");
      await waitForModal(page, "#needed");
      await page.keyboard.press("Escape");
      await page.locator("#needed").waitFor({ state: "detached" });
    }
    await page.close();
  });

  test("a command for a dialog reports if there is none", async () => {
    const page = await open();
    const error = page.waitForEvent("pageerror");
    await page.locator("#wrong").dispatchEvent("click");
    expect((await error).message).toBe("Overwire: showModal is for a <dialog>, not for a <p>");
    await page.close();
  });
});
