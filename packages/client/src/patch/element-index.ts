/** Index of a view's elements: the place of each in the view's tree, and the element of the page that shows a place. */
import { invoke } from "../dom/native.ts";
import type { Holder, Instance } from "../wire/client-tree.ts";
import { ATTR_TOKEN } from "../wire/constants.ts";
import { type Portals, parentOf } from "./portals.ts";

/** Position of an element in a tree. */
export interface Place {
  /** Tells places apart, also those that an instance had under another id. */
  readonly key: string;
  readonly instance: Instance;
  readonly mark: number;
}

export interface ElementIndex {
  readonly container: Element;
  readonly portals: Portals;
  /** Places of elements in the page, and of those that are parsed for it. */
  readonly places: WeakMap<Node, Place>;
}

/** Gives an element of the page a place, or none: elements without one show what their parent's place has there. */
export function register({ places }: ElementIndex, element: Element, place: Place | undefined): void {
  if (place) {
    place.instance.elements[place.mark] = element;
    places.set(element, place);
  } else places.delete(element);
}

/** The page's element for a mark of an instance, if it has one. */
export function elementOf(
  { places, portals }: ElementIndex,
  { elements }: Instance,
  mark: number,
): Element | undefined {
  const element = elements[mark] as Element | undefined;
  return element && places.has(element) && portals.contains(element) ? element : undefined;
}

/** An element of the view and those around it, from the inside out; the container is not among them. */
export function ancestors({ container }: ElementIndex, el: Element): Element[] {
  const found: Element[] = [];
  for (let at: Element | null = el; at && at !== container; at = parentOf(at)) found.push(at);
  return found;
}

/** The innermost element that has a place: an element itself, or one around it. */
export const placedAround = (index: ElementIndex, el: Element): Element | undefined =>
  ancestors(index, el).find((at) => index.places.has(at));

/** Number of the live component that renders an element, undefined if it is the view's own. */
export function componentOf(index: ElementIndex, el: Element): number | undefined {
  let instance: Holder | undefined = index.places.get(placedAround(index, el) as Element)?.instance;
  while (instance && instance.component === undefined) instance = instance.parent;
  return instance?.component;
}

/** Tells if an element is the view's: in its container or one of its portals, and not in a nested view. */
export const owns = (index: ElementIndex, el: Element): boolean =>
  index.portals.contains(el) && !ancestors(index, el).some((at) => invoke(at, "hasAttribute", ATTR_TOKEN));
