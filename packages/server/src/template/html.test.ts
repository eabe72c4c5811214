/** Templates and the HTML they give, rule by rule. */
import { describe, expect, test } from "vitest";
import { attributeValue } from "./attributes.ts";
import { each } from "./each.ts";
import { type Child, type Component, html, type Template } from "./html.ts";
import { memo } from "./memo.ts";
import { raw } from "./raw.ts";
import { renderToHtml } from "./render.ts";

/** Each row: what is shown, the template, the HTML. */
function gives(rows: readonly (readonly [string, Template, string])[]) {
  test.each(rows)("%s", (_name, template, expected) => expect(renderToHtml(template)).toBe(expected));
}

const evil = `<i a="b" c='d'>&`;
const escaped = "&lt;i a=&quot;b&quot; c=&#39;d&#39;&gt;&amp;";

describe("children", () => {
  gives([
    ["text is escaped", html`<p>${evil}</p>`, `<p>${escaped}</p>`],
    ["what the author wrote is not", html`<p>&copy; 1 > 0 &lt;</p>`, "<p>&copy; 1 > 0 &lt;</p>"],
    ["numbers, zero too", html`${0}, ${-1.5}, ${10n}`, "0, -1.5, 10"],
    ["nothing for null, undefined, booleans", html`[${null}${undefined}${true}${false}]`, "[]"],
    ["an empty text", html`<p>${""}</p>`, "<p></p>"],
    ["templates", html`<p>${html`<b>${evil}</b>`}</p>`, `<p><b>${escaped}</b></p>`],
    ["arrays of anything", html`${["a", 1, null, html`<b></b>`, ["<"]]}`, "a1<b></b>&lt;"],
    [
      "each",
      html`<ul>${each(
        [1, 2],
        (n) => n,
        (n) => html`<li>${n}</li>`,
      )}</ul>`,
      "<ul><li>1</li><li>2</li></ul>",
    ],
    ["memo", html`${memo([1], () => html`<b>1</b>`)}`, "<b>1</b>"],
    ["raw", html`<p>${raw("<b>&nbsp;</b>")}</p>`, "<p><b>&nbsp;</b></p>"],
    ["objects that say what they are", html`${new URL("http://a/?b&c")}`, "http://a/?b&amp;c"],
  ]);
});

describe("attributes", () => {
  const on = true;
  gives([
    ["are escaped", html`<p title=${evil}></p>`, `<p title="${escaped}"></p>`],
    [
      "with quotes or without",
      html`<p a="${1}" b='${2}' c=${3} d = ${4}></p>`,
      '<p a="1" b="2" c="3" d="4"></p>',
    ],
    ["of parts", html`<p a="x ${1} y ${evil}" b=${1}-${2}></p>`, `<p a="x 1 y ${escaped}" b="1-2"></p>`],
    ["nothing among parts", html`<p a="x${null}${undefined}${false}${true}y"></p>`, '<p a="xy"></p>'],
    ["null, undefined, false drop it", html`<p a=${null} b=${undefined} c=${false}></p>`, "<p></p>"],
    ["true is bare", html`<input disabled=${true} checked>`, "<input disabled checked>"],
    ["an empty one stays", html`<p a="" b=${""}></p>`, '<p a="" b=""></p>'],
    [
      "of one's own",
      html`<p data-x=1 aria-label='a "b"' @x :y></p>`,
      '<p data-x="1" aria-label="a &quot;b&quot;" @x :y></p>',
    ],
    ["slashes and signs without quotes", html`<a href=/a/b?c=d&e=f>x</a>`, '<a href="/a/b?c=d&e=f">x</a>'],
    [
      "an & before a value stays one",
      html`<a title="x&${"lt;"}">&${"lt;"}</a>`,
      '<a title="x&amp;lt;">&amp;lt;</a>',
    ],
    [
      "class takes lists and objects",
      html`<p class=${["a", on && "b", null, ["c", { d: on, e: 0 }]]}></p>`,
      '<p class="a b c d"></p>',
    ],
    ["class among parts", html`<p class="a ${{ b: on }} ${["c"]}"></p>`, '<p class="a b c"></p>'],
    ["no class at all", html`<p class=${[false]}></p>`, "<p></p>"],
    [
      "style takes an object",
      html`<p style=${{ backgroundColor: "red", "--x": 1, top: null }}></p>`,
      '<p style="background-color: red; --x: 1"></p>',
    ],
    ["raw is not escaped but cannot end it", html`<p a=${raw('<&quot;"')}></p>`, '<p a="<&quot;&quot;"></p>'],
    [
      "objects that say what they are as one",
      html`<p a=${{ [attributeValue]: () => "x&y" }}></p>`,
      '<p a="x&amp;y"></p>',
    ],
    [
      "functions as well",
      html`<p a=${Object.assign(() => 1, { [attributeValue]: () => "inc" })}></p>`,
      '<p a="inc"></p>',
    ],
    ["dates and URLs", html`<p a=${new URL("http://a/")}></p>`, '<p a="http://a/"></p>'],
    [
      "any name",
      html`<p __proto__=${1} constructor=a 1=b></p>`,
      '<p __proto__="1" constructor="a" 1="b"></p>',
    ],
  ]);
});

