/** Fields of any name or id in Chromium: a form shows them in front of its own properties, a document its images and forms. */
import { html, JS, LiveView } from "@overwire/server";
import { describeBrowser } from "@overwire/test-support/chromium";
import { serveViews } from "@overwire/test-support/served-view";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";

/** The page's own. */
declare const liveSocket: { connect(): void; disconnect(): void; readonly idle: boolean };
declare const find: (selector: string) => HTMLElement | null;
declare const seen: Set<string>;

/** Names in one page: each page is a new connection. */
const MANY = 100;

/** Names that fields or elements of the page get. */
let names: readonly string[] = [];

const fields = (byId: boolean) =>
  names.map((name) => (byId ? html`<input id=${name} value="x">` : html`<input name=${name} value="x">`));

class Form extends LiveView {
  byId = false;
  steps: string[] = [];
  isFirst = true;
  rows = this.stream<{ id: string }>({ domId: ({ id }) => id });
  mount() {
    this.rows.insertMany([{ id: "row-1" }, { id: "row-2" }]);
  }
  change = this.event((payload) => {
    this.steps.push(`change ${Object.values(payload as object).filter((value) => value === "x").length > 0}`);
  });
  save = this.event(() => {
    this.steps.push("submit");
  });
  move = this.event(() => {
    this.isFirst = !this.isFirst;
    this.steps.push("move");
    this.rows.insert({ id: `row-${this.steps.length}` }, { at: 0 });
    this.rows.deleteById("row-2");
    this.rows.insert({ id: "row-2" }, { at: 0 });
    this.rows.deleteById("row-1");
  });
  click = this.event(() => {
    this.steps.push("click");
  });
  crash = this.event(() => {
    throw new Error("crash");
  });
  hooked = this.event(() => {
    this.steps.push("hook");
  });
  render() {
    const form = html`<form id="the-form" key="form" phx-hook="Say" phx-change=${this.change} phx-submit=${this.save}
        phx-click-away=${JS.addClass("away", { to: "#the-form" })} tabindex="-1" class=${`steps-${this.steps.length}`}>
        <p id="steps">${this.steps.join()}</p>${fields(this.byId)}<input name="typed" class="typed">
        <button class="save">save</button><span class="inside" phx-click=${this.click}>inside</span></form>`;
    const other = html`<p key="other" id="other">other ${this.steps.length}</p>`;
    return html`${this.isFirst ? [form, other] : [other, form]}
      <div id="rows">${this.rows.each((id) => html`<form id=${id}>${fields(this.byId)}</form>`)}</div>
      <button id="crash" phx-click=${this.crash}>crash</button>
      <button id="move" phx-click=${this.move}>move</button>
      <button id="command" phx-click=${JS.toggleClass("toggled", { to: "#the-form" })
        .setAttribute("title", "set", { to: "#the-form" })
        .hide({ to: "#the-form" })
        .show({ to: "#the-form" })
        .focus({ to: "#the-form" })
        .dispatch("said", { to: "#the-form" })}>command</button>
      <a id="patch" data-ow-link="patch" href="?page=2">patch</a>
      <a id="away" data-ow-link="navigate" href="/elsewhere">away</a>`;
  }
}

class FormOfIds extends Form {
  override byId = true;
}

class Elsewhere extends LiveView {
  render() {
    return html`<h1>elsewhere</h1>`;
  }
}

/** A page in which elements of any name stand that a document has under their names. */
class Named extends LiveView {
  count = 0;
  text = "";
  add = this.event(() => {
    this.count++;
  });
  change = this.event((payload) => {
    this.text = (payload as { text: string }).text;
  });
  render() {
    return html`<div hidden>${names.map((name, at) => (at % 2 ? html`<img name=${name} alt="">` : html`<form name=${name}></form>`))}
      ${names.map((name) => html`<img id=${name} name="x" alt="">`)}</div>
      <p id="the-count">${this.count}</p><button id="add" phx-click=${this.add}>add</button>
      <button id="command" phx-click=${JS.focus({ to: "#field" })}>command</button>
      <form id="the-form" phx-change=${this.change}><input id="field" name="text"></form><p id="the-text">${this.text}</p>
      <a id="away" data-ow-link="navigate" href="/elsewhere">away</a>`;
  }
}

/** Works in the page past what its elements stand in front of, which Playwright's own actions would meet. */
const atPage = (page: Page) => ({
  click: (selector: string) => page.evaluate((selector) => find(selector)?.click(), selector),
  async type(selector: string, text: string) {
    await page.evaluate((selector) => (find(selector) as HTMLInputElement).select(), selector);
    await page.keyboard.insertText(text);
  },
  until: (selector: string) => page.waitForFunction((selector) => !!find(selector), selector),
  untilText: (selector: string, text: string) =>
    page.waitForFunction(([selector, text]) => find(selector)?.textContent === text, [
      selector,
      text,
    ] as const),
});

