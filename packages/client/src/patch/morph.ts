/** Morphs an element into another: nodes that correspond are kept, by their keys or by where they stand. */
import { setAttribute } from "../dom/style.ts";
import { put } from "./order.ts";
import { setText } from "./text.ts";

export interface Morph {
  /** What tells an element from all others in the page, and from those it is not to be matched with. */
  keyOf(node: Node): string | undefined;
  /** Whether a node stays, which nothing that comes corresponds to. */
  stays(node: Node): boolean;
  /** Whether a node that has a key is none that anything else may correspond to. */
  isGuest(node: Node): boolean;
  /** Is asked before an element takes the attributes and the children of another; `false` leaves it alone. */
  before(from: Element, to: Element, live: Map<string, Element>): boolean;
}

function takeAttributes(from: Element, to: Element): void {
  for (const { namespaceURI, localName, name, value } of to.attributes) {
    if (from.getAttributeNS(namespaceURI, localName) === value) continue;
    if (namespaceURI) from.setAttributeNS(namespaceURI, name, value);
    else setAttribute(from, name, value);
  }
  for (const attribute of [...from.attributes])
    if (!to.hasAttributeNS(attribute.namespaceURI, attribute.localName)) from.removeAttributeNode(attribute);
}

/** A field shows what it once showed, whatever its attributes say since. */
function takeValue(from: HTMLInputElement, to: HTMLInputElement): void {
  if (from.checked !== to.checked) from.checked = to.checked;
  if (from.value === to.value) return;
  from.value = to.value;
  // Of some types the value is the attribute.
  if (!to.hasAttribute("value")) from.removeAttribute("value");
}

/** @param inner only what is in the element */
export function morph(root: Element, goal: Element, inner: boolean, options: Morph): void {
  const { keyOf, stays, isGuest, before } = options;
  /** Elements with keys that nothing has been found to correspond to. */
  const live = new Map<string, Element>();
  for (const el of root.querySelectorAll("*")) {
    const key = keyOf(el);
    if (key !== undefined) live.set(key, el);
  }
  /** Those of them that have been passed by. */
  const passed = new Set<Node>();

  const discard = (node: ChildNode) => {
    if (!stays(node)) node.remove();
  };

  /** The element of a key, which is spoken for from now on. */
  const claim = (to: Node): Element | undefined => {
    const key = keyOf(to);
    const own = key === undefined ? undefined : live.get(key);
    if (!own || own.nodeName !== to.nodeName) return undefined;
    live.delete(key as string);
    passed.delete(own);
    return own;
  };

  const element = (from: Element, to: Element) => {
    if (!before(from, to, live)) return;
    takeAttributes(from, to);
    children(from, to);
    if (from.localName === "input") takeValue(from as HTMLInputElement, to as HTMLInputElement);
  };

  /** What is in an element that comes may have been elsewhere. */
  const adopt = (parent: Element) => {
    for (const child of [...parent.children]) {
      const own = claim(child);
      if (!own) adopt(child);
      else {
        child.replaceWith(own);
        element(own, child);
      }
    }
  };

  const children = (from: Element, to: Element) => {
    let at: ChildNode | null = from.firstChild;
    for (const next of [...to.childNodes]) {
      const own: Node | undefined = claim(next);
      const isKeyed = keyOf(next) !== undefined;
      // What has a key and is in the way will find its place by that.
      let found = at;
      while (found && found !== own) {
        const isFree = keyOf(found) === undefined;
        if (isFree && !isKeyed && found.nodeName === next.nodeName) break;
        found = isFree || isGuest(found) ? found.nextSibling : null;
      }
      while (found && at && at !== found) {
        const { nextSibling }: ChildNode = at;
        if (keyOf(at) === undefined) discard(at);
        at = nextSibling;
      }
      const match = (own ?? found) as ChildNode | null;
      if (match) {
        if (!found) put(from, match, at);
        if (match.nodeType === 1) element(match as unknown as Element, next as unknown as Element);
        else setText(match, next.nodeValue as string);
      } else if (isGuest(next)) continue;
      else {
        from.insertBefore(next, at);
        if (next.nodeType === 1) adopt(next as unknown as Element);
      }
      // What stood here before may have found its place in what was done meanwhile.
      at = (match ?? next).nextSibling;
    }
    while (at) {
      const { nextSibling }: ChildNode = at;
      if (keyOf(at) === undefined) discard(at);
      else if (!isGuest(at)) passed.add(at);
      at = nextSibling;
    }
  };

  if (inner) children(root, goal);
  else element(root, goal);
  for (const node of passed) discard(node as ChildNode);
}
