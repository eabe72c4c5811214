/** Refusals as clients read them: in production without names, paths and messages of the author's code. */
import type { EndCode, EventRefusal, RefusalCode } from "@overwire/client/wire";
import { isProduction } from "../template/mode.ts";

const sentences: Partial<Record<RefusalCode | EndCode, string>> = {
  unknown_event: "There is no such event.",
  invalid_payload: "The event's payload is not valid.",
  too_many_events: "Too many events are waiting.",
  too_large: "The message is too large.",
  elsewhere: "The page has no such address.",
  crashed: "The view crashed.",
  stale: "The page is too old to be joined. Load it again.",
  refused: "The app refused the join.",
};

/** The whole refusal is reported; a client in production gets its code and a sentence. */
export const redactRefusal = (refusal: EventRefusal): EventRefusal =>
  isProduction() ? { code: refusal.code, message: sentences[refusal.code] ?? refusal.message } : refusal;

export const redactEndMessage = (code: EndCode, message: string): string =>
  isProduction() ? (sentences[code] ?? message) : message;
