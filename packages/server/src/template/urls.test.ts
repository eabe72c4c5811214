/** URLs that would run a script are not rendered. */
import { expect, test } from "vitest";
import { html, type Template } from "./html.ts";
import { raw } from "./raw.ts";
import { renderToHtml } from "./render.ts";

const scripts = [
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  " \u0001\u001fjavascript:alert(1)",
  "java\nscr\tipt\r:alert(1)",
  "\t\njavascript\n:alert(1)",
  "vbscript:x",
];

test.each(scripts)("%j is dropped wherever it could run", (url) => {
  const rows: [Template, string][] = [
    [html`<a href=${url}>x</a>`, "<a>x</a>"],
    [html`<a HREF="${url}">x</a>`, "<a>x</a>"],
    [html`<a href="${url}#${1}">x</a>`, "<a>x</a>"],
    [html`<a href=" ${url}">x</a>`, "<a>x</a>"],
    [html`<a href="&#32;${url}">x</a>`, "<a>x</a>"],
    [html`<a href="&Tab;${url}">x</a>`, "<a>x</a>"],
    [html`<form action=${url}></form>`, "<form></form>"],
    [html`<button formaction=${url}></button>`, "<button></button>"],
    [html`<iframe src=${url}></iframe>`, "<iframe></iframe>"],
    [html`<object data=${url}></object>`, "<object></object>"],
    [html`<svg><a xlink:href=${url} /></svg>`, "<svg><a></a></svg>"],
    [
      html`<svg><animate attributeName="href" values="#a;${url}" to=${url} /></svg>`,
      '<svg><animate attributeName="href"></animate></svg>',
    ],
    [html`<a ...${{ href: url }}>x</a>`, "<a>x</a>"],
    [html`<a href=${{ toString: () => url }}>x</a>`, "<a>x</a>"],
  ];
  for (const [template, expected] of rows) expect(renderToHtml(template)).toBe(expected);
});

test("a value cannot complete a scheme that the author began", () => {
  expect(renderToHtml(html`<a href="java${"script:x"}">x</a>`)).toBe("<a>x</a>");
  expect(renderToHtml(html`<a href="${"java"}${"script:x"}">x</a>`)).toBe("<a>x</a>");
  expect(renderToHtml(html`<a href="javascript:f(${1})">x</a>`)).toBe("<a>x</a>");
});

test("pages in data URLs are dropped if they would be opened, images stay", () => {
  const page = "data:text/html,<script>alert(1)</script>";
  const image = "data:image/png;base64,AAAA";
  const drawing = "data:image/svg+xml,<svg/>";
  expect(renderToHtml(html`<a href=${page} /><iframe src=${page} /><iframe src=${drawing} />`)).toBe(
    "<a></a><iframe></iframe><iframe></iframe>",
  );
  expect(renderToHtml(html`<script src=${"data:,alert(1)"} />`)).toBe("<script></script>");
  expect(renderToHtml(html`<img src=${image}><img src=${drawing}><a href=${image} />`)).toBe(
    `<img src="${image}"><img src="data:image/svg+xml,&lt;svg/&gt;"><a href="${image}"></a>`,
  );
});

test("a text that only looks like one stays", () => {
  const rows: [Template, string][] = [
    [html`<a href=${"/javascript:x"} />`, '<a href="/javascript:x"></a>'],
    [html`<a href="/?q=${"javascript:x"}" />`, '<a href="/?q=javascript:x"></a>'],
    [html`<a href="https://a/${"javascript:"}" />`, '<a href="https://a/javascript:"></a>'],
    [html`<a href=${"java script:x"} />`, '<a href="java script:x"></a>'],
    [html`<a href=${"#javascript:"} />`, '<a href="#javascript:"></a>'],
    [
      html`<p title=${"javascript:x"} data-href=${"javascript:x"} />`,
      '<p title="javascript:x" data-href="javascript:x"></p>',
    ],
    [
      html`<data value=${"javascript:"} data=${"javascript:"} />`,
      '<data value="javascript:" data="javascript:"></data>',
    ],
  ];
  for (const [template, expected] of rows) expect(renderToHtml(template)).toBe(expected);
});

test("a URL that the author wrote, or trusts, stays", () => {
  expect(renderToHtml(html`<a href="javascript:void 0" />`)).toBe('<a href="javascript:void 0"></a>');
  expect(renderToHtml(html`<a href=${raw("javascript:void 0")} />`)).toBe('<a href="javascript:void 0"></a>');
});
