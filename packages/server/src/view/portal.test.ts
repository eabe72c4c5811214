import { expect, test } from "vitest";
import { html } from "../template/html.ts";
import { renderToHtml } from "../template/render.ts";
import { Portal } from "./portal.ts";

test("a portal is hidden until the client moves it", () => {
  expect(renderToHtml(html`<${Portal} id="menu" target="#menus" class="menu"><b>one</b><i>two</i><//>`)).toBe(
    '<div class="menu" id="menu" data-ow-portal="#menus" hidden><b>one</b><i>two</i></div>',
  );
});

test("it needs an id and a target (B438)", () => {
  expect(() => renderToHtml(html`<${Portal} target="body">x<//>`)).toThrow(/<Portal> needs an id/);
  expect(() => renderToHtml(html`<${Portal} id="x">x<//>`)).toThrow(/<Portal> needs a target, a selector/);
});
