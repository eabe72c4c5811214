/**
 * Makes sure that the user's actions happen: happy-dom does not submit a form that it takes for invalid, and
 * reports nothing.
 */
import type { Element, Window } from "happy-dom";

const types = ["click", "input", "submit"] as const;
type Type = (typeof types)[number];

/** Numbers of the events that a page has had, by type. */
const counts = new WeakMap<object, Record<Type, number>>();

/** Counts the events of a page. To be called before all other listeners are there: any of them may stop an event. */
export function countEvents(window: Window): void {
  const count = { click: 0, input: 0, submit: 0 };
  counts.set(window.document, count);
  for (const type of types) window.addEventListener(type, () => void count[type]++, { capture: true });
}

/**
 * Runs an action that has to bring an event of a type.
 * @throws Error if none comes
 */
export const reaching = (node: Element, type: Type, action: () => void) => (): void => {
  const count = counts.get(node.ownerDocument);
  const before = count?.[type];
  action();
  if (!count || count[type] !== before) return;
  const name = node.id ? `${node.localName}#${node.id}` : node.localName;
  throw new Error(`the ${type} of <${name}> did not happen: the emulated browser does not do it`);
};
