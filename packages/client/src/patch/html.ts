/** Between HTML and the page: parsing what an element is to become, and texts that need no parsing. */
import type { Change, Instance } from "@overwire/server/wire";

/** `form.id` may be a field of that name, so only the attribute counts. */
export const idOf = (node: Node): string | null | undefined =>
  (node as Partial<Element>).getAttribute?.("id");

/** Parses HTML into an element that can be morphed into `element`; `inner`: it is the HTML of its children. */
export function parse(html: string, element: Element, inner: boolean): Element {
  const template = element.ownerDocument.createElement("template");
  const foreign = !inner && /(svg|math)$/i.exec(element.namespaceURI ?? "")?.[0].toLowerCase();
  const wrap = foreign && foreign !== element.localName;
  template.innerHTML = wrap ? `<${foreign}>${html}</${foreign}>` : html;
  const first = template.content.firstElementChild as Element;
  if (!inner) return wrap ? (first.firstElementChild as Element) : first;
  const to = element.cloneNode(false) as Element;
  to.append(template.content);
  return to;
}

/**
 * A text that is all its element contains needs no HTML.
 * @returns the text node in which it can be set right away
 */
export function textOf(
  element: Element,
  { instance, slot }: Change,
  holder: Instance,
): ChildNode | undefined {
  const value = instance.slots[slot];
  const text = element.firstChild;
  return holder === instance &&
    instance.template.alone[slot] &&
    typeof value === "string" &&
    !/[<&]/.test(value) &&
    text?.nodeType === 3 &&
    !text.nextSibling &&
    element.localName !== "textarea"
    ? text
    : undefined;
}
