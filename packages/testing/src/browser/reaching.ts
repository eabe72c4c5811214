/**
 * Makes sure that the user's actions happen: happy-dom does not submit a form that it takes for invalid, and
 * reports nothing; the client passes over what is done again before it is answered.
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

/** A click or a submit that the page passes over, as that of the same element before it has no answer yet. */
export class UnansweredError extends Error {
  override readonly name = "UnansweredError";

  get code(): "unanswered" {
    return "unanswered";
  }
}

const nameOf = ({ id, localName }: Element) => (id ? `${localName}#${id}` : localName);

/** @throws UnansweredError if an element still waits for an answer, as the client shows */
function assertAnswered(node: Element, type: Type): void {
  if (type === "input" || !node.classList.contains(`phx-${type}-loading`)) return;
  throw new UnansweredError(
    `the ${type} of <${nameOf(node)}> did nothing: the one before has no answer yet, and a page passes over another until then. Await that action first.`,
  );
}

/**
 * Runs an action that has to bring an event of a type.
 * @throws Error if none comes
 */
export const reaching = (node: Element, type: Type, action: () => void) => (): void => {
  assertAnswered(node, type);
  const count = counts.get(node.ownerDocument);
  const before = count?.[type];
  action();
  if (!count || count[type] !== before) return;
  throw new Error(`the ${type} of <${nameOf(node)}> did not happen: the emulated browser does not do it`);
};
