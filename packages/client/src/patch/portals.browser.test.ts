/** Portals that go with the element they belong to, and what moves into portals, on a page that a server made. */
import { type Child, html, JS, LiveComponent, LiveView, Portal } from "@overwire/server";
import { describeBrowser } from "@overwire/test-support/chromium";
import { serveView } from "@overwire/test-support/served-view";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";

let body: (n: number, view: Any) => Child = () => "";
let ended = 0;

class Any extends LiveView {
  n = 1;
  items = this.stream<string>({ domId: (item) => item });
  override mount() {
    this.items.insert("a");
    this.items.insert("b");
  }
  override handleInfo(change: unknown) {
    if (typeof change === "function") change();
    this.n++;
  }
  render() {
    return html`<output>${this.n}</output><aside id="a"></aside><aside id="b"></aside><main>${body(this.n, this)}</main>`;
  }
}

class Nested extends LiveView {
  override terminate() {
    ended++;
  }
  render() {
    return html`<p>nested</p><${Portal} id="own" target="#b"><i id="inner" phx-hook="Note">own</i><//>`;
  }
}

class Field extends LiveComponent {
  render() {
    return html`<article id=${this.id}><input id=${`${this.id}-field`}></article>`;
  }
}

declare global {
  interface Window {
    notes: string[];
    field: Element;
  }
}

