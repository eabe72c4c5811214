/**
 * happy-dom's forms and selects are proxies: those of their methods that have private parts only know what is behind, and
 * some of what they tell names what is behind, which no map or set knows by the proxy.
 */
import {
  type Attr,
  type Node as HappyNode,
  type MutationRecord,
  PropertySymbol,
  type Window,
} from "happy-dom";

/** The method that says what is behind a proxy: happy-dom binds methods to that when they are read by their name. */
const behind = Symbol("behind");

type Method = (this: object, ...args: never[]) => unknown;

/** A node as all of the page knows it. */
const known = <Of>(node: Of): Of =>
  (Object(node) as { readonly [PropertySymbol.proxy]?: Of })[PropertySymbol.proxy] ?? node;

function mend(prototype: object, name: string): void {
  const method = Reflect.get(prototype, name) as Method;
  Object.defineProperty(prototype, name, {
    configurable: true,
    writable: true,
    value: function (this: { [behind]?(): object }, ...args: never[]) {
      return method.apply(this[behind]?.() ?? this, args);
    },
  });
}

/** Has a method begin from the node that the page knows, and give one that it knows. */
function mendIdentity(prototype: object, name: string): void {
  const method = Reflect.get(prototype, name) as Method;
  Object.defineProperty(prototype, name, {
    configurable: true,
    writable: true,
    value: function (this: object, ...args: never[]) {
      return known(method.apply(known(this), args));
    },
  });
}

/** Nodes that observers and attributes are told of. */
function mendRecords({ Node: HappyNode, Attr }: Window): void {
  type Reporting = Record<typeof PropertySymbol.reportMutation, (record: MutationRecord) => void>;
  const node = HappyNode.prototype as unknown as Reporting;
  const report = node[PropertySymbol.reportMutation];
  node[PropertySymbol.reportMutation] = function (this: HappyNode, record) {
    record.target = known(record.target);
    report.call(this as unknown as Reporting, record);
  };
  const { get } = Object.getOwnPropertyDescriptor(Attr.prototype, "ownerElement") as PropertyDescriptor;
  Object.defineProperty(Attr.prototype, "ownerElement", {
    configurable: true,
    get(this: Attr) {
      return known(get?.call(this));
    },
  });
}

/**
 * Has the methods run when they are called through the prototype too, as the client does since fields may have their names;
 * and has a form or a select be one and the same wherever it comes from.
 */
export function mendProxies(window: Window): void {
  const { Node: HappyNode, Element, HTMLFormElement } = window;
  const target = Object.getPrototypeOf(HappyNode.prototype) as object;
  Object.defineProperty(target, behind, {
    value(this: object) {
      return this;
    },
  });
  mend(target, "dispatchEvent");
  for (const name of ["submit", "requestSubmit", "reset"]) mend(HTMLFormElement.prototype, name);
  for (const name of ["getRootNode", "isSameNode", "compareDocumentPosition"])
    mendIdentity(HappyNode.prototype, name);
  mendIdentity(Element.prototype, "closest");
  mendRecords(window);
}
