/** Between HTML and the page: parsing what an element is to become, and texts that need no parsing. */
import { ATTR_STYLE, type Change, type Instance } from "@overwire/server/wire";
import { applyStyles } from "../dom/style.ts";

/** `form.id` may be a field of that name, so only the attribute counts. */
export const idOf = (node: Node): string | null | undefined =>
  (node as Partial<Element>).getAttribute?.("id");

interface Trusting {
  readonly trustedTypes?: {
    createPolicy(
      name: string,
      rules: { createHTML(html: string): string },
    ): { createHTML(html: string): string };
  };
}

/** Makes HTML that is accepted by pages which require Trusted Types. The server has escaped it. */
let policy: { createHTML(html: string): string } | undefined;

/** Parses HTML into an element that can be morphed into `element`; `inner`: it is the HTML of its children. */
export function parse(html: string, element: Element, inner: boolean): Element {
  const template = element.ownerDocument.createElement("template");
  const foreign = !inner && /(svg|math)(ml)?$/i.exec(element.namespaceURI ?? "")?.[1]?.toLowerCase();
  const wrap = foreign && foreign !== element.localName;
  const text = wrap ? `<${foreign}>${html}</${foreign}>` : html;
  policy ??= (element.ownerDocument.defaultView as Trusting | null)?.trustedTypes?.createPolicy("overwire", {
    createHTML: (html) => html,
  });
  template.innerHTML = policy ? policy.createHTML(text) : text;
  if (html.includes(ATTR_STYLE)) applyStyles(template.content);
  const first = template.content.firstElementChild as Element;
  if (!inner) return wrap ? (first.firstElementChild as Element) : first;
  // Outside of the page no image is loaded and no custom element made.
  const to = template.content.ownerDocument.importNode(element) as Element;
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
    !/[<&\0\r]/.test(value) &&
    text?.nodeType === 3 &&
    !text.nextSibling &&
    element.localName !== "textarea"
    ? text
    : undefined;
}
