/** A form that is larger than a message may be, in Chromium against a real server: refused, and nothing is lost. */
import { html, LiveView, type Report } from "@overwire/server";
import { describeBrowser } from "@overwire/test-support/chromium";
import { serveViews } from "@overwire/test-support/served-view";
import { expect, test } from "vitest";

declare const liveSocket: { readonly idle: boolean };

let mounts = 0;

class Editor extends LiveView {
  n = 0;
  saved = "";
  mount() {
    mounts++;
  }
  inc = this.event(() => {
    this.n++;
  });
  write = this.event(({ text }: { readonly [name: string]: unknown }) => {
    this.saved = String(text);
  });
  render() {
    return html`<button phx-click=${this.inc}>${this.n}</button><p>${this.saved}</p>
      <form id="change" phx-change=${this.write} phx-submit=${this.write}><textarea name="text"></textarea></form>
      <form id="submit" phx-submit=${this.write}><textarea name="text"></textarea><button>Save</button></form>`;
  }
}

describeBrowser("a form that is too large, in Chromium", (browser) => {
  const reports: Report[] = [];
  const served = serveViews(browser, { "/": Editor }, { report: (report) => void reports.push(report) });

  test.each(["change", "submit"])("its %s is refused with a reason, and the view goes on", async (id) => {
    const page = await browser().newPage();
    const sockets: unknown[] = [];
    const errors: string[] = [];
    page.on("websocket", (socket) => sockets.push(socket));
    page.on("console", (message) => message.text().startsWith("Overwire") && errors.push(message.text()));
    reports.length = mounts = 0;
    await page.goto(served.url());
    await page.waitForFunction(() => liveSocket.idle);
    const inc = page.locator("button").first();
    await inc.click();
    await expect.poll(() => inc.textContent()).toBe("1");
    const text = page.locator(`#${id} textarea`);
    await text.fill("x".repeat(200_000));
    if (id === "submit") await page.locator("#submit button").click();
    await expect
      .poll(() => errors)
      .toEqual([expect.stringContaining('"write" was not sent: its message has')]);
    await page.waitForFunction(() => liveSocket.idle);
    await inc.click();
    await expect.poll(() => inc.textContent()).toBe("2");
    expect((await text.inputValue()).length).toBe(200_000);
    expect(await page.locator(".phx-submit-loading, .phx-change-loading, .phx-error").count()).toBe(0);
    await text.fill("short");
    if (id === "submit") await page.locator("#submit button").click();
    await expect.poll(() => page.locator("p").textContent()).toBe("short");
    expect([sockets.length, mounts, reports.length]).toEqual([1, 1, 1]);
    expect(reports).toMatchObject([{ kind: "refused", view: "Editor", event: "write" }]);
    await page.close();
  });
});
