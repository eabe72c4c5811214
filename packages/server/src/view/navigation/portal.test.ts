import { expect, test } from "vitest";
import { html } from "../../template/html.ts";
import { renderToHtml } from "../../template/render.ts";
import { Portal } from "./portal.ts";

test("a portal is hidden until the client moves it", () => {
  expect(renderToHtml(html`<${Portal} id="menu" target="#menus" class="menu"><b>one</b><i>two</i><//>`)).toBe(
    '<div class="menu" id="menu" data-ow-portal="#menus" hidden><b>one</b><i>two</i></div>',
  );
});

test("it needs an id and a target", () => {
  expect(() => renderToHtml(html`<${Portal} target="body">x<//>`)).toThrow(/<Portal> needs an id/);
  expect(() => renderToHtml(html`<${Portal} id="x">x<//>`)).toThrow(/<Portal> needs a target, a selector/);
});

test("its classes and styles work as on any element, and its own attributes cannot be changed by a value", () => {
  const props = { class: ["a", { b: true, c: false }], style: { color: "red" } };
  expect(renderToHtml(html`<${Portal} id="x" target="#m" ...${props} hidden=${false} />`)).toBe(
    '<div class="a b" style="color: red" id="x" data-ow-portal="#m" hidden></div>',
  );
  expect(() => renderToHtml(html`<${Portal} id="x" target="#m" ...${{ "data-ow-portal": "#n" }} />`)).toThrow(
    "Overwire's own",
  );
});
