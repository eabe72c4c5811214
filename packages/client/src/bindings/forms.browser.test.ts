/** Forms in a real browser: what their view gets of them, and what the browser sends after it. */
import { html, LiveView, type Template } from "@overwire/server";
import { describeBrowser, featured, idle } from "@overwire/test-support/chromium";
import { serveViews } from "@overwire/test-support/served-view";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";

/** Payloads that the views got, the newest last. */
let got: Record<string, unknown>[] = [];

abstract class Sent extends LiveView {
  sent = this.event((payload) => {
    const { _target, ...values } = payload as Record<string, unknown>;
    got.push(values);
  });
}

class Entries extends Sent {
  render(): Template {
    return html`<form id="f" dir="rtl" phx-change=${this.sent} phx-submit=${this.sent}>
        <input type="hidden" name="_charset_"><input name="text" value="1" dirname="text.dir"><input type="file" name="file">
        <x-field name="own"></x-field>
        <input type="image" id="named" name="at" alt="image" src="data:," width="40" height="40">
        <button id="none">plain</button><button type="button" id="other" name="other" value="x">other</button>
        <fieldset disabled><legend><input name="first" value="1"><input id="in-first" phx-keyup="key"></legend>
          <legend><input name="second" value="1"></legend>
          <fieldset><legend><input name="nested" value="1"></legend></fieldset>
          <input name="inside" value="1"></fieldset>
      </form>
      <input name="outside" value="1" form="f">`;
  }
}

class Triggering extends Sent {
  ready = false;
  save = this.event(() => {
    this.ready = true;
  });
  render(): Template {
    return html`<form id="f" action="/plain?form" phx-submit=${this.save} phx-trigger-action=${this.ready}>
        <input name="text" value="1">
        <button id="named" name="intent" value="publish" disabled=${this.ready} formmethod="post">publish</button>
        <button id="elsewhere" name="intent" value="draft" formaction="/plain?button" formmethod="post">draft</button>
        <input type="image" id="image" name="at" alt="image" src="data:," width="40" height="40" formmethod="post">
        <button id="nameless" formmethod="post">save</button>
      </form>
      <button id="outside" name="intent" value="outside" form="f" formmethod="post">outside</button>`;
  }
}

describeBrowser("forms in Chromium", (browser) => {
  const served = serveViews(browser, { "/entries": Entries, "/triggering": Triggering });
  served.app.post("/plain", async (c) => c.text(`${new URL(c.req.url).search} ${await c.req.text()}`));

  async function open(path: string): Promise<Page> {
    const page = await browser().newPage();
    got = [];
    await page.addInitScript(() => {
      customElements.define(
        "x-field",
        class extends HTMLElement {
          static formAssociated = true;
          internals = this.attachInternals();
          connectedCallback() {
            this.internals.setFormValue("of its own");
          }
        },
      );
      addEventListener("formdata", (event) => event.formData.append("added", "by a listener"));
    });
    await page.goto(served.url(path));
    await idle(page);
    await featured(page);
    return page;
  }

  const all = {
    _charset_: "UTF-8",
    text: "2",
    "text.dir": "rtl",
    own: "of its own",
    first: "1",
    outside: "1",
    added: "by a listener",
  };

  test("a change and a submit tell the entries that the browser would send, but files", async () => {
    const page = await open("/entries");
    await page.locator("[name=text]").fill("2");
    await idle(page);
    await expect.poll(() => got).toEqual([all]);
    await page.locator("#none").click();
    await idle(page);
    await expect.poll(() => got).toEqual([all, all]);
    await page.close();
  });

  test("an image tells the place of the click", async () => {
    const page = await open("/entries");
    await page.locator("#named").click({ position: { x: 7, y: 9 } });
    await idle(page);
    await expect.poll(() => got).toMatchObject([{ "at.x": "7", "at.y": "9", added: "by a listener" }]);
    await page.close();
  });

  test("a button that does not submit counts in the change that it makes, and stays what it is", async () => {
    const page = await open("/entries");
    await page.locator("#other").evaluate((el) => el.dispatchEvent(new Event("input", { bubbles: true })));
    await idle(page);
    await expect.poll(() => got).toMatchObject([{ other: "x", added: "by a listener" }]);
    expect(await page.locator("#other").getAttribute("type")).toBe("button");
    await page.close();
  });

  test("a custom element without a `form` of its own tells a change of its form", async () => {
    const page = await open("/entries");
    await page.locator("x-field").evaluate((el) => el.dispatchEvent(new Event("input", { bubbles: true })));
    await idle(page);
    await expect.poll(() => got).toMatchObject([{ own: "of its own" }]);
    await page.close();
  });

  test("a word that is composed is one change", async () => {
    const page = await open("/entries");
    await page.locator("[name=text]").focus();
    const session = await page.context().newCDPSession(page);
    for (const text of ["n", "ni", "nih"])
      await session.send("Input.imeSetComposition", {
        text,
        selectionStart: text.length,
        selectionEnd: text.length,
      });
    await idle(page);
    expect(got).toEqual([]);
    await session.send("Input.insertText", { text: "你" });
    await idle(page);
    await expect.poll(() => got).toMatchObject([{ text: expect.stringContaining("你") }]);
    await page.locator("[name=first]").focus();
    await idle(page);
    expect(got).toHaveLength(1);
    await page.close();
  });

  test("the browser sends a form that its view has seen as the button says by which it was submitted", async () => {
    const sent: Record<string, string> = {};
    for (const id of ["named", "elsewhere", "image", "nameless", "outside"]) {
      const page = await open("/triggering");
      await page.locator(`#${id}`).click({ position: { x: 3, y: 4 } });
      await page.waitForURL("**/plain*");
      sent[id] = (await page.locator("body").textContent()) as string;
      await page.close();
    }
    expect(sent).toEqual({
      named: "?form text=1&intent=publish&added=by+a+listener",
      elsewhere: "?button text=1&intent=draft&added=by+a+listener",
      image: "?form text=1&at.x=3&at.y=4&added=by+a+listener",
      nameless: "?form text=1&added=by+a+listener",
      outside: "?form text=1&intent=outside&added=by+a+listener",
    });
  });
});
