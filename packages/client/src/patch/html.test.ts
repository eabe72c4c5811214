import { testWindow } from "@overwire/test-support/test-window";
import { expect, test } from "vitest";
import type { Change, Instance } from "../wire/client-tree.ts";
import { readStatics } from "../wire/template-steps.ts";
import { parse, setsId, textOf } from "./html.ts";

const { document, win } = testWindow();

const element = (html: string): Element => {
  document.body.innerHTML = html;
  return document.body.firstElementChild as Element;
};

test("the HTML of an element is that element; the HTML of its content comes in a copy without it", () => {
  const p = element('<p class="a">old</p>');
  expect(parse("<p>new</p>", p, false).outerHTML).toBe("<p>new</p>");
  const inner = parse("<b>new</b>", p, true);
  expect([inner.outerHTML, inner === p]).toEqual(['<p class="a"><b>new</b></p>', false]);
  expect(document.contains(inner)).toBe(false);
});

test("a part of an SVG is parsed as one", () => {
  const circle = element('<svg><circle r="1"></circle></svg>').firstElementChild as Element;
  const { namespaceURI, localName } = parse('<circle r="2"></circle>', circle, false);
  expect([namespaceURI, localName]).toEqual(["http://www.w3.org/2000/svg", "circle"]);
});

/** A change of the only slot of `<p>…</p>`. */
function change(value: string): [Element, Change] {
  const p = element(`<p>${value}</p>`);
  const template = readStatics(["<p\u0001>", "</p\u0002>"] as never);
  return [p, { instance: { template, slots: [value], elements: [p] } as unknown as Instance, slot: 0 }];
}

test("a slot that may set an id is known by the text before it, and by its own HTML", () => {
  const instance = (before: string, value: string) =>
    ({ template: { steps: [before, 0, ">"] }, slots: [value] }) as unknown as Instance;
  expect(setsId(instance('<p id="', "a"), 0, "b")).toBe(true);
  expect(setsId(instance('<p title="', "a"), 0, "b")).toBe(false);
  expect(setsId(instance("<p", ' id="a"'), 0, "")).toBe(true);
  expect(setsId(instance("<p", ""), 0, ' id="a"')).toBe(true);
  expect(setsId(instance("<p>", '<b id="a"></b>'), 0, "")).toBe(false);
});

test("markup and characters that a parser changes are no plain text", () => {
  expect(win.document).toBe(document);
  for (const value of ["a<b", "a&amp;b", "a\rb"]) {
    const [p, changed] = change(value);
    expect(textOf(p, changed)).toBeUndefined();
  }
});
