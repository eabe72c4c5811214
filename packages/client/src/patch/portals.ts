/** Elements that are shown elsewhere in the page than they stand in their view; a placeholder keeps their place in it. */
import { findAll, invoke, read } from "../dom/native.ts";
import { ATTR_PORTAL, ATTR_TOKEN } from "../wire/constants.ts";
import { put } from "./order.ts";
import { untracked } from "./untracked.ts";

/** Placeholders of elements that are shown in another place. */
const homes = new WeakMap<Node, Element>();
const away = new WeakMap<Node, Element>();

/** The element around a node as the view has it, whichever part of the page it is shown in. */
export const parentOf = (node: Node): Element | null => read(homes.get(node) ?? node, "parentElement");

/** For an element in a portal the placeholder that stands in the portal's view; undefined outside of portals. */
export function portalOwner(el: Element): Element | undefined {
  for (let at: Element | null = el; at; at = read(at, "parentElement"))
    if (homes.has(at)) return homes.get(at);
  return undefined;
}

/** The placeholder of an element that is shown elsewhere. */
export const homeOf = (portal: Node): Element | undefined => homes.get(portal);

/** The element that a placeholder stands for. */
export const portalAt = (placeholder: Node): Element | undefined => away.get(placeholder);

export interface Portals {
  /** Tells if a node is in the view, shown in its container or in another place. */
  contains(node: Node): boolean;
  all(): Iterable<Element>;
  /** Replaces portals in the page, or in its new content, by placeholders. */
  take(root: Element): Element[];
  /**
   * Shows the portals of these placeholders, as far as the page has them; discards those that have lost their
   * place.
   * @throws Error if a target is not in the page
   */
  settle(placeholders: readonly Element[]): void;
  destroy(): void;
}

/** @param discard takes a portal out of the page */
export function createPortals(container: Element, discard: (portal: Element) => void): Portals {
  /** Those of this view, and the targets at which they are shown. */
  const shown = new Map<Element, string | undefined>();
  const document = read(container, "ownerDocument");

  const contains = (node: Node) =>
    invoke(container, "contains", node) ||
    [...shown.keys()].some((portal) => invoke(portal, "contains", node));

  const forget = (portal: Element) => {
    shown.delete(portal);
    homes.delete(portal);
  };

  const take = (root: Element) => {
    if (invoke(root, "hasAttribute", ATTR_PORTAL)) invoke(root, "removeAttribute", "hidden");
    return findAll(root, `[${ATTR_PORTAL}]`).flatMap((portal) => {
      const view = invoke(portal, "closest", `[${ATTR_TOKEN}]`);
      // Nested views care for their own.
      if (homes.has(portal) || (view && view !== root && !invoke(view, "contains", root))) return [];
      invoke(portal, "removeAttribute", "hidden");
      const placeholder = invoke(document, "createElement", "template");
      invoke(portal, "before", placeholder);
      if (root !== container) invoke(portal, "remove");
      away.set(placeholder, portal);
      return [placeholder];
    });
  };

  return {
    contains,
    all: () => shown.keys(),
    take,
    settle(placeholders) {
      for (const placeholder of placeholders) {
        const portal = away.get(placeholder) as Element;
        if (!contains(placeholder)) continue;
        homes.set(portal, placeholder);
        shown.set(portal, undefined);
        untracked.add(portal);
      }
      for (let size = -1; size !== shown.size; ) {
        size = shown.size;
        for (const portal of [...shown.keys()]) {
          const home = homes.get(portal) as Element;
          // It goes with the element around its place, if that takes its time.
          if (contains(home) && !untracked.has(home)) continue;
          untracked.delete(portal);
          discard(portal);
          forget(portal);
        }
      }
      for (const [portal, at] of shown) {
        const selector = invoke(portal, "getAttribute", ATTR_PORTAL) as string;
        if (selector === at && read(portal, "isConnected")) continue;
        const target = invoke(document, "querySelector", selector);
        if (!target) throw new Error(`Overwire: nothing matches the target "${selector}" of a portal`);
        put(target, portal, null);
        shown.set(portal, selector);
      }
    },
    destroy() {
      for (const portal of [...shown.keys()]) {
        invoke(portal, "remove");
        forget(portal);
      }
    },
  };
}
