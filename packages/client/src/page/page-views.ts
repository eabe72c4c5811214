/** Views by the elements that contain them, and the view that an element is in. */
import { invoke, read } from "../dom/native.ts";
import { portalOwner } from "../patch/portals.ts";
import { ATTR_TOKEN } from "../wire/constants.ts";

export interface PageViews<View> {
  /** The view whose container this is. */
  at(container: Element): View | undefined;
  /** The innermost view that an element is in, also through a portal. */
  of(el: Element | null): View | undefined;
  /** The view around a container. */
  around(container: Element): View | null | undefined;
  set(container: Element, view: View): void;
  delete(container: Element): void;
}

export function createPageViews<View>(): PageViews<View> {
  const views = new WeakMap<Element, View>();
  const of = (el: Element | null): View | undefined => {
    for (let at = el; at; ) {
      const owner = portalOwner(at);
      const container = invoke(at, "closest", `[${ATTR_TOKEN}]`);
      if (container && !(owner && invoke(container, "contains", at) && portalOwner(container) !== owner))
        return views.get(container);
      at = owner ?? null;
    }
    return undefined;
  };
  return {
    at: (container) => views.get(container),
    of,
    around(container) {
      const parent = read(container, "parentElement");
      return parent && of(parent);
    },
    set: (container, view) => void views.set(container, view),
    delete: (container) => void views.delete(container),
  };
}