describe("spread", () => {
  const attributes = { id: "a", title: evil, hidden: true, lang: null, class: ["b", { c: true }] };
  gives([
    [
      "gives attributes",
      html`<p x ...${attributes} y></p>`,
      `<p x id="a" title="${escaped}" hidden class="b c" y></p>`,
    ],
    ["nothing of nothing", html`<p ...${null} ...${undefined} ...${false}></p>`, "<p></p>"],
    ["written after it wins", html`<p ...${{ ID: "a", b: 1 }} id="c"></p>`, '<p b="1" id="c"></p>'],
    [
      "wins over what is written before it",
      html`<p id="c" lang="a" ...${{ ID: 1 }}></p>`,
      '<p ID="1" lang="a"></p>',
    ],
    ["wins over a slot before it", html`<p id=${"a"} ...${{ id: "b" }}></p>`, '<p id="b"></p>'],
    [
      "wins over a part before it",
      html`<p id="a${1}b" dir="${2}" ...${{ id: "b" }}></p>`,
      '<p id="b" dir="2"></p>',
    ],
    [
      "wins over a spread before it",
      html`<p ...${{ id: 1, a: 1 }} ...${{ id: 2 }}></p>`,
      '<p id="2" a="1"></p>',
    ],
    ["loses to a slot after it, even an empty one", html`<p ...${{ id: 1 }} id=${undefined}></p>`, "<p></p>"],
    [
      "takes away what is written before it",
      html`<p hidden id="a" ...${{ id: undefined, hidden: false }}></p>`,
      "<p></p>",
    ],
    [
      "takes class and style as a whole",
      html`<p class="a" style="top: 0" ...${{ class: ["b"], style: { left: 0 } }}></p>`,
      '<p class="b" style="left: 0"></p>',
    ],
    [
      "loses class and style as a whole",
      html`<p ...${{ class: "b" }} class=${["a"]}></p>`,
      '<p class="a"></p>',
    ],
    [
      "wins in the middle",
      html`<p a="1" b="1" ...${{ a: 2, c: 2 }} c="3" ...${{ b: 4 }} d="5" e=${6}></p>`,
      '<p a="2" b="4" c="3" d="5" e="6"></p>',
    ],
    ["judges the URL that wins", html`<a href="/a" ...${{ href: "javascript:x" }}></a>`, "<a></a>"],
    [
      "judges the URL written before it",
      html`<a href="${"java"}script:${1}" ...${{ id: 1 }}></a>`,
      '<a id="1"></a>',
    ],
    [
      "is a child's own",
      html`<${({ children }: { children: unknown }) => html`<b>${children}</b>`}><i a=${1} ...${{ a: 2 }} b=${3}>${4}</i><//>`,
      '<b><i a="2" b="3">4</i></b>',
    ],
    ["no script in a URL", html`<a ...${{ href: "javascript:x", HREF: " JavaScript:x" }}></a>`, "<a></a>"],
  ]);
});

