/**
 * Properties and methods of nodes as the browser has them. A form shows its fields under their names and ids, and a document
 * some of its elements, in front of all that they have themselves: `form.children` may be an input.
 */

/** Tells if a node hides members. Its own word for it, a symbol, no field can hide; to ask each prototype takes three times as long. */
const hides = (node: { readonly [Symbol.toStringTag]?: string }) =>
  /^HTMLForm|Document$/.test(node[Symbol.toStringTag] as string);

/** Reads a property. */
export const read = <On extends object, Name extends keyof On>(node: On, name: Name): On[Name] =>
  hides(node) ? Reflect.get(Object.getPrototypeOf(node), name, node) : node[name];

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
): ReturnType<Method<On[Name]>> => (read(node, name) as (...args: never) => never).apply(node, args as never);

/** Tells if something is an element, which the target of an event need not be. */
export const isElement = (node: unknown): node is Element => read(Object(node) as Node, "nodeType") === 1;

export const isForm = (node: Element): node is HTMLFormElement => read(node, "localName") === "form";

/** All elements in a node that match a selector, in the page's order. */
export const findAll = <Found extends Element = Element>(within: ParentNode, selector: string): Found[] => [
  ...(invoke(within, "querySelectorAll", selector) as NodeListOf<Found>),
];
