/** Every message that travels, as a type, and the reading of those that come from outside. `docs/protocol.md` explains them. */
import {
  ACK,
  type CHUNK,
  type END,
  EVENT,
  FORM,
  HEARTBEAT,
  JOIN,
  LEAVE,
  NAVIGATE,
  type PATCH,
  SESSION,
} from "./constants.ts";
import { isTooDeep, MAX_DEPTH } from "./json-depth.ts";
import type { ComponentDiffs, FullInstance, Templates, TreeDiff } from "./rendered.ts";
import { mayHaveUnsafeKeys, removeUnsafeKeys } from "./unsafe-keys.ts";

/** JSON that a client may send as an event's payload. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A client's request to join a view. `params` are the options of its LiveSocket. */
export interface JoinRequest {
  readonly token: string;
  readonly url: string;
  readonly params?: { readonly [key: string]: Json };
  /** A live navigation: `url` leads to another view of the live session for which the token was made. */
  readonly navigate?: boolean;
  /** The flash that the navigation was given. */
  readonly flash?: string;
  /**
   * The number of the last patch that was shown, of a view that lost its connection; 0 if the answer to an earlier join
   * may have been lost.
   */
  readonly seen?: number;
  /** Counts the joins of a page's client, from 1: of two for the same view the later one wins. */
  readonly attempt?: number;
  /** Takes the place of a join that is larger than a message may be: its bytes. */
  readonly large?: number;
}

/**
 * A client's messages. `view` is a number the client chose when it joined; `ref` counts its events and live patches from
 * 1; `component` is the number of the live component that an event is for, 0 or absent for the view itself.
 */
export type ClientFrame =
  | readonly [kind: typeof JOIN, view: number, request: JoinRequest]
  | readonly [kind: typeof EVENT, view: number, ref: number, event: string, payload: Json, component?: number]
  | readonly [
      kind: typeof FORM,
      view: number,
      ref: number,
      event: string,
      form: string,
      meta: FormMeta,
      component?: number,
    ]
  | readonly [kind: typeof NAVIGATE, view: number, ref: number, url: string, flash?: string]
  | readonly [kind: typeof LEAVE, view: number]
  | readonly [kind: typeof ACK, view: number, seen: number]
  | readonly [kind: typeof HEARTBEAT]
  | readonly [kind: typeof SESSION, ticket: string];

/** Values beside a form's fields: `_target`, the name of the field that changed, and `phx-value-*`. */
export type FormMeta = { readonly [key: string]: Json };

/**
 * Redirect of the page. `patch`: the same view at another URL, shown already by the patch that brings this.
 * `navigate`: another view over the same socket. `redirect`: load the page. `flash` is a signed token.
 */
export type Navigation = readonly [
  kind: "patch" | "navigate" | "redirect",
  to: string,
  replace: 0 | 1,
  flash?: string,
];

/**
 * A view has set the session: the page stays, and asks for the cookies at a path, by a one-time ticket. `0` is that of a
 * navigation, whose place it takes. With "" for both, the session has ended, and the page keeps its drafts.
 */
export type SessionOffer = readonly [kind: typeof SESSION, path: string, replace: 0, ticket: string];

/** An event for the page. */
export type PushedEvent = readonly [name: string, payload: unknown];

/** Contents of a patch beside the change of the page. */
export interface Extras {
  /** Statics the client has not seen on this connection. */
  readonly s?: Templates;
  /** The page's new title. */
  readonly t?: string;
  /** Changes of live components. */
  readonly c?: ComponentDiffs;
  /** The event in whose handling this is shown: it is shown in the elements of that event too. */
  readonly f?: number;
  /** Redirect of the page, or a session that it fetches. */
  readonly n?: Navigation | SessionOffer;
  /** With a join: bytes that a message may have, if other than {@link MESSAGE_SIZE}. */
  readonly m?: number;
  /** The token with which a view that was navigated to is joined again. */
  readonly k?: string;
  /** Events for the client. */
  readonly e?: readonly PushedEvent[];
  /** The handler's reply. */
  readonly r?: unknown;
  /** Why the event was refused. */
  readonly x?: EventRefusal;
  /**
   * The view goes on that the client had before it lost the connection: the newest ref that has reached it, then those it
   * has not answered yet.
   */
  readonly q?: readonly number[];
}

/**
 * Codes of refused events; the view is as it was. `rolled_back`: an optimistic change could not be kept. `elsewhere`: a
 * live patch to a URL that is not the view's. `forbidden`: a guard does not let the user do it. `too_large`: its message could not get through, so the client kept it.
 */
export type RefusalCode =
  | "unknown_event"
  | "invalid_payload"
  | "too_many_events"
  | "rolled_back"
  | "elsewhere"
  | "forbidden"
  | "too_large";

/** A refused event. `issues` are those of the event's schema. */
export interface EventRefusal {
  readonly code: RefusalCode;
  readonly message: string;
  readonly issues?: readonly { readonly message: string; readonly path?: readonly (string | number)[] }[];
}

