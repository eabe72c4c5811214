import { each, html, type Template } from "@overwire/server";
import { serverSide } from "@overwire/test-support/server-side";
import { testWindow } from "@overwire/test-support/test-window";
import { expect, test } from "vitest";
import { Tree } from "../wire/client-tree.ts";
import { register } from "./element-index.ts";
import { parseUpdate, updateOf } from "./parse-update.ts";
import type { PatchContext } from "./patch-context.ts";
import { createPortals } from "./portals.ts";

const { document, $ } = testWindow();

/** The state of a view's patches, with a page as the view's first rendering has it. */
function opened(first: Template) {
  document.body.innerHTML = "<main></main>";
  const container = $<Element>("main");
  const message = serverSide();
  const tree = new Tree();
  const context = {
    container,
    tree,
    portals: createPortals(container, () => {}),
    places: new WeakMap(),
    parsed: [],
  } as unknown as PatchContext;
  const { full, templates } = message(first);
  tree.learn(templates);
  if (full) tree.load(full);
  container.append(...parseUpdate(context, updateOf(context, container), true).childNodes);
  for (const el of context.parsed.splice(0)) register(context, el, context.places.get(el));
  return {
    context,
    /** Merges the next rendering. */
    next(template: Template) {
      const { diff, templates } = message(template);
      tree.learn(templates);
      if (diff) tree.merge(diff);
    },
  };
}

const list = (items: string) =>
  html`<ul>${each(
    [...items],
    (item) => item.toLowerCase(),
    (item) => html`<li><b>${item}</b></li>`,
  )}</ul>`;

test("the update of an element is its HTML; of one without a place that of the next around it", () => {
  const { context, next } = opened(list("ab"));
  next(list("Ab"));
  const update = updateOf(context, $("b"));
  expect(update[0].localName).toBe("b");
  expect(parseUpdate(context, update, true).outerHTML).toBe("<b>A</b>");
  context.places.delete($("b"));
  expect(updateOf(context, $("b"))[0]).toBe($("li"));
});

test("the container's update is its content", () => {
  const { context } = opened(list("a"));
  const [element, , inner] = updateOf(context, context.container);
  expect([element === context.container, inner]).toEqual([true, true]);
  expect(parseUpdate(context, updateOf(context, context.container), true).innerHTML).toBe(
    "<ul><li><b>a</b></li></ul>",
  );
});

test("items in which nothing changed are written as empty elements, unless all is to be written", () => {
  const { context, next } = opened(list("ab"));
  next(list("aB"));
  const update = updateOf(context, $("ul"));
  expect(parseUpdate(context, update, false).innerHTML).toBe('<li data-ow-keep=""></li><li><b>B</b></li>');
  expect(parseUpdate(context, update, true).innerHTML).toBe("<li><b>a</b></li><li><b>B</b></li>");
});

test("new elements know their places, and the HTML does not show them", () => {
  const { context } = opened(list("a"));
  const to = parseUpdate(context, updateOf(context, $("ul")), true);
  expect(to.outerHTML).not.toContain("data-ow");
  expect(context.places.get(to)?.key).toBe(context.places.get($("ul"))?.key);
  expect(context.parsed).toContain(to);
});
