/** Elements that stay the same ones wherever a patch shows them, and those that become others, on a page that a server made. */
import { type Child, each, html, LiveComponent, LiveView, Portal } from "@overwire/server";
import { describeBrowser } from "@overwire/test-support/chromium";
import { serveView } from "@overwire/test-support/served-view";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";

let body: (n: number) => Child = () => "";
let mounts = 0;

class Counting extends LiveComponent {
  count = 0;
  override mount() {
    mounts++;
  }
  up = this.event(() => {
    this.count++;
  });
  render() {
    return html`<article id=${this.id}><input><button phx-click=${this.up}>${this.count}</button></article>`;
  }
}

class Nested extends LiveView {
  count = 0;
  override mount() {
    mounts++;
  }
  up = this.event(() => {
    this.count++;
  });
  render() {
    return html`<input><button phx-click=${this.up}>${this.count}</button>`;
  }
}

class Any extends LiveView {
  n = 1;
  words = this.feed<string>();
  override handleInfo(n: unknown) {
    this.n = n as number;
  }
  render() {
    return html`<output>${this.n}</output><aside></aside><main id="all">${body(this.n)}</main>`;
  }
}

describeBrowser("the same element", (browser) => {
  const served = serveView(browser, Any);
  const { show } = served;
  let page: Page;
  beforeAll(() => {
    page = served.page;
  });

  async function open(shown: (n: number) => Child): Promise<void> {
    [body, mounts] = [shown, 0];
    await served.load();
  }

  /** Types into the field `.x`, or the first, stays in it, and writes into a frame beside it. */
  const use = async () => {
    await page.locator("input.x").pressSequentially("typed");
    await page.evaluate(() => {
      const x = document.querySelector(".x") as HTMLInputElement;
      x.setSelectionRange(1, 3);
      Object.assign(window, { x, frame: document.querySelector("iframe") ?? undefined });
      document.querySelector("iframe")?.contentDocument?.body.append("mine");
    });
  };
  const state = () =>
    page.evaluate(() => {
      const { x, frame } = window as unknown as { x: HTMLInputElement; frame?: HTMLIFrameElement };
      return {
        same: x.isConnected && x === document.querySelector(".x"),
        value: x.value,
        focused: document.activeElement === x,
        selection: [x.selectionStart, x.selectionEnd],
        frame: frame?.contentDocument?.body.textContent,
      };
    });
  const kept = {
    same: true,
    value: "typed",
    focused: true,
    selection: [1, 3],
  };

  const frame = html`<iframe src="about:blank"></iframe>`;
  const card = (id: string, n: unknown = "") =>
    html`<li id=${`card-${id}`} title=${n}>${id}${id === "x" && html`<input class="x">${frame}`}</li>`;
  const rows = (ids: string, row: (id: string) => Child) =>
    each(
      [...ids],
      (id) => id,
      (id) => row(id) as never,
    );
  const field = html`<p id="field"><input class="x">${frame}</p>`;
  const bare = html`<p><input id="x" class="x"></p>`;

  const edited = (id: string) =>
    html`<li id=${id}>${id}${id === "x" && html`<p class="edited" contenteditable phx-update="ignore" id="edited">text</p>`}</li>`;

  const moves: Record<string, [shown: (n: number) => Child, steps?: number, frame?: false]> = {
    "a card from one list to another and back": [
      (n) =>
        html`<ul>${rows(n % 2 ? "axb" : "ab", (id) => card(id, n))}</ul><ol>${rows(n % 2 ? "cd" : "cxd", (id) => card(id, n))}</ol>`,
    ],
    "a card between lists in parts of their own": [
      (n) =>
        html`${[1, 2, 3].map((at) => html`<section><h2>${at}</h2><ul>${rows(n === at ? `${at}x` : `${at}`, (id) => card(id))}</ul></section>`)}`,
      3,
    ],
    "a card that changes its template as well": [
      (n) =>
        n % 2
          ? html`<ul>${card("x", n)}</ul><ol></ol>`
          : html`<p>now</p><ol><li id="card-x" class="other"><b>x</b><input class="x">${frame}</li></ol>`,
    ],
    "a field that is wrapped and unwrapped": [
      (n) => html`<div>${n % 2 ? field : html`<fieldset><legend>all</legend>${field}</fieldset>`}</div>`,
    ],
    "a field without an id around it": [
      (n) => html`<div>${n % 2 ? bare : html`<fieldset>${bare}</fieldset>`}</div>`,
      4,
      false,
    ],
    "a field that is wrapped twice, beside others": [
      (n) =>
        html`<i>${n}</i>${
          n % 3 === 0
            ? html`<section><div>${n}<div>${field}</div></div></section>`
            : n % 3 === 1
              ? html`<b>one</b>${field}`
              : html`<div>${field}</div><b>two</b>`
        }<u>${n}</u>`,
      7,
    ],
    "a field into a portal and out of it": [
      (n) =>
        html`<div>${n % 2 ? field : html`<${Portal} id="portal" target="aside"><h2>${n}</h2>${field}<//>`}</div>`,
    ],
    "a field from one portal to another": [
      (n) =>
        html`<${Portal} id="one" target="aside"><i>${n}</i>${n % 2 ? field : ""}<//><${Portal} id="two" target="body"><i>${n}</i>${n % 2 ? "" : field}<//>`,
    ],
    "a keyed row without an id in its list": [
      (n) =>
        html`<ul>${rows(["axbc", "cbxa", "xcd", "2cx1"][n % 4] as string, (id) => html`<li>${id}${n}${id === "x" && html`<input class="x">${frame}`}</li>`)}</ul>`,
      8,
    ],
    "a keyed row of two elements": [
      (n) =>
        html`<dl>${rows(["axb", "bxa", "x"][n % 3] as string, (id) => html`<dt>${id}</dt><dd>${id === "x" && html`<input class="x">${frame}`}</dd>`)}</dl>`,
      6,
    ],
    "cards that change places with each other": [
      (n) =>
        html`<ul>${rows(n % 2 ? "ax" : "cd", (id) => card(id, n))}</ul><ol>${rows(n % 2 ? "cd" : "xa", (id) => card(id, n))}</ol>`,
    ],
    "cards that change their ids in places without keys": [
      (n) => html`<ul>${[...(["axb", "xab", "bax"][n % 3] as string)].map((id) => card(id, n))}</ul>`,
      6,
    ],
    "a card whose id comes in the place of another card, which goes": [
      (n) => html`<ul>${[...(["axb", "ax", "x", "bx"][n % 4] as string)].map((id) => card(id))}</ul>`,
      8,
    ],
    "fields that change their ids in a template, in words and in other attributes": [
      (n) => {
        const id = (at: number) => (n % 2 === at ? "x" : "y");
        return html`<p><input ...${{ title: n, id: id(0), class: id(0) }}></p><p><input class=${id(1)} id="${id(1)}" title=${n}></p>`;
      },
      5,
      false,
    ],
    "fields that change their ids in other parents": [
      (n) => {
        const own = (at: number) =>
          html`<input id="f-${n % 2 === at ? "x" : "y"}" class=${n % 2 === at ? "x" : "y"}>`;
        return html`<ul><li>${own(0)}</li></ul><ol>${n}<li>${own(1)}</li></ol>`;
      },
      5,
      false,
    ],
    "a field whose id is taken from one element and given to one in another parent": [
      (n) => {
        const own = (at: number) => html`<input class=${n % 2 === at && "x"} id=${n % 2 === at && "x"}>`;
        return html`<ul><li>${own(1)}</li></ul><ol><li>${n}</li><li>${own(0)}</li></ol>`;
      },
      5,
      false,
    ],
    "a card that takes another's place while that goes": [
      (n) =>
        html`<ul>${rows(n % 2 ? "axb" : "x", (id) => card(id))}</ul>${n % 2 ? "" : html`<p id="card-a"></p>`}`,
    ],
    "a card out of its card": [
      (n) =>
        html`<div>${
          n % 2
            ? html`<section id="outer">${n}${field}</section>`
            : html`${field}<section id="outer">${n}</section>`
        }</div>`,
    ],
    "a card into which that around it goes": [
      (n) =>
        html`<div>${
          n % 2
            ? html`<section id="a">${n}<section id="b"><input class="x"></section></section>`
            : html`<section id="b"><input class="x"><section id="a">${n}</section></section>`
        }</div>`,
      2,
      false,
    ],
  };

  test.each(Object.entries(moves))(
    "%s keeps what is typed, the focus and its frame",
    async (_, [shown, steps = 4, hasFrame = true]) => {
      await open(shown);
      await use();
      for (let n = 2; n <= steps; n++) {
        await show(n);
        expect.soft(await state(), `step ${n}`).toEqual(hasFrame ? { ...kept, frame: "mine" } : kept);
      }
    },
  );

  test.each<[string, (n: number) => Child, steps: number]>([
    ["in a row that another one passes", (n) => rows(n % 2 ? "ax" : "xa", (id) => edited(id)), 4],
    ["in a row that passes others", (n) => rows(n % 2 ? "abcx" : "xabc", (id) => edited(id)), 4],
    [
      "that goes into another list",
      (n) => html`<ul>${n % 2 && edited("x")}</ul><ol>${n % 2 ? "" : edited("x")}</ol>`,
      3,
    ],
  ])("an edited text %s keeps the caret", async (_, shown, steps) => {
    await open((n) => html`<ul>${shown(n)}</ul>`);
    const text = page.locator(".edited");
    await text.evaluate((p) => {
      p.focus();
      getSelection()?.setBaseAndExtent(p.firstChild as Node, 2, p.firstChild as Node, 2);
    });
    for (let n = 2; n <= steps; n++) {
      await show(n);
      await page.keyboard.type(`${n}`);
    }
    expect(await text.textContent()).toBe(`te${"234".slice(0, steps - 1)}xt`);
  });

  test.each<[string, () => Child]>([
    ["a live component", () => html`<${Counting} id="it" />`],
    ["a nested view", () => html`<${Nested} id="it" />`],
  ])("%s goes from one list to another with all it has", async (_, it) => {
    const item = (id: string, n: number) => html`<li id=${`item-${id}`}>${id}${n}${id === "x" && it()}</li>`;
    await open(
      (n) =>
        html`<ul>${rows(n % 2 ? "axb" : "ab", (id) => item(id, n))}</ul><ol>${rows(n % 2 ? "cd" : "cxd", (id) => item(id, n))}</ol>`,
    );
    const button = page.locator("#it button");
    await button.click();
    await page.waitForFunction(() => document.querySelector("#it button")?.textContent === "1");
    await page.locator("#it input").pressSequentially("typed");
    await page.evaluate(() => Object.assign(window, { it: document.querySelector("#it") }));
    const mounted = mounts;
    for (const n of [2, 3]) {
      await show(n);
      expect(
        await page.evaluate(() => [
          document.querySelector("#it") === (window as unknown as { it: Element }).it,
          document.querySelector("#it input") === document.activeElement,
          document.querySelector<HTMLInputElement>("#it input")?.value,
          document.querySelector("#it")?.closest("ul, ol")?.localName,
        ]),
      ).toEqual([true, true, "typed", n === 2 ? "ol" : "ul"]);
      await button.click();
      await page.waitForFunction((n) => document.querySelector("#it button")?.textContent === `${n}`, n);
      await page.locator("#it input").focus();
    }
    expect(mounts).toBe(mounted);
  });

  describe("is not", () => {
    const fields = () =>
      page.evaluate(() =>
        [...document.querySelectorAll<HTMLInputElement>("main :is(input, textarea)")].map(
          ({ name, type, value, checked }) => `${name} ${type} ${/radio|box/.test(type) ? checked : value}`,
        ),
      );
    const fill = () =>
      page.evaluate(() => {
        const all = [...document.querySelectorAll<HTMLInputElement>("main :is(input, textarea)")];
        for (const field of all)
          if (/radio|box/.test(field.type)) field.click();
          else field.value = "Ann";
        Object.assign(window, { all });
      });
    const areOthers = () =>
      page.evaluate(() => (window as unknown as { all: Element[] }).all.every((field) => !field.isConnected));

    const others: Record<string, [one: Child, two: Child, fields: string[]]> = {
      "one of another step": [
        html`<p>One</p><input name="first"><input type="checkbox" name="agree">`,
        html`<p>Two</p><input name="last"><input type="checkbox" name="news">`,
        ["last text ", "news checkbox false"],
      ],
      "one of another template with the same names": [
        html`<p>One</p><input name="a"><input type="checkbox" name="b">`,
        html`<p>Two</p><input name="a"><input type="checkbox" name="b">`,
        ["a text ", "b checkbox false"],
      ],
      "one of another template without names": [
        html`<div><input><textarea></textarea><input type="checkbox"></div>`,
        html`<div class="b"><input><textarea></textarea><input type="checkbox"></div>`,
        [" text ", " textarea ", " checkbox false"],
      ],
      "a radio button of another group": [
        html`<input type="radio" name="a" value="1"><input type="radio" name="a" value="2">`,
        html`<input type="radio" name="b" value="1"><input type="radio" name="b" value="2">`,
        ["b radio false", "b radio false"],
      ],
      "a box that becomes a button, or a text": [
        html`<input type="checkbox" name="a"><input name="b">`,
        html`<input type="radio" name="a"><input type="password" name="b">`,
        ["a radio false", "b password "],
      ],
      "what is in an element with the same tag": [
        html`<section><label>A<input name="a"></label></section>`,
        html`<section><label>B<input name="a"></label></section>`,
        ["a text "],
      ],
    };

    test.each(Object.entries(others))("%s", async (_, [one, two, expected]) => {
      await open((n) => html`<form><b>${n}</b>${n % 2 ? one : two}</form>`);
      await fill();
      await show(2);
      expect(await fields()).toEqual(expected);
      expect(await areOthers()).toBe(true);
    });

    test("a field whose name or type changes, but for that of a row that moves and for a password that is shown", async () => {
      await open(
        (n) => html`<form>
          <input name=${`q${n}`}><input type=${n > 2 ? "radio" : "checkbox"} name="b">
          ${rows(n === 2 ? "xy" : "y", (id) => html`<p><input name=${`rows[${n === 2 && id === "y" ? 1 : 0}][title]`}></p>`)}
          <input name="secret" type=${n === 1 ? "password" : "text"}>
        </form>`,
      );
      await fill();
      await show(2);
      expect(await fields()).toEqual([
        "q2 text ",
        "b checkbox true",
        "rows[0][title] text ",
        "rows[1][title] text Ann",
        "secret text Ann",
      ]);
      await show(3);
      expect(await fields()).toEqual([
        "q3 text ",
        "b radio false",
        "rows[0][title] text Ann",
        "secret text Ann",
      ]);
    });

    test("a field of another item in the place of one that went", async () => {
      await open(
        (n) => html`<div>${rows(n === 1 ? "ab" : "b", (id) => html`<p>${id}<input name="x"></p>`)}</div>`,
      );
      await page.locator("input").first().fill("Ann");
      await show(2);
      expect(await fields()).toEqual(["x text "]);
    });

    test("of two templates in one place", async () => {
      await open(
        (n) =>
          html`<div>${n === 1 ? html`<p>a<input></p>` : null}${n === 2 ? html`<p>b<input></p>` : null}<p>c<input></p></div>`,
      );
      await fill();
      await show(2);
      expect(await fields()).toEqual([" text ", " text Ann"]);
    });
  });

  test("changes by a script in a portal stay while something around the portal changes", async () => {
    await open(
      (n) =>
        html`<section title=${n}>${n}<${Portal} id="p" target="aside"><b title="static">bold</b><ul><li>one</li></ul><//></section>`,
    );
    await page.evaluate(() => {
      const b = document.querySelector("aside b") as HTMLElement;
      b.textContent = "mine";
      b.title = "mine";
      document.querySelector("aside ul")?.append("more");
      document.querySelector("#p")?.classList.add("mine");
    });
    const read = () => page.locator("#p").evaluate((p) => [p.className, p.innerHTML]);
    const before = await read();
    await show(2);
    await show(3);
    expect(await read()).toEqual(before);
  });

  test.each([
    ["without streams never loads what shows them", false],
    ["with a stream does", true],
  ])("a page %s", async (_, has) => {
    const urls: string[] = [];
    async function* words() {
      yield* ["one", "two"];
    }
    const note = (request: { url(): string }) => void urls.push(request.url());
    page.on("request", note);
    await open(
      (n) =>
        html`<p title=${n} phx-hook=${null} phx-mounted="[]">${n}</p>${rows("abc".slice(0, n), (id) => html`<li>${id}</li>`)}${has && served.view.words.each((word) => html`${word}`)}`,
    );
    for (const n of [2, 3]) await show(n);
    if (has) {
      served.view.words.start(words());
      await show(4);
      await expect.poll(() => urls.filter((url) => /streams/.test(url)).length).toBe(1);
    } else expect(urls.filter((url) => /streams/.test(url))).toEqual([]);
    page.off("request", note);
  });
});
