/**
 * Makes happy-dom's nodes without what hardly any of them needs: maps of results, of listeners and of handlers, which are
 * most of a page.
 */
import { PropertySymbol, type Window } from "happy-dom";
import NodeFactory from "happy-dom/lib/nodes/NodeFactory.js";
import { classWith } from "./browser-costs.ts";

/** A node that is being made. */
type Made = { [key: symbol]: unknown; constructor: { readonly [key: symbol]: object | undefined } };
type Class = new () => object;

/** Properties that are left out until they are asked for, under the names by which they are kept then. */
const kept = {
  listeners: Symbol("listeners"),
  listenerOptions: Symbol("listenerOptions"),
  propertyEventListeners: Symbol("propertyEventListeners"),
  pointerCaptures: Symbol("pointerCaptures"),
} as const;

const phases = () => ({ bubbling: new Map(), capturing: new Map() });
const make = {
  listeners: phases,
  listenerOptions: phases,
  propertyEventListeners: () => new Map(),
  pointerCaptures: () => new Set(),
} as const;

/** Listeners of a target, if it has ever had one. */
export function listenersOf<Of extends object>(
  target: object,
  which: "listeners" | "listenerOptions",
): Of | undefined {
  const all = target as { readonly [key: symbol]: Of | null | undefined };
  const own = all[kept[which]];
  // Undefined in a target that happy-dom made itself, which has them always.
  return (own === undefined ? all[PropertySymbol[which]] : own) ?? undefined;
}

/** Sets what the constructor of happy-dom's nodes sets. @returns an element that is upgraded in its place */
function beginNode(node: Made): object | undefined {
  const upgraded = node.constructor[PropertySymbol.customElementUpgradeTarget];
  if (upgraded) return upgraded;
  node[kept.listeners] = null;
  node[kept.listenerOptions] = null;
  node[PropertySymbol.isConnected] = false;
  node[PropertySymbol.parentNode] = null;
  node[PropertySymbol.rootNode] = null;
  node[PropertySymbol.styleNode] = null;
  node[PropertySymbol.textAreaNode] = null;
  node[PropertySymbol.formNode] = null;
  node[PropertySymbol.selectNode] = null;
  node[PropertySymbol.mutationListeners] = [];
  node[PropertySymbol.nodeArray] = [];
  node[PropertySymbol.elementArray] = [];
  node[PropertySymbol.childNodes] = null;
  node[PropertySymbol.assignedToSlot] = null;
  node[PropertySymbol.affectsCache] = [];
  const window = node[PropertySymbol.window] as Window | undefined;
  const document = window ? window.document : NodeFactory.pullOwnerDocument();
  if (!window && !document) throw new TypeError("Illegal constructor");
  node[PropertySymbol.ownerDocument] = document;
  if (!window) node[PropertySymbol.window] = document?.[PropertySymbol.window];
  return undefined;
}

/** Sets what the constructor of happy-dom's elements sets too. */
function beginElement(node: Made, Attributes: new (element: object) => object): void {
  node[PropertySymbol.classList] = null;
  node[PropertySymbol.isValue] = null;
  node[PropertySymbol.nodeType] = 1;
  node[PropertySymbol.prefix] = null;
  node[PropertySymbol.shadowRoot] = null;
  node[PropertySymbol.scrollHeight] = 0;
  node[PropertySymbol.scrollWidth] = 0;
  node[PropertySymbol.scrollTop] = 0;
  node[PropertySymbol.scrollLeft] = 0;
  node[PropertySymbol.attributes] = new Attributes(node);
  node[PropertySymbol.attributesProxy] = null;
  node[PropertySymbol.children] = null;
  node[PropertySymbol.computedStyle] = null;
  node[kept.pointerCaptures] = null;
  node[kept.propertyEventListeners] = null;
  node[PropertySymbol.animations] = [];
  // Classes of elements that can be made by `new` have their own.
  for (const name of [PropertySymbol.tagName, PropertySymbol.localName, PropertySymbol.namespaceURI])
    node[name] ||= null;
}

