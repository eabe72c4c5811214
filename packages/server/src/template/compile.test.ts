/** Compiled templates: statics, marks and slots, which the diff and the client rely on. */
import { MARK_CLOSE, MARK_OPEN } from "@overwire/client/wire";
import { describe, expect, test } from "vitest";
import { compile } from "./compile.ts";
import { type Child, html, type Template } from "./html.ts";
import { raw } from "./raw.ts";
import { childSlot, resolveSlot, slotHtml } from "./slot.ts";

const of = ({ strings }: Template) => compile(strings);
/** Marks as brackets, slots as `_`. */
const marked = (template: Template) =>
  of(template).marked.join("_").replaceAll(MARK_OPEN, "[").replaceAll(MARK_CLOSE, "]");
const kinds = (template: Template) => of(template).slots.map(({ kind, value }) => `${kind} ${value}`);
const Box = ({ children }: { children?: Child }) => html`${children}`;

test("once per place in the code", () => {
  const make = (n: number) => html`<p>${n}</p>`;
  expect(of(make(1))).toBe(of(make(2)));
  expect(of(html`<p></p>`).id).not.toBe(of(html`<p></p>`).id);
});

test("statics are what never changes", () => {
  expect(of(html`<p title=${1} class="a ${2}">${3} b</p>`).statics).toEqual([
    "<p",
    ' class="a ',
    '">',
    " b</p>",
  ]);
});

describe("slots", () => {
  test.each<[string, Template, string[], boolean]>([
    [
      "children and attributes",
      html`<p a=${0} b="x${1}">${2}</p>`,
      ["attribute 0", "part 1", "child 2"],
      true,
    ],
    ["text only", html`<title>${0} - ${1}</title>`, ["text 0", "text 1"], true],
    ["a URL that is settled", html`<a href="/a/${0}?b=${1}"></a>`, ["part 0", "part 1"], true],
    ["a URL that is all one value", html`<a href=${0}></a>`, ["attribute 0"], true],
    ["a URL that values decide", html`<a href="${0}/${1}">${2}</a>`, ["mixed 0", "child 2"], false],
    ["a spread", html`<a ...${0}></a>`, ["spread 0"], false],
    [
      "a component",
      html`${0}<${Box} a=${1}>${2}<b>${3}</b></${Box}>${4}`,
      ["child 0", "component 1", "child 6"],
      false,
    ],
    ["none", html`<p></p>`, [], true],
  ])("%s", (_name, template, expected, plain) => {
    expect(kinds(template)).toEqual(expected);
    expect(of(template).plain).toBe(plain);
  });

  test("between a component's tags are a plain template of their own", () => {
    const { slots } = of(html`${0}<${Box} a=${1}> ${2}<b c=${3}>${4}</b> <//>`);
    const slot = slots[1];
    const children = slot?.kind === "component" ? slot.children : undefined;
    expect(children?.values).toEqual([3, 4, 5]);
    expect(children && compile(children.strings)).toMatchObject({
      statics: ["", "<b", ">", "</b>"],
      plain: true,
    });
  });
});

describe("marks", () => {
  test.each<[string, Template, string]>([
    ["the only root", html`<p>a</p>`, "<p[>a</p>]"],
    ["each of several", html`<p>a<b></b></p><br>`, "<p[>a<b></b></p>]<br[>]"],
    [
      "what holds a slot",
      html`<p><b>${1}</b> <i>c</i></p><p>${2}</p>`,
      "<p[><b[>_</b>] <i>c</i></p>]<p[>_</p>]",
    ],
    ["a void element after its end", html`a<input value=${1}>`, "a<input[_>]"],
    ["what holds a component", html`<p><${Box} /></p> `, "<p[>_</p>]"],
    ["a text", html`a<textarea>b${1}</textarea>`, "a<textarea[>b_</textarea>]"],
    [
      "what stands beside a component, and not what it is given",
      html`<p><b></b></p><${Box}><i></i><//>`,
      "<p[><b></b></p>]_",
    ],
  ])("%s", (_name, template, expected) => expect(marked(template)).toBe(expected));
});

describe("resolve", () => {
  const resolved = ({ strings, values }: Template) =>
    compile(strings).slots.map((slot) => resolveSlot(slot, values));
  const child = html``;

  test("leaves what cannot change, and what is looked into", () => {
    const values = ["a", 1, 2n, true, null, undefined, child, raw("b")];
    expect(
      resolved(html`${values[0]}${values[1]}${values[2]}${values[3]}${values[4]}${values[5]}${child}`),
    ).toEqual(values.slice(0, 7));
    expect(resolved(html`<p a=${"javascript:"} b=${1} c="${2}x" d=${null}></p>`)).toEqual([
      "javascript:",
      1,
      2,
      null,
    ]);
  });

  test("makes text of objects, so that a later change of them is seen", () => {
    const names = ["a"];
    const make = () => html`<p class=${names} style=${{ top: 0 }}>${new Date(Number.NaN)}</p>`;
    expect(resolved(make())).toEqual(["a", "top: 0", "Invalid Date"]);
    names.push("b");
    expect(resolved(make())[0]).toBe("a b");
  });

  test("finishes spreads and URLs of parts", () => {
    expect(resolved(html`<a href="${"a"}/${"<"}" ...${{ id: 1 }}></a>`)).toEqual([' href="a/&lt;" id="1"']);
  });

  test("calls components", () => {
    const seen: unknown[] = [];
    const See = (props: unknown) => void seen.push(props);
    expect(resolved(html`<${See} a=${1} /><${() => child} />`)).toEqual([undefined, child]);
    expect(seen).toEqual([{ a: 1 }]);
  });
});

test("a slot without a template is a child", () => {
  expect(slotHtml(childSlot, resolveSlot(childSlot, ["<"]))).toBe("&lt;");
  expect(() => resolveSlot(childSlot, [{}])).toThrow("An object cannot be shown.");
});
