import { expect, test } from "vitest";
import { html } from "./html.ts";
import { renderForClient, renderToHtml } from "./render.ts";

const styled = html`<p style="color: red">a</p><p STYLE=${{ top: 0 }}>b</p><p style="left: ${1}px">c</p>
  <p ...${{ style: "color: blue" }}>d</p><p data-style="x" title=${' data-ow-style="'}>${' data-ow-style="'}</p>`;

test("styles travel under a name that no policy blocks to a page with a client", () => {
  const text = renderForClient(styled);
  expect(text).not.toMatch(/\sstyle=/i);
  expect(text.match(/ data-ow-style="[^"]*"/g)).toEqual([
    ' data-ow-style="color: red"',
    ' data-ow-style="top: 0"',
    ' data-ow-style="left: 1px"',
    ' data-ow-style="color: blue"',
  ]);
});

test("styles keep their name in HTML that stands alone, and values keep their text", () => {
  const text = renderToHtml(styled);
  expect(text.match(/ style="[^"]*"/g)).toHaveLength(4);
  expect(text).toContain('title=" data-ow-style=&quot;"> data-ow-style=&quot;</p>');
});