describe("HTML as authors write it", () => {
  gives([
    ["void elements", html`<br><hr/><img src="a" /><input>`, '<br><hr><img src="a"><input>'],
    [
      "any element may close itself",
      html`<div/><span a=${1}/><script src="a"/>`,
      '<div></div><span a="1"></span><script src="a"></script>',
    ],
    ["comments stay", html`<p><!-- a <b> "c" --></p>`, `<p><!-- a <b> "c" --></p>`],
    [
      "a page",
      html`
      <!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8">
          <title>${evil} page</title>
        </head>
        <body>${"x"}</body>
      </html>
    `,
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped} page</title></head><body>x</body></html>`,
    ],
    [
      "names keep their case",
      html`<svg viewBox="0 0 1 1"><linearGradient gradientUnits=${"x"} /></svg>`,
      '<svg viewBox="0 0 1 1"><linearGradient gradientUnits="x"></linearGradient></svg>',
    ],
    [
      "an SVG's title is no page's",
      html`<svg><title>${"a"} <!-- b --></title><a xlink:href=${"#x"} /></svg>`,
      '<svg><title>a <!-- b --></title><a xlink:href="#x"></a></svg>',
    ],
    [
      "HTML inside of SVG",
      html`<svg><foreignObject><p>a<br>b</p></foreignObject></svg>`,
      "<svg><foreignObject><p>a<br>b</p></foreignObject></svg>",
    ],
    [
      "scripts and styles as they are",
      html`<style>a > b { c: "</d>" }</style><script>if (a < b && "</p>") {}</script>`,
      '<style>a > b { c: "</d>" }</style><script>if (a < b && "</p>") {}</script>',
    ],
    ["< that is no tag", html`<p>a < b <3 <= ${1} <</p>`, "<p>a &lt; b &lt;3 &lt;= 1 &lt;</p>"],
    [
      "a tag over several lines",
      html`<p
      a="b"
      c
    >d</p
    >`,
      '<p a="b" c>d</p>',
    ],
    ["closing tags in another case", html`<P>a</p>`, "<P>a</P>"],
    ["custom elements", html`<x-a.b some-Prop=${1}></x-a.b>`, '<x-a.b some-Prop="1"></x-a.b>'],
    ["an empty template", html``, ""],
  ]);
});

describe("whitespace", () => {
  gives([
    ["a run is one space", html`<p>a \n\t b</p>`, "<p>a b</p>"],
    [
      "elements on lines of their own stay apart",
      html`
      <a>1</a>
      <a>2</a>
    `,
      "<a>1</a> <a>2</a>",
    ],
    ["none stays none", html`<a>1</a><a>2</a>${3}${4}`, "<a>1</a><a>2</a>34"],
    ["around slots", html` ${1} ${2}\n${3} `, "1 2 3"],
    ["inside elements at both ends", html`<b> a </b>`, "<b> a </b>"],
    ["of other kinds is text", html`\u00a0<b>\u00a0\u2003</b>\u00a0`, "\u00a0<b>\u00a0\u2003</b>\u00a0"],
    [
      "not between the parts of a table",
      html`
      <table>
        <thead> <tr> <th> a </th> </tr> </thead>
        <tbody>
          ${html` <tr>
            <td>1</td>
            ${html`<td>2</td>`} </tr> `}
        </tbody>
      </table>`,
      "<table><thead><tr><th> a </th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
    ],
    [
      "nor of a select",
      html`<select> <optgroup> <option> a </option> </optgroup> </select>`,
      "<select><optgroup><option> a </option></optgroup></select>",
    ],
    ["between items it shows", html`<ul> <li>a</li> </ul>`, "<ul> <li>a</li> </ul>"],
    ["all of it in pre", html`<pre>  a\n\n<b> ${" c\n"} </b>\n</pre>`, "<pre>  a\n\n<b>  c\n </b>\n</pre>"],
    [
      "and in textarea",
      html`<textarea>\n a\n  ${"\n<b>"}\n</textarea>`,
      "<textarea>\n a\n  \n&lt;b&gt;\n</textarea>",
    ],
    [
      "a first newline of a value is kept",
      html`<pre title="a>b">${"\na"}</pre><textarea>${"\na"}</textarea>`,
      '<pre title="a>b">\n\na</pre><textarea>\n\na</textarea>',
    ],
    ["and of the author's is the browser's to drop", html`<pre>\n${"a"}</pre>`, "<pre>\na</pre>"],
    [
      "dropped at both ends between a component's tags",
      html`<${Box}>
      <b>1</b>
      2
    <//>`,
      "<div><b>1</b> 2</div>",
    ],
  ]);
});

const Box: Component<{ children?: Child }> = ({ children }) => html`<div>${children}</div>`;
const Show = (props: Record<string, unknown>) => html`<i>${JSON.stringify(props)}</i>`;
const shown = (json: string) => renderToHtml(html`<i>${json}</i>`);

describe("components", () => {
  gives([
    [
      "take attributes as props",
      html`<${Show} a=${1} b c="d" e='f "g"' Case=x />`,
      shown(`{"a":1,"b":true,"c":"d","e":"f \\"g\\"","Case":"x"}`),
    ],
    ["values of parts are text", html`<${Show} a="x ${1} ${null}<${[2]}" />`, shown(`{"a":"x 1 <2"}`)],
    [
      "character references are characters",
      html`<${Show} a="&lt;&amp;&#39;&#x41;&unknown;" />`,
      shown(`{"a":"<&'A&unknown;"}`),
    ],
    ["spread in order", html`<${Show} a="1" ...${{ a: 2, b: 2 }} b="3" />`, shown(`{"a":2,"b":"3"}`)],
    ["children", html`<${Box}>${"a"} <b>${"b"}</b><//>`, "<div>a <b>b</b></div>"],
    ["closed by their name", html`<${Box}>a</${Box}>`, "<div>a</div>"],
    ["no children, no prop", html`<${Show}> <//>`, shown("{}")],
    [
      "in each other",
      html`<${Box}>${1}<${Box}>${2}<${Box} x=${3}>${4}<//>${5}<//>${6}<//>${7}`,
      "<div>1<div>2<div>4</div>5</div>6</div>7",
    ],
    [
      "further slots are props",
      html`<${({ head }: { head: Child }) => html`<h1>${head}</h1>`} head=${html`<b>a</b>`} />`,
      "<h1><b>a</b></h1>",
    ],
    [
      "may give anything that can be shown",
      html`<${() => "<"} /><${() => null} /><${() => [1, html`<b></b>`]} />`,
      "&lt;1<b></b>",
    ],
    [
      "a name from outside",
      html`<${Show} ...${JSON.parse('{"__proto__":{"x":1},"y":2}')} />`,
      shown(`{"y":2}`),
    ],
  ]);
});
