/** Reasons that a client is given for an event that did not run. */
import type { EventRefusal } from "@overwire/client/wire";
import { nameOf } from "../view/actor.ts";
import { InvalidPayloadError } from "../view/events/event.ts";
import { EventForbiddenError } from "../view/guard.ts";
import { ForeignUrlError } from "./view-location.ts";

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

/** An event that the client has not sent, because no message may be so large. */
export class EventTooLargeError extends Error {
  get code(): "too_large" {
    return "too_large";
  }

  /** @param bytes of its message, as the client says */
  constructor(event: string, bytes: unknown, most: number) {
    const size = Number.isSafeInteger(bytes) ? `has ${bytes}` : "has too many";
    super(
      `${JSON.stringify(event)} was not sent: its message ${size} bytes, and ${most} are allowed (limits.messageSize)`,
    );
  }
}

/** The refusal that an error stands for; undefined for a fault of the author's code. */
export function refusalOf(error: unknown): EventRefusal | undefined {
  if (error instanceof InvalidPayloadError) return error.refusal;
  const isRefusal =
    error instanceof EventForbiddenError ||
    error instanceof UnknownEventError ||
    error instanceof EventTooLargeError ||
    error instanceof ForeignUrlError;
  return isRefusal ? { code: error.code, message: error.message } : undefined;
}

export const ROLLED_BACK: EventRefusal = { code: "rolled_back", message: "The change could not be kept." };