describeBrowser("names of elements in Chromium", (browser) => {
  const served = serveViews(browser, {
    "/name": Form,
    "/id": FormOfIds,
    "/named": Named,
    "/elsewhere": Elsewhere,
  });
  let formNames: readonly string[] = [];
  let documentNames: readonly string[] = [];
  beforeAll(async () => {
    const page = await browser().newPage();
    const namesOf = (expression: string) =>
      page.evaluate(`(() => {
        const names = new Set();
        for (let at = ${expression}; at; at = Object.getPrototypeOf(at))
          for (const name of Object.getOwnPropertyNames(at)) names.add(name);
        return [...names].filter((name) => name !== "__proto__");
      })()`) as Promise<string[]>;
    formNames = await namesOf(`document.createElement("form")`);
    documentNames = await namesOf("document");
    await page.close();
  });

  const chunks = (all: readonly string[], size: number) =>
    Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));

  const open = async (path: string): Promise<readonly [Page, string[]]> => {
    const page = await (await browser().newContext()).newPage();
    page.setDefaultTimeout(20_000);
    const errors: string[] = [];
    await page.addInitScript(() => {
      const find = (selector: string) => Document.prototype.querySelector.call(document, selector);
      const seen = new Set<string>();
      const noted = () => {
        const form = find("#the-form");
        for (const name of form ? (Element.prototype.getAttribute.call(form, "class") ?? "").split(" ") : [])
          seen.add(name);
      };
      new MutationObserver(noted).observe(document, { subtree: true, attributeFilter: ["class"] });
      document.addEventListener("said", ({ target }) => {
        const { get } = Object.getOwnPropertyDescriptor(Element.prototype, "classList") ?? {};
        get?.call(target).add("heard");
      });
      const hooks = {
        Say(_el: Element, { pushEvent }: { pushEvent(event: string): Promise<unknown> }) {
          void pushEvent("hooked");
        },
      };
      Object.assign(window, { Overwire: { hooks }, seen, find });
    });
    page.on("pageerror", ({ message }) => errors.push(message));
    page.on("console", (message) => /Overwire|Error/.test(message.text()) && errors.push(message.text()));
    await page.goto(served.url(path));
    await page.waitForFunction(() => liveSocket.idle);
    return [page, errors];
  };

  test.each([["name"], ["id"]])(
    "a form has fields of any %s",
    async (by) => {
      for (const some of chunks(formNames, MANY)) {
        names = some;
        const [page, errors] = await open(`/${by}`);
        const { click, type, until, untilText } = atPage(page);
        const steps: string[] = [];
        const step = (name: string) => {
          steps.push(name);
          return untilText("#steps", steps.join());
        };
        await step("hook");
        await type(".typed", "typed");
        await step(`change ${by === "name"}`);
        await click(".inside");
        await step("click");
        await click("#move");
        await step("move");
        await click("#command");
        await until("#the-form.toggled.away.heard[title=set]:focus");
        await click(".save");
        await step("submit");
        await click("#move");
        await step("move");
        await until(`#the-form.toggled.away.steps-${steps.length}[title=set]`);
        await until(`#row-2:first-child + #row-${steps.length} + #row-4:last-child`);
        await type(".typed", "again");
        await step(`change ${by === "name"}`);
        expect(
          await page.evaluate(() => [...seen].filter((name) => /phx-.*loading/.test(name)).sort()),
        ).toEqual(["phx-change-loading", "phx-hook-loading", "phx-submit-loading"]);
        expect(errors, some.join()).toEqual([]);
        await click("#crash");
        await untilText("#steps", `change ${by === "name"}`);
        await expect.poll(() => errors.length, { message: some.join() }).toBe(1);
        errors.length = 0;
        await page.evaluate(() => {
          liveSocket.disconnect();
          liveSocket.connect();
        });
        await page.waitForFunction(() => liveSocket.idle);
        await until("#the-form.toggled.away");
        await click("#patch");
        await page.waitForURL(/page=2/);
        await click("#away");
        await until("h1");
        expect(errors, some.join()).toEqual([]);
        await page.context().close();
      }
    },
    120_000,
  );

  test("a document has elements of any name and id", async () => {
    for (const some of chunks(documentNames, 2 * MANY)) {
      names = some;
      const [page, errors] = await open("/named");
      const { click, type, until, untilText } = atPage(page);
      await click("#add");
      await untilText("#the-count", "1");
      await click("#command");
      await until("#field:focus");
      await type("#field", "typed");
      await untilText("#the-text", "typed");
      await click("#away");
      await until("h1");
      await page.goBack();
      await until("#the-count");
      expect(errors, some.join()).toEqual([]);
      await page.context().close();
    }
  });
});
