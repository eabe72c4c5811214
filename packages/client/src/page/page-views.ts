/** The views of a page: by their numbers, by the elements that contain them, and the view that an element is in. */
import { invoke, read } from "../dom/native.ts";
import type { SwapHost } from "../navigation/view-swap.ts";
import { portalOwner } from "../patch/portals.ts";
import { type Arrival, createView, type View, type ViewDelegate } from "../view/view.ts";
import { ATTR_TOKEN } from "../wire/constants.ts";

export interface PageViews extends SwapHost {
  /** Serves the views. Set once, before the first of them comes. */
  delegate: ViewDelegate | undefined;
  readonly byNumber: ReadonlyMap<number, View>;
  /** The innermost view that an element is in, also through a portal. */
  viewOf(el: Element | null): View | undefined;
  /** The view around a container. */
  viewAround(container: Element): View | null | undefined;
  /** A container came into the page. @param joinedAt when the view was joined that goes on as this one */
  openView(container: Element, joinedAt?: number): void;
}

export function createPageViews(): PageViews {
  let newest = 0;
  const byNumber = new Map<number, View>();
  const byContainer = new WeakMap<Element, View>();

  const viewAt = (container: Element) => byContainer.get(container);

  const viewOf = (el: Element | null): View | undefined => {
    for (let inner = el; inner; ) {
      const owner = portalOwner(inner);
      const container = invoke(inner, "closest", `[${ATTR_TOKEN}]`);
      if (container && !(owner && invoke(container, "contains", inner) && portalOwner(container) !== owner))
        return viewAt(container);
      inner = owner ?? null;
    }
    return undefined;
  };

  const viewAround = (container: Element) => {
    const parent = read(container, "parentElement");
    return parent && viewOf(parent);
  };

  const addView = (container: Element, arrival?: Arrival, joinedAt?: number) => {
    const view = createView(container, ++newest, views.delegate as ViewDelegate, arrival, joinedAt);
    byNumber.set(newest, view);
    byContainer.set(container, view);
    return view;
  };

  const forget = ({ el, number }: View) => {
    byContainer.delete(el);
    byNumber.delete(number);
  };

  const views: PageViews = {
    delegate: undefined,
    main: undefined,
    byNumber,
    viewAt,
    viewOf,
    viewAround,
    addView,
    openView(container, joinedAt) {
      if (viewAt(container)) return;
      const view = addView(container, undefined, joinedAt);
      const outer = viewAround(container);
      if (!outer) views.main ??= view;
      if (views.delegate?.connected && (!outer || outer.joined)) view.join();
    },
    forget,
    dropView(container) {
      const view = viewAt(container);
      if (!view) return;
      forget(view);
      view.leave();
    },
  };
  return views;
}