/** Keys of what a class makes, without what is left out. */
function keysOf(Base: Class, window: Window): string {
  const Probe = class extends Base {};
  Object.defineProperty(Probe.prototype, PropertySymbol.window, { value: window });
  const aside: symbol[] = [PropertySymbol.cache, ...Object.values(kept)];
  for (const name of Object.keys(kept) as (keyof typeof kept)[]) aside.push(PropertySymbol[name]);
  return Reflect.ownKeys(new Probe())
    .flatMap((key) => (aside.includes(key as symbol) ? [] : String(key)))
    .join();
}

/** Has a prototype make what is left out when it is asked for. */
function defer(prototype: object, name: keyof typeof kept): void {
  Object.defineProperty(prototype, PropertySymbol[name], {
    configurable: true,
    get(this: Made) {
      this[kept[name]] ??= make[name]();
      return this[kept[name]];
    },
    // The constructor of happy-dom, which makes elements of other namespaces itself.
    set(this: Made, value: unknown) {
      this[kept[name]] = value;
    },
  });
}

/** Stands for the handlers of an element that has none. */
const nothing = new Map();

/** Has a page end without making what it would clear. */
function mendEnd(node: object, element: object): void {
  type Ending = Record<typeof PropertySymbol.destroy, () => void>;
  const target = classWith(Object.getPrototypeOf(node) as object, PropertySymbol.destroy) as Ending;
  const end = target[PropertySymbol.destroy];
  target[PropertySymbol.destroy] = function (this: object) {
    const { [kept.listeners]: listeners, [kept.listenerOptions]: options } = this as Made;
    if (listeners !== null || options !== null) end.call(this as Ending);
  };
  const ending = element as Ending;
  const endElement = ending[PropertySymbol.destroy];
  ending[PropertySymbol.destroy] = function (this: object) {
    const made = this as Made;
    made[kept.propertyEventListeners] ??= nothing;
    endElement.call(this as Ending);
    if (made[kept.propertyEventListeners] === nothing) made[kept.propertyEventListeners] = null;
  };
}

/** The class that stands between a class and its base, as high as it can. */
function classUnder(made: object, Base: object): object {
  let at = made;
  while (Object.getPrototypeOf(at) !== Base) at = Object.getPrototypeOf(at) as object;
  return at;
}

/**
 * Mends the classes that all windows share.
 * @returns false if happy-dom's nodes are none that are known here, and stay as they are
 */
export function mendNodes(window: Window): boolean {
  const { Node: HappyNode, Element: HappyElement, HTMLElement, SVGElement } = window;
  const Attributes = window.document.documentElement[PropertySymbol.attributes].constructor as new (
    element: object,
  ) => object;
  const LeanNode = function (this: Made) {
    return beginNode(this);
  } as unknown as Class;
  const LeanElement = function (this: Made) {
    const upgraded = beginNode(this);
    if (!upgraded) beginElement(this, Attributes);
    return upgraded;
  } as unknown as Class;
  const [node, element] = [HappyNode, HappyElement] as unknown as [Class, Class];
  const isKnown = keysOf(node, window) === keysOf(LeanNode, window);
  if (!isKnown || keysOf(element, window) !== keysOf(LeanElement, window)) return false;

  // Constants of the classes are found by way of what stands in between.
  Object.setPrototypeOf(LeanNode, HappyNode);
  Object.setPrototypeOf(LeanElement, HappyElement);
  const { Attr, CharacterData, DocumentType, DocumentFragment, HTMLDocument } = window;
  for (const each of [Attr, CharacterData, DocumentType, DocumentFragment, HTMLDocument])
    Object.setPrototypeOf(classUnder(each, HappyNode), LeanNode);
  for (const each of [HTMLElement, SVGElement])
    Object.setPrototypeOf(classUnder(each, HappyElement), LeanElement);
  for (const name of ["listeners", "listenerOptions"] as const) defer(HappyNode.prototype, name);
  for (const name of ["propertyEventListeners", "pointerCaptures"] as const)
    defer(HappyElement.prototype, name);
  mendEnd(HappyNode.prototype, HappyElement.prototype);
  return true;
}