describeBrowser("portals in a browser", (browser) => {
  const served = serveView(browser, Any);
  let page: Page;
  beforeAll(async () => {
    page = served.page;
    await page.addInitScript(() => {
      window.notes = [];
      const Note = (el: Element) => {
        window.notes.push(`${el.id} came`);
        return () => window.notes.push(`${el.id} left`);
      };
      Object.assign(window, { Overwire: { hooks: { Note } } });
    });
  });

  async function open(shown: typeof body): Promise<void> {
    [body, ended] = [shown, 0];
    await page.goto(served.url);
    await page.waitForFunction(() => window.notes.length > 0);
  }

  async function change(run?: () => void): Promise<void> {
    const n = served.view.n + 1;
    served.view.send(run ?? 0);
    await served.shows(n);
  }

  const shown = () =>
    page.evaluate(() =>
      [...document.querySelectorAll("aside > *")].map(
        ({ id, textContent }) => [id, (textContent ?? "").trim()] as const,
      ),
    );
  const notes = () => page.evaluate(() => window.notes);
  const hooked = html`<i id="x" phx-hook="Note">in</i>`;
  const portal = (content: Child = hooked, id = "p", target = "#a") =>
    html`<${Portal} id=${id} target=${target}>${content}<//>`;
  /** The hook of the page itself, which says that it is there. */
  const mark = html`<b id="mark" phx-hook="Note"></b>`;
  const slow = JS.hide({ transition: ["slow", "slow", "slow"], time: 600_000 });
  const leaving = (content: Child, remove: string | typeof slow = "[]", isShown = true) =>
    html`${mark}<div>${isShown && html`<section phx-remove=${remove}>${content}</section>`}</div>`;

  describe("of an element that goes by a transition", () => {
    test.each<[string, (n: number) => Child]>([
      ["that is none", (n) => leaving(portal(), "[]", n === 1)],
      ["that takes long", (n) => leaving(portal(), slow, n === 1)],
      ["and holds it deep inside", (n) => leaving(html`<ul><li>${portal()}</li></ul>`, slow, n === 1)],
      ["in a portal in a portal", (n) => leaving(portal(portal(hooked, "q", "#b")), slow, n === 1)],
      [
        "in a portal that stays",
        (n) => html`${mark}${portal(leaving(portal(hooked, "q", "#b"), slow, n === 1), "stays", "main")}`,
      ],
      [
        "where another comes for it",
        (n) =>
          html`${mark}<h1>${n}</h1>${n === 1 ? html`<section phx-remove=${slow}>${portal()}</section>` : html`<p>${n}</p>`}`,
      ],
    ])("%s, they go, and their hooks end", async (_, content) => {
      await open(content);
      await page.waitForFunction(() => window.notes.includes("x came"));
      await change();
      expect(await shown()).toEqual([]);
      expect(await notes()).toContain("x left");
    });

    test("in an item of a stream", async () => {
      const item = (id: string) => html`<li id=${id} phx-remove=${slow}>${id}${id === "a" && portal()}</li>`;
      await open((_, { items }) => html`${mark}<ul id="list" phx-update="stream">${items.each(item)}</ul>`);
      await page.waitForFunction(() => window.notes.includes("x came"));
      await change(() => served.view.items.delete("a"));
      expect(await shown()).toEqual([]);
      expect(await notes()).toContain("x left");
      expect(await page.locator("#list > [inert]").count()).toBe(1);
    });

    test("nested views in them leave, and nested views in the element with theirs", async () => {
      await open((n) => leaving(html`${portal(html`<${Nested} id="in" />`)}`, slow, n === 1));
      await page.waitForFunction(() => window.notes.includes("inner came"));
      await change();
      await expect.poll(() => ended).toBe(1);
      await expect.poll(shown).toEqual([]);
      await expect.poll(notes).toContain("inner left");
      await open((n) => leaving(html`<${Nested} id="in" />`, "[]", n === 1));
      await page.waitForFunction(() => window.notes.includes("inner came"));
      await change();
      await expect.poll(() => ended).toBe(1);
      await expect.poll(shown).toEqual([]);
    });

    test("they go by a transition of their own", async () => {
      const own = html`<${Portal} id="p" target="#a" phx-remove=${JS.hide({ transition: ["own", "own", "own"], time: 600_000 })}>${hooked}<//>`;
      await open((n) => leaving(own, "[]", n === 1));
      await change();
      await page.locator("#p.own[inert]").waitFor({ state: "attached" });
      expect(await shown()).toEqual([["p", "in"]]);
    });

    test("they come again with the element", async () => {
      await open((n) => leaving(portal(), "[]", n !== 2));
      await change();
      await change();
      expect(await shown()).toEqual([["p", "in"]]);
      expect(await notes()).toEqual(["x came", "mark came", "x left", "x came"]);
    });

    test("they stay if they are somewhere else now", async () => {
      await open(
        (n) => html`${leaving(n === 1 && portal(), "[]", n === 1)}<footer>${n > 1 && portal()}</footer>`,
      );
      await page.evaluate(() => {
        window.field = document.querySelector("#x") as Element;
      });
      await change();
      await change();
      expect(await shown()).toEqual([["p", "in"]]);
      expect(await page.evaluate(() => window.field === document.querySelector("#x"))).toBe(true);
      expect(await notes()).toEqual(["x came", "mark came"]);
    });
  });

  const it = html`<${Field} id="c" />`;
  test.each<[string, (n: number) => Child]>([
    [
      "a portal in an element that goes into a portal",
      (n) =>
        n % 2
          ? html`<div id="d1"></div><div id="d4">${it}</div>`
          : portal(html`<div id="d1"><div class="two" id="d4">${portal(it, "q", "#b")}</div></div>`),
    ],
    [
      "a portal in a portal, both new",
      (n) => (n % 2 ? html`<div>${it}</div>` : portal(portal(it, "q", "#b"))),
    ],
    [
      "a portal in three others",
      (n) =>
        n % 2
          ? html`<div id="one">${it}</div>`
          : portal(html`<div id="one">${portal(html`<div>${portal(it, "r", "#b")}</div>`, "q", "#b")}</div>`),
    ],
    [
      "a portal that was there, in a portal that was not",
      (n) =>
        n % 2
          ? html`${portal(html`<div></div>`, "q", "#b")}${it}`
          : portal(html`<div id="one">${portal(html`<div>${it}</div>`, "q", "#b")}</div>`),
    ],
  ])("a live component that goes into %s keeps its elements, and back", async (_, content) => {
    await open((n) => html`${mark}<div>${content(n)}</div>`);
    await page.locator("#c-field").pressSequentially("typed");
    await page.evaluate(() => {
      window.field = document.querySelector("#c-field") as Element;
    });
    for (const n of [2, 3, 4]) {
      await change();
      const state = await page.evaluate(() => ({
        same: window.field === document.querySelector("#c-field"),
        value: (window.field as HTMLInputElement).value,
        focused: document.activeElement === window.field,
      }));
      expect.soft(state, `step ${n}`).toEqual({ same: true, value: "typed", focused: true });
    }
  });
});
