/** Reasons that a client is given for an event that did not run. */
import { InvalidPayload } from "../view/events/event.ts";
import type { EventRefusal } from "../wire/frames.ts";
import { UnknownEvent } from "./dispatch-event.ts";
import { Elsewhere } from "./view-location.ts";

/** An event that the client has not sent, because no message may be so large. */
export class TooLarge extends Error {
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
  if (error instanceof InvalidPayload) return error.refusal;
  if (error instanceof UnknownEvent) return { code: "unknown_event", message: error.message };
  if (error instanceof TooLarge) return { code: "too_large", message: error.message };
  return error instanceof Elsewhere ? { code: "elsewhere", message: error.message } : undefined;
}

export const rolledBack: EventRefusal = { code: "rolled_back", message: "The change could not be kept." };
