/** Fields, texts and parsed HTML under patches in a real browser, on pages that a server made. */
import { type Child, each, html, LiveView, raw } from "@overwire/server";
import { describeBrowser } from "@overwire/test-support/chromium";
import { serveView } from "@overwire/test-support/served-view";
import fc from "fast-check";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";

type Body = (n: number) => Child;

let body: Body = () => "";
let loaded: string[] = [];

class Any extends LiveView {
  n = 0;
  words = this.feed<string>();
  payload = {};
  took = this.event((payload: object) => {
    this.payload = payload;
  });
  override handleInfo(n: unknown) {
    this.n = n as number;
  }
  render() {
    return html`<output>${this.n}</output><section>${body(this.n)}</section>
      <form id="form" phx-submit=${this.took}>${form(this.n)}</form>`;
  }
}

let form: Body = () => "";

describeBrowser("fields, texts and parsed HTML", (browser) => {
  const served = serveView(browser, Any);
  const { show } = served;
  let page: Page;
  served.app.get("/loaded/:what", (context) => {
    loaded.push(context.req.param("what"));
    return context.body("");
  });
  beforeAll(() => {
    page = served.page;
  });

  /** @param before runs when the page is painted, and its client has not begun */
  async function open(shown: Body, before?: () => void, fields: Body = () => ""): Promise<void> {
    [body, form, loaded] = [shown, fields, []];
    await page.route("**/*.js*", async (route) => {
      if (before) await page.evaluate(before);
      before = undefined;
      await route.continue();
    });
    await served.load();
    await page.unrouteAll();
  }

  const read = <T>(run: () => T) => page.evaluate(run);
  const chosen = () =>
    read(() =>
      Array.from(document.querySelector("select")?.options ?? [])
        .filter(({ selected }) => selected)
        .map(({ text }) => text)
        .join(),
    );
  const choose = (...texts: string[]) =>
    page.locator("select").evaluate((select: HTMLSelectElement, texts) => {
      for (const option of select.options) option.selected = texts.includes(option.text);
    }, texts);

  test("a select of many keeps what the user cleared, until the server says something else", async () => {
    await open(
      (n) => html`<select multiple title=${n}>
        <option selected=${n < 2}>a</option><option>b</option><option selected=${n > 1}>c</option>
      </select>`,
    );
    await choose();
    await show(1);
    expect(await chosen()).toBe("");
    await choose("b");
    await show(2);
    expect(await chosen()).toBe("b,c");
  });

  test("of options with equal values the chosen one stays chosen, also at the join", async () => {
    await open(
      (n) => html`<select title=${n}>${n === 2 && html`<option>new</option>`}
        <option value="x">a</option><option value="x">b</option><option value="x">c</option>
      </select>`,
      () => {
        (document.querySelector("select") as HTMLSelectElement).selectedIndex = 1;
      },
    );
    expect(await chosen()).toBe("b");
    await show(1);
    expect(await chosen()).toBe("b");
    await show(2);
    expect(await chosen()).toBe("b");
  });

  test("the choice goes with its option through other orders, values and groups", async () => {
    const lists = ["abc", "zcab", "zcab", "zcab", "bz"];
    await open(
      (n) =>
        html`<select><optgroup label=${n}>${[...(lists[n] ?? "")].map(
          (text) => html`<option value=${n === 2 ? "same" : text}>${text}</option>`,
        )}</optgroup></select>`,
    );
    await choose("b");
    for (const n of [1, 2, 3, 4]) {
      await show(n);
      expect(await chosen()).toBe("b");
    }
  });

  const list = (n: number) => (n === 1 ? ["n", "x", "z"] : ["x", "y", "z"]);
  class Plain extends LiveView {
    n = 0;
    override mount() {
      plain = this;
    }
    override handleInfo(n: unknown) {
      this.n = n as number;
    }
    render() {
      const options = each(
        list(this.n),
        (item) => item,
        (item) => html`<option>${item}</option>`,
      );
      return html`<output>${this.n}</output><select>${options}</select>`;
    }
  }
  let plain: Plain | undefined;
  served.app.live("/plain", Plain);

  test("the choice goes with its option on a page that has nothing else", async () => {
    await page.goto(new URL("/plain", served.url).href, { waitUntil: "networkidle" });
    await page.locator(".phx-connected").waitFor();
    await choose("z");
    plain?.send(1);
    await served.shows(1);
    expect(await chosen()).toBe("z");
  });

  test("a choice whose option is gone gives way to the first that can be chosen", async () => {
    await open(
      (n) => html`<select>
        <optgroup disabled label="no"><option>never</option></optgroup>
        <option disabled>nor this</option><option>first</option>${n < 1 && html`<option>gone</option>`}
      </select>`,
    );
    await choose("gone");
    await show(1);
    expect(await chosen()).toBe("first");
  });

  test("a list box in which nothing is chosen stays so, also one that is not of many", async () => {
    await open((n) => html`<select size="3" title=${n}><option>a</option><option>b</option></select>`);
    expect(await chosen()).toBe("");
    await show(1);
    expect(await chosen()).toBe("");
  });

  test.each(["button", "submit", "reset"])(
    "an input that is a %s says what the server says, also with the focus",
    async (type) => {
      await open((n) => html`<input type=${type} value="value ${n}"><input type="hidden" value=${n}>`);
      await page.locator("input").first().focus();
      await show(1);
      expect(await read(() => Array.from(document.querySelectorAll("input"), ({ value }) => value))).toEqual([
        "value 1",
        "1",
      ]);
    },
  );

  test("a field into which nothing is typed keeps its value and its caret while the user is in it, until the focus has left it", async () => {
    for (const field of [
      (n: number) => html`<input class="f" value="value ${n}">`,
      (n: number) => html`<textarea class="f">value ${n}</textarea>`,
    ]) {
      await open(field);
      const f = page.locator(".f");
      await f.evaluate((f: HTMLInputElement) => {
        f.focus();
        f.setSelectionRange(2, 4);
      });
      await show(1);
      expect(await f.evaluate((f: HTMLInputElement) => [f.value, f.selectionStart, f.selectionEnd])).toEqual([
        "value 0",
        2,
        4,
      ]);
      await f.blur();
      await show(2);
      expect(await f.inputValue()).toBe("value 2");
    }
  });

  test("a selection stays while the text around it grows, shrinks and changes", async () => {
    const texts = [
      "one two",
      "one two three",
      "zero one two three",
      "zero one two 😀",
      "zero one two 😁 & <",
    ];
    await open((n) => html`<p>${texts[n]}</p><p>also ${texts[n]} ${n > 2 && html`<b>more</b>`}</p>`);
    for (const at of [0, 1]) {
      await show(0);
      await page.evaluate((at) => {
        const p = document.querySelectorAll("section p")[at] as Element;
        const node = Array.from(p.childNodes).find(({ nodeValue }) => nodeValue?.includes("two")) as Text;
        getSelection()?.setBaseAndExtent(node, node.data.indexOf("two"), node, node.data.indexOf("two") + 3);
      }, at);
      for (let n = 1; n < texts.length; n++) {
        await show(n);
        expect(await read(() => String(getSelection()))).toBe("two");
      }
    }
  });

  test("carriage returns and NUL are the same at first and after a patch, and come back from a form", async () => {
    const text = "a\r\nb\rc\0";
    await open(
      (n) => html`<p title=${text}>${text}</p><p title=${n ? text : ""}>${n ? text : ""}</p>`,
      undefined,
      () =>
        html`<input type="hidden" name="hidden" value=${text}><textarea name="area">${`\n${text}`}</textarea>`,
    );
    await show(1);
    const all = await read(() =>
      Array.from(document.querySelectorAll("section p"), (p) => [p.getAttribute("title"), p.textContent]),
    );
    const shown = "a\r\nb\rc\ufffd";
    expect(all).toEqual([
      [shown, shown],
      [shown, shown],
    ]);
    await page.locator("form").evaluate((form: HTMLFormElement) => form.requestSubmit());
    await expect.poll(() => served.view.payload).toMatchObject({ hidden: shown, area: "\na\nb\nc\ufffd" });
  });

  test("a user who edits a custom field or a text in the page is left alone until the focus has left it", async () => {
    await open(
      (n) => html`<p>${n}</p>
        <x-field class="x" title=${n} value=${n}><b>${n}</b></x-field>
        <div class="x" contenteditable title=${n}>${n}<i>${n}</i></div>
        <div class="x" contenteditable phx-patch-focused title=${n}><i>${n}</i></div>`,
      () => {
        customElements.define(
          "x-field",
          class extends HTMLElement {
            static formAssociated = true;
            connectedCallback() {
              if (!this.shadowRoot) this.attachShadow({ mode: "open" }).innerHTML = "<input><slot></slot>";
            }
            override focus() {
              this.shadowRoot?.querySelector("input")?.focus();
            }
          },
        );
      },
    );
    const seen = () =>
      read(() =>
        Array.from(document.querySelectorAll(".x"), (el) => [
          el.getAttribute("title"),
          el.getAttribute("value") ?? "",
          el.textContent,
        ]),
      );
    const focus = (at: number) =>
      page.evaluate((at) => document.querySelectorAll<HTMLElement>(".x")[at]?.focus(), at);
    await focus(0);
    await show(1);
    await show(2);
    expect(await seen()).toEqual([
      ["2", "0", "0"],
      ["2", "", "22"],
      ["2", "", "2"],
    ]);
    await focus(1);
    await show(3);
    expect(await seen()).toEqual([
      ["3", "3", "3"],
      ["3", "", "22"],
      ["3", "", "3"],
    ]);
    await focus(2);
    await show(4);
    expect(await seen()).toEqual([
      ["4", "4", "4"],
      ["4", "", "44"],
      ["4", "", "4"],
    ]);
  });

  test("MathML goes on being MathML", async () => {
    await open(
      (n) =>
        html`<math><mrow title=${n}>${Array.from({ length: n }, (_, at) => html`<mi>${at}</mi>`)}</mrow></math>`,
    );
    await show(2);
    expect(await read(() => document.querySelector("mi")?.namespaceURI)).toMatch(/MathML$/);
  });

  test("a selection in a feed stays while it grows, on a page that has nothing else", async () => {
    const waiting: ((word: string) => void)[] = [];
    const source = async function* () {
      for (;;) yield await new Promise<string>((resolve) => waiting.push(resolve));
    };
    await open((n) => n === 0 && html`<p id="feed">${served.view.words.each()}</p>`);
    served.view.words.start(source());
    let text = "";
    for (const word of ["one ", "two ", "three & ", "four <", "five"]) {
      await expect.poll(() => waiting.length).toBe(1);
      waiting.shift()?.(word);
      text += word;
      await page.waitForFunction((text) => document.querySelector("#feed")?.textContent === text, text);
      if (word === "one ")
        await read(() => {
          const node = document.querySelector("#feed")?.firstChild as Text;
          getSelection()?.setBaseAndExtent(node, 0, node, 3);
        });
      expect(await read(() => String(getSelection()))).toBe("one");
    }
  });

  test("changes in noscript are text, and load nothing", async () => {
    await open((n) => html`<noscript><img src="/loaded/${n}">${n > 1 ? html`<b>${n}</b>` : "<"}</noscript>`);
    const text = () => read(() => document.querySelector("noscript")?.textContent);
    expect(await text()).toBe('<img src="/loaded/0">&lt;');
    await show(1);
    expect(await text()).toBe('<img src="/loaded/1">&lt;');
    await show(2);
    expect(await text()).toBe('<img src="/loaded/2"><b>2</b>');
    expect(await read(() => document.querySelector("noscript")?.childNodes.length)).toBe(1);
    expect(loaded).toEqual([]);
  });

  /** Things that a template's parser and a page's could take for something else, on their own or in each other. */
  const parts: Record<string, (text: string, inner: Child) => Child> = {
    text: (text) => html`<b>${text}</b>`,
    noscript: (text) =>
      html`<noscript title=${text}><style>p { display: none }</style><img src="/loaded/${text}">&amp; ${text}${html`<b>${text}</b>`}</noscript>`,
    "noscript in a paragraph": (text) => html`<p>a<noscript><u>${text}</u></noscript>b</p>`,
    "noscript in SVG": (text) => html`<svg><noscript><text>${text}</text></noscript></svg>`,
    "trusted noscript": (text, inner) =>
      html`<div>${raw(`<!-- <noscript> --><i title="<noscript>"></i><NOSCRIPT class='>'><link rel="stylesheet" href="/loaded/css">${text}</NOSCRIPT>`)}</div>${inner}`,
    template: (text, inner) =>
      html`<template title=${text}><tr><td style=${{ order: text.length }}>${text}</td></tr><img src="/loaded/template">${inner}</template>`,
    "template of rows": (text) => html`<table><tbody><template><td>${text}</td></template></tbody></table>`,
    "custom element": (text, inner) => html`<x-any label=${text}>${inner}</x-any>`,
    select: (text) => html`<select><option>${text}</option><hr><optgroup label=${text}></optgroup></select>`,
    pre: (text) => html`<pre>${text}</pre><textarea>${text}</textarea><pre>\n\n${text}</pre>`,
    foreign: (text) =>
      html`<svg viewBox="0 0 1 1"><foreignObject><p>${text}</p></foreignObject><title>${text}</title></svg><math><mi>${text}</mi></math>`,
    raw: (text) => html`<xmp><b></xmp><iframe title=${text}></iframe><object>${text}</object>`,
  };
  const texts = ["", "a", "\nb\r\nc", "<i>&amp;</i>", "\0\r"];
  const some = fc.array(
    fc.tuple(
      fc.constantFrom(...Object.values(parts)),
      fc.nat(4),
      fc.constantFrom(...Object.values(parts)),
      fc.nat(4),
    ),
    { minLength: 1, maxLength: 5 },
  );

  const every = (text: number, inner: number) =>
    Object.values(parts).map((part): [typeof part, number, typeof part, number] => [
      part,
      text,
      parts.noscript as typeof part,
      inner,
    ]);

  /** All there is in the page's trees: as its own parser made them, after the join, and with `n`. */
  async function trees(n: number): Promise<unknown[]> {
    const tree = () => {
      const list = (node: Node): unknown[] => [
        node.nodeName,
        (node as Element).namespaceURI,
        node.nodeValue,
        ...Array.from((node as Element).attributes ?? [], ({ name, value }) => `${name}=${value}`),
        ...Array.from(node.childNodes, list),
        ...(node instanceof HTMLTemplateElement ? [list(node.content)] : []),
      ];
      const section = document.querySelector("section")?.cloneNode(true) as Element;
      section.normalize();
      return JSON.stringify(list(section));
    };
    await page.route("**/*.js*", (route) => route.abort());
    await page.goto(served.url);
    const painted = await page.evaluate(tree);
    await page.unrouteAll();
    await served.load();
    const joined = await page.evaluate(tree);
    await show(n);
    return [painted, joined, await page.evaluate(tree)];
  }

  test("a patched page is as a browser's own parser makes it", async () => {
    await fc.assert(
      fc.asyncProperty(some, async (all) => {
        const shown = all.map(([part, at, inner, text]) =>
          part(texts[at] as string, inner(texts[text] as string, "x")),
        );
        loaded = [];
        body = () => shown;
        const [painted, joined] = await trees(0);
        // Shown for the first time in a patch.
        body = (n) => n > 0 && shown;
        const [, , patched] = await trees(1);
        expect(joined).toBe(painted);
        expect(patched).toBe(painted);
        expect(loaded).toEqual([]);
      }),
      {
        seed: Number(process.env.FC_SEED ?? 1),
        numRuns: Number(process.env.FC_RUNS ?? 6),
        examples: [[every(3, 1)], [every(2, 4)]],
      },
    );
  });
});
