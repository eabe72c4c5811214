/** Searches without caches: they find what happy-dom's own find, and never what was there before. */
import { type Element, PropertySymbol, Window } from "happy-dom";
import { beforeAll, expect, test } from "vitest";
import { mendCosts } from "./browser-costs.ts";
import { mendProxies } from "./browser-proxies.ts";
import { mendSelectors } from "./browser-selectors.ts";

const page = `<main id="a" class="x y"><form id="f" name="q" data-view="1"><input name="id" value="z"><input name="querySelector">
<select id="s"><option value="1" selected>1</option></select></form><svg viewBox="0 0 1 1" id="g"><a id="l" href="#">l</a></svg>
<template><p id="hidden">t</p></template><p id="">empty</p><p title="a,b" data-view>p <b hidden>b</b></p><p data-view="2,3">q</p></main>`;

const selectors = [
  ...[
    "*",
    "p",
    "P",
    "main, p",
    "p,p",
    "a[href]",
    "form",
    "svg",
    "select",
    "option[selected]",
    "#a",
    "#f",
    "#hidden",
    "p#nope",
  ],
  ...[
    "[id]",
    "[data-view]",
    '[data-view="1"]',
    "[data-view='1']",
    "[data-view=2]",
    '[data-view="2,3"]',
    "[name=id]",
  ],
  ...[
    "[viewBox]",
    "[viewbox]",
    '[title="a,b"]',
    "p:not([title])",
    'p:not([data-view="2,3"]):not([title])',
    ".x",
    "main.x.y",
  ],
  ...[
    "main p",
    "main > p",
    "p + p",
    ":not(p)",
    "b[hidden]",
    "[data-view^='2']",
    '[id=""]',
    'form[id][name="q"]',
    " p , b ",
  ],
];

const window = new Window();
const own = { ...methodsOf(window.Element.prototype) };
const ownOfDocument = methodsOf(Object.getPrototypeOf(Object.getPrototypeOf(window.document)));

function methodsOf(prototype: unknown) {
  const { querySelectorAll, querySelector, matches, closest } = prototype as Element;
  return { querySelectorAll, querySelector, matches, closest };
}

/** A form or a select as the page has it: happy-dom's own `closest` gives what is behind its proxy. */
const known = (element: Element | null) =>
  (element as { readonly [PropertySymbol.proxy]?: Element } | null)?.[PropertySymbol.proxy] ?? element;

beforeAll(() => {
  mendCosts(window);
  mendSelectors(window);
  mendProxies(window);
  window.document.body.innerHTML = page;
});

test.each(selectors)("%s finds the same elements", (selector) => {
  const { document } = window;
  const form = document.getElementById("f") as Element;
  expect([...document.querySelectorAll(selector)]).toEqual([
    ...ownOfDocument.querySelectorAll.call(document as unknown as Element, selector),
  ]);
  for (const element of [document.body, form] as Element[]) {
    expect([...element.querySelectorAll(selector)]).toEqual([
      ...own.querySelectorAll.call(element, selector),
    ]);
    expect(element.querySelector(selector)).toBe(own.querySelector.call(element, selector));
  }
  for (const element of document.querySelectorAll("*")) {
    expect(element.matches(selector)).toBe(own.matches.call(element, selector));
    expect(element.closest(selector)).toBe(known(own.closest.call(element, selector)));
  }
});

test("changed elements are found at once, by any selector", () => {
  const { document } = window;
  const one = document.createElement("i");
  for (const selector of ["i", "[data-new]", "main > i[data-new]", "main i"]) {
    document.querySelector("main")?.append(one);
    one.setAttribute("data-new", "");
    expect(document.querySelectorAll(selector)).toHaveLength(1);
    expect(one.matches(selector)).toBe(true);
    one.remove();
    expect(document.querySelectorAll(selector)).toHaveLength(0);
    one.removeAttribute("data-new");
    expect(one.matches(selector)).toBe(selector === "i");
  }
});

test("an invalid selector is refused as before", () => {
  for (const selector of ["", "p[", "1p", "p,"])
    expect(() => window.document.querySelectorAll(selector)).toThrow();
});

test("later windows have their methods bound, and no class of theirs", () => {
  const next = new Window();
  const { addEventListener, getComputedStyle, requestAnimationFrame } = next;
  let heard = 0;
  addEventListener("x", () => void heard++);
  next.dispatchEvent(new next.Event("x"));
  expect(heard).toBe(1);
  expect(getComputedStyle(next.document.body).display).toBe("block");
  expect(requestAnimationFrame(() => {})).toBeDefined();
  expect(next.Element).toBe(window.Element);
});
