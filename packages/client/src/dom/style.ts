/** Styles under a strict policy, which blocks `style` in HTML and in `setAttribute`, but not in the CSSOM. */
import { ATTR_STYLE } from "../wire/constants.ts";
import { findAll, invoke } from "./native.ts";

/** Sets an attribute of any name. A field called "style" must not stand in for the style of its form. */
export function setAttribute(el: Element, name: string, value: string): void {
  if (name === "style") Reflect.get(Object.getPrototypeOf(el), name, el).cssText = value;
  else invoke(el, "setAttribute", name, value);
}

/** Gives elements the styles that came with their HTML. */
export function applyStyles(root: ParentNode): void {
  for (const el of findAll(root, `[${ATTR_STYLE}]`)) {
    setAttribute(el, "style", invoke(el, "getAttribute", ATTR_STYLE) as string);
    invoke(el, "removeAttribute", ATTR_STYLE);
  }
}
