import { html, Portal } from "@overwire/server";
import { patchedPage } from "@overwire/test-support/patched-page";
import { testWindow } from "@overwire/test-support/test-window";
import { beforeEach, expect, test } from "vitest";
import type { Instance } from "../wire/client-tree.ts";
import {
  ancestors,
  componentOf,
  type ElementIndex,
  elementOf,
  owns,
  placedAround,
  register,
} from "./element-index.ts";
import { createPortals } from "./portals.ts";

const { document, $ } = testWindow();

let index: ElementIndex;

/** An instance without a template, as far as an index looks at it. */
const instance = (component?: number, parent?: Instance) =>
  ({ id: 1, elements: [], component, parent }) as unknown as Instance & { elements: Element[] };

beforeEach(() => {
  document.body.innerHTML = "<main><section><ul><li></li></ul></section></main><p></p>";
  const container = $<Element>("main");
  index = { container, portals: createPortals(container, () => {}), places: new WeakMap() };
});

test("an element that has a place is the place's, as long as both say so and the view has it", () => {
  const own = instance();
  const place = { key: "1.0", instance: own, mark: 0 };
  expect(elementOf(index, own, 0)).toBeUndefined();
  register(index, $("ul"), place);
  expect(elementOf(index, own, 0)).toBe($("ul"));
  expect(placedAround(index, $("li"))).toBe($("ul"));
  register(index, $("ul"), undefined);
  expect(elementOf(index, own, 0)).toBeUndefined();
  expect(placedAround(index, $("li"))).toBeUndefined();
  register(index, $("p"), place);
  expect(elementOf(index, own, 0)).toBeUndefined();
});

test("an element is the live component's whose template is nearest around it", () => {
  const view = instance();
  const component = instance(7, view);
  register(index, $("section"), { key: "1.0", instance: view, mark: 0 });
  expect(componentOf(index, $("li"))).toBeUndefined();
  register(index, $("ul"), { key: "2.0", instance: instance(undefined, component), mark: 0 });
  expect([componentOf(index, $("li")), componentOf(index, $("section"))]).toEqual([7, undefined]);
});

test("the view owns what is in its container, except for nested views", () => {
  expect([owns(index, $("li")), owns(index, $("p"))]).toEqual([true, false]);
  $("section").setAttribute("data-ow-view", "token");
  expect([owns(index, $("li")), owns(index, $("section"))]).toEqual([false, false]);
});

test("elements around one are those of the view, out of a portal as well", () => {
  const names = (el: Element) => ancestors(index, el).map((at) => at.localName);
  expect(names($("li"))).toEqual(["li", "ul", "section"]);
  expect(names($("main"))).toEqual([]);
  patchedPage($("main"), html`<div><${Portal} target="p" id="away"><b></b><//></div>`);
  expect($("p").querySelector("b")).not.toBeNull();
  expect(names($("b")).at(-1)).toBe("div");
});
