/** Every message that travels, as a type, and the reading of those that come from outside. `docs/protocol.md` explains them. */
import { type END, EVENT, FORM, HEARTBEAT, JOIN, LEAVE, type PATCH } from "./keys.ts";
import type { Diff, FullInstance, Templates } from "./tree.ts";

/** JSON that a client may send as an event's payload. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What a client says to join a view. `params` are the options of its LiveSocket. */
export interface JoinRequest {
  readonly token: string;
  readonly url: string;
  readonly params?: { readonly [key: string]: Json };
}

/** A client's messages. `view` is a number the client chose when it joined; `ref` counts its events from 1. */
export type ClientFrame =
  | readonly [kind: typeof JOIN, view: number, request: JoinRequest]
  | readonly [kind: typeof EVENT, view: number, ref: number, event: string, payload: Json]
  | readonly [kind: typeof FORM, view: number, ref: number, event: string, form: string, meta: FormMeta]
  | readonly [kind: typeof LEAVE, view: number]
  | readonly [kind: typeof HEARTBEAT];

/** What goes with a form's fields: `_target`, the name of the field that changed, and `phx-value-*`. */
export type FormMeta = { readonly [key: string]: Json };

/** What a patch carries beside the change of the page. */
export interface Extras {
  /** Statics the client has not seen on this connection. */
  readonly s?: Templates;
  /** The page's new title. */
  readonly t?: string;
  /** Events for the client, `[name, payload]`. */
  readonly e?: readonly (readonly [name: string, payload: unknown])[];
  /** The handler's reply. */
  readonly r?: unknown;
  /** Why the event was refused. */
  readonly x?: EventRefusal;
}

/** Codes of refused events; the view is as it was. */
export type RefusalCode = "unknown_event" | "invalid_payload" | "too_many_events";

/** A refused event. `issues` are those of the event's schema. */
export interface EventRefusal {
  readonly code: RefusalCode;
  readonly message: string;
  readonly issues?: readonly { readonly message: string; readonly path?: readonly (string | number)[] }[];
}

/**
 * Why a view ended or could not be joined. `stale`: the token is not (or no longer) valid, load the page again.
 * `crashed`: a handler threw, join again. `refused`: the app answered the join with a status of its own, load the page.
 * `too_many`: a limit was reached. `closed`: the server is done with it.
 */
export type EndCode = "stale" | "crashed" | "refused" | "too_many" | "closed";

/**
 * The server's messages. Patches of a view are numbered from 1; `ref` is the event that the patch answers, 0 if none;
 * `diff` is 0 where the page stays as it is.
 */
export type ServerFrame =
  | readonly [kind: typeof JOIN, view: number, number: number, tree: FullInstance, extras: Extras]
  | readonly [kind: typeof PATCH, view: number, number: number, ref: number, diff: Diff | 0, extras?: Extras]
  | readonly [kind: typeof END, view: number, code: EndCode, message: string]
  | readonly [kind: typeof HEARTBEAT];

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;
const isRecord = (value: unknown): value is Record<string, Json> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Reads a client's message.
 * @returns the frame, or a sentence that says what is wrong with it. Never throws.
 */
export function readClientFrame(text: string): ClientFrame | string {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return "a message must be JSON";
  }
  if (!Array.isArray(frame)) return "a message must be a JSON array";
  const [kind, view, third, event, payload, meta] = frame as unknown[];
  if (kind === HEARTBEAT) return [HEARTBEAT];
  if (!isCount(view)) return "the second entry must be the number of a view";
  switch (kind) {
    case EVENT:
    case FORM:
      if (!isCount(third)) return "an event's third entry must be its ref, a number from 1";
      if (typeof event !== "string" || event === "") return "an event's fourth entry must be its name";
      if (kind === EVENT) return [EVENT, view, third, event, (payload ?? {}) as Json];
      if (typeof payload !== "string") return "a form's fifth entry must be its url-encoded fields";
      return [FORM, view, third, event, payload, isRecord(meta) ? meta : {}];
    case JOIN:
      if (!isRecord(third) || typeof third.token !== "string" || typeof third.url !== "string") {
        return "a join's third entry must be an object with token and url";
      }
      return [
        JOIN,
        view,
        { token: third.token, url: third.url, ...(isRecord(third.params) && { params: third.params }) },
      ];
    case LEAVE:
      return [LEAVE, view];
    default:
      return `unknown kind of message ${JSON.stringify(kind)?.slice(0, 40)}`;
  }
}
