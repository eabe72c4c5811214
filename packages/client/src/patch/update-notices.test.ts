import { html, Portal } from "@overwire/server";
import { patchedPage } from "@overwire/test-support/patched-page";
import { testWindow } from "@overwire/test-support/test-window";
import { beforeEach, expect, test } from "vitest";
import { isSame } from "./update-notices.ts";

const { document, $ } = testWindow();

beforeEach(() => {
  document.body.innerHTML = '<main></main><aside id="a"></aside>';
});

/** A page, and the ids of the elements that were notified since the last look. */
function page(view: (text: string, title?: string) => ReturnType<typeof html>) {
  const notices: string[] = [];
  const { show } = patchedPage($("main"), view("1"), {
    beforeUpdate: (el) => (el.id ? () => void notices.push(el.id) : undefined),
  });
  notices.length = 0;
  return (text: string, title?: string) => {
    show(view(text, title));
    return notices.splice(0);
  };
}

test("elements around a change are notified, from the inside out, and others are not", () => {
  const show = page((text) => html`<div id="out"><p id="in">${text}</p><p id="beside">${"same"}</p></div>`);
  expect(show("2")).toEqual(["in", "out"]);
  expect(show("2")).toEqual([]);
});

test("an element is notified of its own attributes once", () => {
  const show = page(
    (text, title = "") => html`<div id="out"><p id="in" title=${title}>${text}<b></b></p></div>`,
  );
  expect(show("1", "t").toSorted()).toEqual(["in", "out"]);
});

test("elements around a portal's place are notified of changes in it", () => {
  const show = page(
    (text) => html`<div id="out"><${Portal} target="#a" id="portal"><p id="in">${text}</p><//></div>`,
  );
  expect(show("2")).toEqual(expect.arrayContaining(["in", "out"]));
});

test("elements are the same with equal content, or if one says that the other of its place stays", () => {
  const element = (inner: string) => {
    const el = document.createElement("p");
    el.innerHTML = inner;
    return el;
  };
  const places = new WeakMap();
  expect(isSame(element("<b>a</b>"), element("<b>a</b>"), places)).toBe(true);
  expect(isSame(element("<b>a</b>"), element("<b>b</b>"), places)).toBe(false);
  expect(isSame(element("<b>a</b>"), element("<b>a</b> "), places)).toBe(false);
  const [from, to] = [element("<b>a</b>"), element("<b data-ow-keep></b>")];
  places.set(from.firstChild as Node, { key: "1.0" });
  places.set(to.firstChild as Node, { key: "2.0" });
  expect(isSame(from, to, places)).toBe(false);
  places.set(to.firstChild as Node, { key: "1.0" });
  expect(isSame(from, to, places)).toBe(true);
});
