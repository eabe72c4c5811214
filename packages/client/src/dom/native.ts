/**
 * Properties and methods of nodes as the browser has them. A form shows its fields under their names and ids, and a document
 * some of its elements, in front of all that they have themselves: `form.children` may be an input.
 */

/** Reads a property. */
export const read = <On extends object, Name extends keyof On>(node: On, name: Name): On[Name] =>
  Reflect.get(Object.getPrototypeOf(node), name, node);

/** Sets a property. */
export const assign = <On extends object, Name extends keyof On>(
  node: On,
  name: Name,
  value: On[Name],
): void => void Reflect.set(Object.getPrototypeOf(node), name, value, node);

type Method<Member> = Extract<Member, (...args: never[]) => unknown>;

/** Calls a method. */
export const invoke = <On extends object, Name extends keyof On>(
  node: On,
  name: Name,
  ...args: Parameters<Method<On[Name]>>
): ReturnType<Method<On[Name]>> => Object.getPrototypeOf(node)[name].apply(node, args);

/** Tells if something is an element, which the target of an event need not be. */
export const isElement = (node: unknown): node is Element => read(Object(node) as Node, "nodeType") === 1;

export const isForm = (node: Element): node is HTMLFormElement => read(node, "localName") === "form";

/** All elements in a node that match a selector, in the page's order. */
export const findAll = <Found extends Element = Element>(within: ParentNode, selector: string): Found[] => [
  ...(invoke(within, "querySelectorAll", selector) as NodeListOf<Found>),
];