/**
 * Why a view ended or could not be joined. `stale`: the token is not (or no longer) valid, load the page again.
 * `crashed`: a handler threw, join again. `refused`: the app answered the join with a status of its own, load the page.
 * `too_many`: a limit was reached. `closed`: the server is done with it. `redirected`: the page goes elsewhere. `taken`:
 * another connection has joined it. `too_large`: the join could not get through.
 */
export type EndCode =
  | "stale"
  | "crashed"
  | "refused"
  | "too_many"
  | "closed"
  | "redirected"
  | "taken"
  | "too_large";

/**
 * The server's messages. Patches of a view are numbered from 1; `ref` is the event that the patch answers, 0
 * if none; `diff` is 0 if the page stays as it is.
 */
export type ServerFrame =
  | readonly [kind: typeof JOIN, view: number, number: number, tree: FullInstance, extras: Extras]
  | readonly [kind: typeof PATCH, view: number, number: number, ref: number, diff: TreeDiff, extras?: Extras]
  | readonly [
      kind: typeof END,
      view: number,
      code: EndCode,
      message: string,
      to?: Navigation,
      /** Events for the page that the view pushed before it sent it there. */
      events?: readonly PushedEvent[],
    ]
  | ChunkFrame
  | Heartbeat;

export type Heartbeat = readonly [kind: typeof HEARTBEAT];

/**
 * Progress of an upload: its first `received` bytes are kept; all of them once it is done. With a code
 * nothing more of it is taken.
 */
export type ChunkFrame = readonly [
  kind: typeof CHUNK,
  channel: number,
  received: number,
  code?: string,
  message?: string,
];

const isCount = (value: unknown, least = 1): value is number =>
  Number.isSafeInteger(value) && (value as number) >= least;
/** An event's component; an invalid one counts as the view itself. */
const component = (value: unknown): [] | [number] => (isCount(value) ? [value] : []);
const isRecord = (value: unknown): value is Record<string, Json> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const unsafe = new WeakSet<object>();

/** Tells if a key `__proto__` was left out of a message: it would change the prototype of a payload's copy. */
export const hadUnsafeKey = (frame: ClientFrame): boolean => unsafe.has(frame);

/**
 * Reads a client's message.
 * @returns the frame, or a sentence about its problem. Never throws.
 */
export function readClientFrame(text: string): ClientFrame | string {
  if (isTooDeep(text)) return `a message may have ${MAX_DEPTH} levels of arrays and objects`;
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return "a message must be JSON";
  }
  const isSafe = !mayHaveUnsafeKeys(text) || !removeUnsafeKeys(message);
  const frame = frameOf(message);
  if (!isSafe && typeof frame !== "string") unsafe.add(frame);
  return frame;
}

function frameOf(frame: unknown): ClientFrame | string {
  if (!Array.isArray(frame)) return "a message must be a JSON array";
  const [kind, view, third, event, payload, sixth, seventh] = frame as unknown[];
  if (kind === HEARTBEAT) return [HEARTBEAT];
  if (kind === SESSION)
    return typeof view === "string" ? [SESSION, view] : "the second entry must be the ticket of a session";
  if (!isCount(view)) return "the second entry must be the number of a view";
  switch (kind) {
    case EVENT:
    case FORM:
      if (!isCount(third)) return "an event's third entry must be its ref, a number from 1";
      if (typeof event !== "string" || event === "") return "an event's fourth entry must be its name";
      if (kind === EVENT) {
        const given = (payload ?? {}) as Json;
        // Most events are for the view: nothing is spread for them.
        return isCount(sixth)
          ? [EVENT, view, third, event, given, sixth]
          : [EVENT, view, third, event, given];
      }
      if (typeof payload !== "string") return "a form's fifth entry must be its url-encoded fields";
      return [FORM, view, third, event, payload, isRecord(sixth) ? sixth : {}, ...component(seventh)];
    case NAVIGATE:
      if (!isCount(third)) return "a live patch's third entry must be its ref, a number from 1";
      if (typeof event !== "string") return "a live patch's fourth entry must be a URL";
      return typeof payload === "string" && payload
        ? [NAVIGATE, view, third, event, payload]
        : [NAVIGATE, view, third, event];
    case JOIN:
      if (!isRecord(third) || typeof third.token !== "string" || typeof third.url !== "string") {
        return "a join's third entry must be an object with token and url";
      }
      return [
        JOIN,
        view,
        {
          token: third.token,
          url: third.url,
          ...(isRecord(third.params) && { params: third.params }),
          ...(third.navigate === true && { navigate: true }),
          ...(typeof third.flash === "string" && { flash: third.flash }),
          ...(isCount(third.seen, 0) && { seen: third.seen }),
          ...(isCount(third.attempt) && { attempt: third.attempt }),
          ...(isCount(third.large) && { large: third.large }),
        },
      ];
    case LEAVE:
      return [LEAVE, view];
    case ACK:
      if (!isCount(third)) return "an acknowledgement's third entry must be the number of a patch, from 1";
      return [ACK, view, third];
    default:
      return "a message must be of a kind that is known";
  }
}
