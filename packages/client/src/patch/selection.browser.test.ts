/** The user's selection, in elements that a patch moves. */
import { type Child, each, html, LiveView, Portal } from "@overwire/server";
import { describeBrowser } from "@overwire/test-support/chromium";
import { serveView } from "@overwire/test-support/served-view";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let body: (n: number) => Child = () => "";
class Any extends LiveView {
  n = 1;
  override handleInfo(n: unknown) {
    this.n = n as number;
  }
  render() {
    return html`<output>${this.n}</output><aside id="t"></aside><main>${body(this.n)}</main>`;
  }
}

describeBrowser("a selection", (browser) => {
  const served = serveView(browser, Any);

  const rows = (ids: string, row: (id: string) => Child) =>
    each(
      [...ids],
      (id) => id,
      (id) => html`${row(id)}`,
    );
  const list = (ids: string) => html`<ul>${rows(ids, (id) => html`<li id=${id}>word ${id}</li>`)}</ul>`;

  type End = readonly [selector: string, offset: number, inText?: boolean];
  interface Case {
    readonly shown: (n: number) => Child;
    readonly from: End;
    readonly to: End;
    readonly text: string;
    readonly focus?: string;
    /** Letters that come before it in its text. */
    readonly before?: number;
    /** Only to there: further on its ends come to stand the other way round. */
    readonly steps?: number;
  }
  const word = { from: ["#x", 0, true], to: ["#x", 4, true], text: "word" } as const;
  const edited = html`<b id="x" contenteditable>text <i>more</i><br><br></b>`;
  const wrapped = (inner: Child) => (n: number) =>
    html`<div>${n % 2 ? html`<p>${inner}</p>` : html`<section>${inner}</section>`}</div>`;

  const cases: Record<string, Case> = {
    "in a row that passes others": { shown: (n) => list(n % 2 ? "abcx" : "xabc"), ...word },
    "in a row that others pass": { shown: (n) => list(n % 2 ? "xabc" : "abcx"), ...word },
    "in a card that goes to another list": {
      shown: (n) => html`${list(n % 2 ? "ax" : "a")}${list(n % 2 ? "b" : "xb")}`,
      ...word,
    },
    "in a card that is wrapped": { shown: wrapped(html`<b id="x">word <i>more</i></b>`), ...word },
    "in a card that goes to a portal": {
      shown: (n) => {
        const card = html`<b id="x">word</b>`;
        return html`<div>${n % 2 ? card : html`<${Portal} id="portal" target="#t">${card}<//>`}</div>`;
      },
      ...word,
    },
    "that was made backwards": {
      shown: (n) => list(n % 2 ? "abcx" : "xabc"),
      from: ["#x", 4, true],
      to: ["#x", 1, true],
      text: "ord",
    },
    "of all that is in a row": {
      shown: (n) => list(n % 2 ? "abcx" : "xabc"),
      from: ["#x", 0],
      to: ["#x", 1],
      text: "word x",
    },
    "that begins in a row that moves": {
      shown: (n) => list(n % 2 ? "axbc" : "xabc"),
      from: ["#x", 2, true],
      to: ["#c", 4, true],
      text: "rd x word a word b word",
      steps: 2,
    },
    "that begins in a row that moves, and ends between others": {
      shown: (n) => list(n % 2 ? "baxc" : "xbac"),
      from: ["#x", 2, true],
      to: ["ul", 3],
      text: "rd x word b word a",
      steps: 2,
    },
    "around rows that change places": {
      shown: (n) => list(n % 2 ? "abcd" : "acbd"),
      from: ["#a", 0, true],
      to: ["#d", 4, true],
      text: "word a word c word b word",
      steps: 2,
    },
    "while a button has the focus": {
      shown: (n) => html`<button id="go">go</button>${list(n % 2 ? "abcx" : "xabc")}`,
      focus: "#go",
      ...word,
    },
    "of an editor's whole content": {
      shown: wrapped(edited),
      focus: "#x",
      from: ["#x", 0],
      to: ["#x", 2],
      text: "text more",
    },
    "between the elements of an editor": {
      shown: wrapped(edited),
      focus: "#x",
      from: ["#x", 3],
      to: ["#x", 3],
      text: "",
    },
    "in an element of an editor": {
      shown: wrapped(edited),
      focus: "#x",
      from: ["#x i", 1, true],
      to: ["#x i", 3, true],
      text: "or",
    },
    "in an editor in a row that passes others": {
      shown: (n) =>
        html`<ul>${rows(n % 2 ? "abx" : "xab", (id) => html`<li>${id}<p id=${id} contenteditable>text</p></li>`)}</ul>`,
      focus: "#x",
      from: ["#x", 1, true],
      to: ["#x", 3, true],
      text: "ex",
    },
    "in a text that changes as its row moves": {
      shown: (n) =>
        html`<ul>${rows(n % 2 ? "abx" : "xab", (id) => html`<li id=${id}>${n > 1 && "a longer "}word</li>`)}</ul>`,
      from: ["#x", 1, true],
      to: ["#x", 4, true],
      text: "ord",
      before: 9,
      steps: 2,
    },
  };

  describe.each([
    ["a browser that can move elements", true],
    ["a browser that can only take them out and put them in", false],
  ])("in %s", (_, canMove) => {
    let page: Page;

    beforeAll(async () => {
      page = await browser().newPage();
      if (!canMove) await page.addInitScript(() => Reflect.deleteProperty(Element.prototype, "moveBefore"));
    });

    afterAll(() => page.close());

    async function open(shown: typeof body): Promise<void> {
      body = shown;
      await served.load(page);
      expect(await page.evaluate(() => "moveBefore" in Element.prototype)).toBe(canMove);
    }

    const show = (n: number) => served.show(n, page);

    const select = (ends: readonly [End, End], focus: string | undefined) =>
      page.evaluate(
        ([ends, focus]) => {
          const nodeOf = ([selector, , inText]: End): Node => {
            const el = document.querySelector(`main ${selector}`) as Element;
            return inText ? (el.firstChild as Text) : el;
          };
          const nodes = [nodeOf(ends[0]), nodeOf(ends[1])] as const;
          if (focus) document.querySelector<HTMLElement>(focus)?.focus();
          getSelection()?.setBaseAndExtent(nodes[0], ends[0][1], nodes[1], ends[1][1]);
          Object.assign(window, { nodes });
        },
        [ends, focus] as const,
      );

    const selected = () =>
      page.evaluate(() => {
        const { nodes } = window as unknown as { nodes: [Node, Node] };
        const { anchorNode, anchorOffset, focusNode, focusOffset } = getSelection() as Selection;
        return {
          nodes: [anchorNode === nodes[0], focusNode === nodes[1]],
          offsets: [anchorOffset, focusOffset],
          text: `${getSelection()}`.replace(/\s+/g, " ").trim(),
          focused: document.activeElement?.id ?? "",
        };
      });

    test.each(Object.entries(cases))(
      "%s stays",
      async (_, { shown, from, to, text, focus, before = 0, steps = 4 }) => {
        await open(shown);
        await select([from, to], focus);
        for (let n = 2; n <= steps; n++) {
          await show(n);
          expect(await selected(), `step ${n}`).toEqual({
            nodes: [true, true],
            offsets: [from[1] + before, to[1] + before],
            text,
            focused: focus?.slice(1) ?? "",
          });
        }
      },
    );

    test("in a field stays, with its direction", async () => {
      for (const id of ["x", "y"]) {
        await open(wrapped(html`<span id="s"><input id="x"><textarea id="y"></textarea></span>`));
        await page.evaluate((id) => {
          const field = document.getElementById(id) as HTMLInputElement;
          field.value = "hello";
          field.focus();
          field.setSelectionRange(1, 3, "backward");
        }, id);
        for (const n of [2, 3]) {
          await show(n);
          expect(
            await page.evaluate((id) => {
              const field = document.getElementById(id) as HTMLInputElement;
              const { selectionStart, selectionEnd, selectionDirection } = field;
              return [document.activeElement === field, selectionStart, selectionEnd, selectionDirection];
            }, id),
          ).toEqual([true, 1, 3, "backward"]);
        }
        await page.keyboard.type("X");
        expect(await page.locator(`#${id}`).inputValue()).toBe("hXlo");
      }
    });
  });
});
