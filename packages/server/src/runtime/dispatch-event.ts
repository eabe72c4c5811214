/** Dispatch of events: from a name to the author's handler. */
import { callEvent, type EventPayload, findEvent, readPayload } from "../view/events/event.ts";
import { nameOf } from "../view/live.ts";

/** A view or a live component. */
export interface EventDispatchTarget {
  clearFlash(kind?: string): void;
  handleEvent?(name: string, payload: EventPayload): unknown;
}

/** An event that a view or component does not declare. */
export class UnknownEventError extends Error {
  get code(): "unknown_event" {
    return "unknown_event";
  }

  constructor(name: string, target: object) {
    const shown = JSON.stringify(name.slice(0, 100));
    const declared = /^[\w$]{1,40}$/.test(name) ? name : "name";
    const advice = name.startsWith("{")
      ? `Is a $ missing before ${shown}?`
      : `Declare it: ${declared} = this.event(…)`;
    super(`${nameOf(target)} declares no event ${shown} and has no handleEvent. ${advice}`);
  }
}

/** Takes away messages, or those of one kind: `phx-click="lv:clear-flash" phx-value-key="info"`. */
const CLEAR_FLASH = "lv:clear-flash";

/** Tells if anything would run for an event. */
export const declaresEvent = (target: EventDispatchTarget, name: string): boolean =>
  target.handleEvent !== undefined || name === CLEAR_FLASH || findEvent(target, name) !== undefined;

/**
 * Runs the declared handler, or else `handleEvent`.
 * @throws UnknownEventError, InvalidPayloadError, and errors of the author's code
 */
export function dispatchEvent(target: EventDispatchTarget, name: string, payload: unknown): unknown {
  const event = findEvent(target, name);
  if (event) return callEvent(event, payload);
  if (name === CLEAR_FLASH) {
    const key = (payload as { key?: unknown } | null)?.key;
    return target.clearFlash(typeof key === "string" ? key : undefined);
  }
  if (target.handleEvent) return target.handleEvent(name, readPayload(name, payload));
  throw new UnknownEventError(name, target);
}
