/** New states of elements: written as HTML from the tree, and parsed outside of the page with their places. */
import { findAll, invoke } from "../dom/native.ts";
import type { Instance } from "../wire/client-tree.ts";
import { ATTR_KEEP, ATTR_MARK, ATTR_PORTAL } from "../wire/constants.ts";
import { emptyElement, type Marking, stringify, stringifyElement } from "../wire/stringify.ts";
import { elementOf, type Place, placedAround } from "./element-index.ts";
import { parse } from "./html.ts";
import type { PatchContext } from "./patch-context.ts";
import { homeOf, parentOf } from "./portals.ts";
import { untracked } from "./untracked.ts";

/** An element, and a function that writes its HTML, or that of its content if `inner` is true. */
export type Update = readonly [element: Element, write: (marking?: Marking) => string, inner?: boolean];

/** The update of an element, or of one around it that has a place in the tree. */
export function updateOf(context: PatchContext, el: Element): Update {
  const at = placedAround(context, el);
  if (!at) return [context.container, (marking) => stringify(context.tree.root, marking), true];
  const { instance, mark } = context.places.get(at) as Place;
  return [at, (marking) => stringifyElement(instance, mark, marking)];
}

/** An instance in which nothing changed is not written again: an empty element says that the page's one stays. */
function writeKept(context: PatchContext, instance: Instance, within: Element): string | undefined {
  const shown =
    instance.touched !== context.tree.merges && instance.template.single && elementOf(context, instance, 0);
  if (!shown || untracked.has(shown) !== !!homeOf(shown)) return undefined;
  let at: Element | null = shown;
  while (at && at !== within) at = parentOf(at);
  if (!at) return undefined;
  const target = invoke(shown, "getAttribute", ATTR_PORTAL)?.replace(/&/g, "&amp;").replace(/"/g, "&quot;");
  return emptyElement(instance, 0, target == null ? ATTR_KEEP : `${ATTR_KEEP} ${ATTR_PORTAL}="${target}"`);
}

/**
 * Parses an update, and keeps its elements that have places to be registered when they are in the page.
 * @param whole all of it is written, also what has not changed
 * @returns the element in its new state
 */
export function parseUpdate(context: PatchContext, [element, write, inner]: Update, whole: boolean): Element {
  const instances = new Map<number, Instance>();
  const written = (instance: Instance) => instances.set(instance.id, instance);
  const html = write({
    written,
    standIn(instance) {
      written(instance);
      return whole ? undefined : writeKept(context, instance, element);
    },
  });
  const to = parse(html, element, inner);
  for (const node of [to, ...findAll(to, `[${ATTR_MARK}]`)]) {
    const key = invoke(node, "getAttribute", ATTR_MARK);
    if (!key) continue;
    const [id, mark] = key.split(".").map(Number) as [number, number];
    context.places.set(node, { key, instance: instances.get(id) as Instance, mark });
    invoke(node, "removeAttribute", ATTR_MARK);
    context.parsed.push(node);
  }
  return to;
}
