/** The client as it is served, in Chromium: its names are shortened, so each command shows there that it still finds its own. */
import { html, JS, LiveView } from "@overwire/server";
import { describeBrowser } from "@overwire/test-support/chromium";
import { serveViews } from "@overwire/test-support/served-view";
import { expect, test } from "vitest";

class Commands extends LiveView {
  pushed = "";
  count = 0;
  push = this.event(({ by }: { readonly by?: string }) => {
    this.pushed = by ?? "";
  });
  bump = this.event(() => {
    this.count++;
  });
  /** Commands by their names, and what can be seen of each. */
  readonly runs: readonly (readonly [op: string, commands: typeof JS, seen: string])[] = [
    [
      "push",
      JS.push(this.push, {
        value: { by: "push" },
        loading: "#box",
        pageLoading: true,
        optimistic: JS.addClass("soon", { to: "#box" }),
      }),
      "#pushed.push",
    ],
    ["show", JS.show({ to: "#hidden", transition: ["a", "b", "c"], time: 20 }), "#hidden[style*=block]"],
    ["hide", JS.hide("#hidden"), "#hidden[style*=none]"],
    ["toggle", JS.toggle({ to: "#hidden", in: "a", display: "flex" }), "#hidden[style*=flex]"],
    ["showModal", JS.showModal("#dialog").close("#dialog").showModal("#dialog"), "#dialog:modal"],
    ["close", JS.close("#dialog"), "#dialog:not([open])"],
    ["addClass", JS.addClass("added", { to: { document: "#box" } }), "#box.added"],
    ["removeClass", JS.removeClass("there", { to: "#box" }), "#box:not(.there)"],
    ["toggleClass", JS.toggleClass("toggled", { to: "#box" }), "#box.toggled"],
    ["transition", JS.transition(["fading", "from", "faded"], { to: "#box", time: 20 }), "#box.faded"],
    ["setAttribute", JS.setAttribute("title", "set", { to: "#box" }), "#box[title=set]"],
    ["removeAttribute", JS.removeAttribute("title", { to: "#box" }), "#box:not([title])"],
    ["toggleAttribute", JS.toggleAttribute("lang", "de", "en", { to: "#box" }), "#box[lang=de]"],
    [
      "ignoreAttributes",
      JS.ignoreAttributes("data-n", { to: "#kept" }).push(this.bump),
      '#kept[data-n="0"] + [data-n="1"]',
    ],
    [
      "dispatch",
      JS.dispatch("said", { to: "#box", detail: { word: "one" } }),
      '#box[data-said="one by dispatch"]',
    ],
    ["dispatch", JS.dispatch("click", { to: { inner: "i" } }), "#dispatch > i.clicked"],
    [
      "dispatch",
      JS.dispatch("said", { to: "#box", detail: { word: "two" }, blocking: true }).push(this.bump),
      '#box[data-said="two by dispatch"] ~ #kept + [data-n="2"]',
    ],
    ["exec", JS.exec("data-commands", { to: "#box" }), "#box.executed"],
    ["focus", JS.focus("#second"), "#second:focus"],
    ["focusFirst", JS.focusFirst("#fields"), "#first:focus"],
    ["pushFocus", JS.pushFocus("#second").focus("#first"), "#first:focus"],
    ["popFocus", JS.popFocus(), "#second:focus"],
    ["patch", JS.patch("?page=2", { replace: true }), '#page[data-page="2"]'],
    ["navigate", JS.navigate("/elsewhere"), "h1"],
  ];
  render() {
    return html`<p id="box" class="there" title="was" data-commands=${JS.addClass("executed")}>box</p>
      <p id="hidden" style="display: none">hidden</p><dialog id="dialog">dialog</dialog>
      <p id="pushed" class=${this.pushed}>pushed</p>
      <p id="kept" data-n=${this.count}>kept</p><p data-n=${this.count}>count</p>
      <p id="page" data-page=${new URL(this.url).searchParams.get("page")}>page</p>
      <div id="fields"><input id="first"><input id="second"></div>
      ${this.runs.map(
        ([op, commands], at) =>
          html`<button id=${`run-${at}`} phx-click=${commands}>${op}<i phx-click=${JS.addClass("clicked")}></i></button>`,
      )}`;
  }
}

class Elsewhere extends LiveView {
  render() {
    return html`<h1>elsewhere</h1>`;
  }
}

class Items extends LiveView {
  items = this.stream<{ id: number }>();
  count = 1;
  mount() {
    this.items.insert({ id: 1 });
  }
  add = this.event(() => this.items.insert({ id: ++this.count }));
  render() {
    return html`<button phx-click=${this.add}>add</button>
      <ul id="items" phx-update="stream">${this.items.each((id) => html`<li id=${id}>item</li>`)}</ul>`;
  }
}

describeBrowser("the prebuilt client in Chromium", (browser) => {
  let runs: Commands["runs"] = [];
  class Noted extends Commands {
    mount() {
      ({ runs } = this);
    }
  }
  const served = serveViews(browser, { "/commands": Noted, "/elsewhere": Elsewhere, "/items": Items });

  test("each command does there what it says", async () => {
    const page = await browser().newPage();
    page.setDefaultTimeout(20_000);
    const errors: string[] = [];
    page.on("pageerror", ({ message }) => errors.push(message));
    page.on("console", (message) => /Overwire|Error/.test(message.text()) && errors.push(message.text()));
    await page.addInitScript(() => {
      document.addEventListener("said", (event) => {
        const { detail, target } = event as CustomEvent;
        (target as Element).setAttribute(
          "data-said",
          `${detail.word} by ${detail.dispatcher.firstChild.data}`,
        );
        detail.done?.();
      });
    });
    await page.goto(served.url("/commands"));
    const ops = Object.getOwnPropertyNames(Object.getPrototypeOf(JS));
    const others = ["constructor", "concat", "toJSON"];
    expect([...new Set(runs.map(([op]) => op))].sort()).toEqual(
      ops.filter((op) => !others.includes(op)).sort(),
    );
    for (const [at, [op, , seen]] of runs.entries()) {
      await page.evaluate((id) => document.getElementById(id)?.click(), `run-${at}`);
      await page
        .locator(seen.replace("#dispatch", `#run-${at}`))
        .waitFor({ state: "attached" })
        .catch(() => errors.push(`${op} shows no ${seen}`));
    }
    expect(errors).toEqual([]);
    await page.close();
  });

  test("an item of a stream goes in by itself, and those that are there are left alone", async () => {
    const page = await browser().newPage();
    const loaded = page.waitForResponse(/\/streams-/);
    await page.goto(served.url("/items"));
    await page.locator("button").click();
    await page.locator("#items-2").waitFor();
    await (await loaded).finished();
    for (let count = 3; count < 6; count++) {
      await page.locator("#items-1").evaluate((el, title) => el.setAttribute("title", title), `${count}`);
      await page.locator("button").click();
      await page.locator(`#items-${count}`).waitFor();
    }
    expect(await page.locator("#items-1").getAttribute("title")).toBe("5");
    await page.close();
  });
});
