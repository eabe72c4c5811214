/** Answers of status `error`: what a client is told of a join or an event that was turned away. */
import type { EventRefusal } from "@overwire/client/wire";
import { HttpError, phraseOf } from "../http/errors.ts";
import { statusOf } from "../http/report-once.ts";
import { refusalOf } from "../runtime/event-refusals.ts";
import { redactRefusal } from "../runtime/redact-errors.ts";
import { Refused } from "./refused.ts";

/** Response of an error that is not the author's own. */
export interface ErrorReply {
  readonly reason: string;
  readonly code: string;
  /** Of an {@link HttpError}. */
  readonly status?: number;
  /** Of the event's schema. */
  readonly issues?: EventRefusal["issues"];
}

export const UNMATCHED: ErrorReply = { reason: "unmatched topic", code: "unmatched_topic" };
export const TOO_MANY_CHANNELS: ErrorReply = {
  reason: "too many channels joined",
  code: "too_many_channels",
};
export const JOIN_CRASHED: ErrorReply = { reason: "join crashed", code: "join_crashed" };
export const TOO_MANY_EVENTS: ErrorReply = { reason: "too many events wait", code: "too_many_events" };

/** An error as an answer. */
export interface Answer {
  readonly response: unknown;
  /** For the operator: the client has sent something that cannot be right, or the server has failed. */
  readonly report?: { readonly kind: "refused" | "crash"; readonly message: string };
}

/** @returns the answer for which an error stands; undefined if it is a fault of the author's code */
export function answerOf(error: unknown): Answer | undefined {
  if (error instanceof Refused) return { response: error.payload };
  const refusal = refusalOf(error);
  if (refusal) {
    const { message, code, issues } = redactRefusal(refusal);
    const response: ErrorReply = { reason: message, code, ...(issues && { issues }) };
    return { response, report: { kind: "refused", message: refusal.message } };
  }
  const status = statusOf(error) ?? 0;
  if (!(Number.isInteger(status) && status >= 400 && status <= 599)) return undefined;
  const isTold = status < 500 && error instanceof Error && error.message !== "";
  const reason = isTold ? error.message : phraseOf(status);
  const code = error instanceof HttpError ? error.code : new HttpError(status).code;
  const response: ErrorReply = { reason, code, status };
  const report = { kind: "crash" as const, message: `it was answered with status ${status}` };
  return status < 500 ? { response } : { response, report };
}
