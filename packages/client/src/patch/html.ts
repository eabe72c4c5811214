/** Between HTML and the page: parsing the new state of an element, and texts that need no parsing. */
import { invoke, isElement, read } from "../dom/native.ts";
import { applyStyles } from "../dom/style.ts";
import type { Change, Instance } from "../wire/client-tree.ts";
import { ATTR_STYLE } from "../wire/constants.ts";

export const isText = (node: Node): node is Text => read(node, "nodeType") === 3;

export const idOf = (node: Node): string | null | undefined =>
  isElement(node) ? invoke(node, "getAttribute", "id") : undefined;

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
export function parse(html: string, element: Element, inner?: boolean): Element {
  const document = read(element, "ownerDocument");
  const template = invoke(document, "createElement", "template") as HTMLTemplateElement;
  const foreign = !inner && /(svg|math)(ml)?$/i.exec(read(element, "namespaceURI") ?? "")?.[1]?.toLowerCase();
  const wrap = foreign && foreign !== read(element, "localName");
  const text = wrap ? `<${foreign}>${html}</${foreign}>` : html;
  policy ??= (read(document, "defaultView") as Trusting | null)?.trustedTypes?.createPolicy("overwire", {
    createHTML: (html) => html,
  });
  template.innerHTML = policy ? policy.createHTML(text) : text;
  if (html.includes(ATTR_STYLE)) applyStyles(template.content);
  const first = template.content.firstElementChild as Element;
  if (!inner) return wrap ? (read(first, "firstElementChild") as Element) : first;
  // Outside of the page no image is loaded and no custom element made.
  const to = invoke(template.content.ownerDocument, "importNode", element) as Element;
  invoke(to, "append", template.content);
  return to;
}

/** Tells if a slot is in the id of an element, or all of it: its name, or that of another attribute, may come with it. */
export const setsId = ({ slots, template: { steps } }: Instance, slot: number, old: unknown): boolean =>
  / id="[^"]*$/.test(steps[steps.indexOf(slot) - 1] as string) || /^[^<]* id="/.test(`${old}${slots[slot]}`);

/**
 * A text that is all its element contains needs no HTML.
 * @returns the text node in which it can be set right away
 */
export function textOf(element: Element, { instance, slot }: Change): Text | undefined {
  const { slots, template, elements } = instance;
  const value = slots[slot];
  const text = read(element, "firstChild");
  return template.alone[slot] &&
    elements[template.holders[slot] as number] === element &&
    typeof value === "string" &&
    !/[<&\0\r]/.test(value) &&
    text &&
    isText(text) &&
    !read(text, "nextSibling") &&
    read(element, "localName") !== "textarea"
    ? text
    : undefined;
}
