/** Guards as views and channels know them: asked before something happens, with one answer for all places. */
import type { Context, Next } from "hono";
import { chain } from "./chain.ts";
import type { Flash } from "./flash.ts";
import type { Params } from "./navigation/params.ts";
import type { Session, ViewContext } from "./session.ts";

/** Facts about the place at which a guard is asked, beside the session. Only `params` and `context` are always there. */
export interface GuardContext {
  /** Of the route, and in a view of the query string too; those of the socket for a channel. */
  readonly params: Params;
  /** The view's `context`, filled by `onMount` hooks before it; empty for middleware and channels. */
  readonly context: ViewContext;
  /** The page's URL, in a view. A live patch asks with the URL to which it leads. */
  readonly url?: URL | undefined;
  /** Hono's context, in middleware. */
  readonly request?: Context | undefined;
  /** The assigns of the socket, in a channel. */
  readonly assigns?: object | undefined;
  /** The channel's topic. */
  readonly topic?: string | undefined;
}

/** The answer of a guard that does not let in: a redirect, or an error that is an answer. */
export interface Refusal {
  readonly to?: string | undefined;
  readonly flash?: Flash | undefined;
  readonly error?: Error | undefined;
  /** Status of the error. */
  readonly status?: number | undefined;
}

export type GuardAnswer = Refusal | undefined;

export const asks = Symbol("overwire.guard");
export const parts = Symbol("overwire.parts");
/** Under this key a view leaves for the place to which a guard sends it. */
export const leaveFor = Symbol("overwire.leave");
/** Under this key an `onMount` hook has the guard that it belongs to. */
export const guardOf = Symbol("overwire.guardOf");
declare const letsIn: unique symbol;

/** A view or a component, as a guard sees it. */
export interface GuardedView {
  readonly session: Readonly<Session>;
  readonly params: Params;
  readonly context: ViewContext;
  readonly url: URL;
  [leaveFor](refusal: Refusal): void;
}

/**
 * A question about the user that is asked wherever it stands: a middleware function, with `onMount` for live sessions. Made by
 * `guard`.
 * @typeParam S the sessions that it lets in
 */
export interface Guard<S extends Session = Session> {
  (c: Context, next: Next): Promise<Response | undefined>;
  /** For `app.liveSession({ onMount: user.onMount })`. */
  readonly onMount: (view: GuardedView) => void | Promise<void>;
  /**
   * A guard that lets in those whom both let in. This one is asked first.
   * @example const admin = user.and(guard((session) => session.role === "admin"));
   */
  and<T extends Session>(other: Guard<T>): Guard<S & T>;
  [asks](session: Readonly<Session>, context: GuardContext): GuardAnswer | Promise<GuardAnswer>;
  readonly [parts]: readonly object[];
  /** Only the type. */
  readonly [letsIn]?: S;
}

/** The sessions that a guard lets in; any session without a guard. */
export type SessionOf<G> = G extends Guard<infer S> ? S : Session;

export const isGuard = (value: unknown): value is Guard => typeof value === "function" && asks in value;

/** The guards of a view that are asked as it is mounted: those of its live session, then its own. */
export function guardsOf(
  onMount: readonly object[] | undefined,
  own: Guard | undefined,
): readonly Guard[] | undefined {
  const hooks = onMount?.flatMap((hook) => (hook as { readonly [guardOf]?: Guard })[guardOf] ?? []);
  if (!own || hooks?.includes(own)) return hooks?.length ? hooks : undefined;
  return [...(hooks ?? []), own];
}

/** Asks guards one after the other. @returns the first refusal */
export function askAll(
  guards: readonly Guard[],
  session: Readonly<Session>,
  context: GuardContext,
  from = 0,
): GuardAnswer | Promise<GuardAnswer> {
  const guard = guards[from];
  if (!guard) return undefined;
  return chain(
    guard[asks](session, context),
    (refusal) => refusal ?? askAll(guards, session, context, from + 1),
  );
}

/** @throws TypeError if it is no guard */
export function checkGuard(value: unknown, what: string): Guard {
  if (isGuard(value)) return value;
  const given = typeof value === "function" ? "a function that guard() did not make" : String(value);
  throw new TypeError(
    `${what} expects a guard, but it is ${given}. Write guard((session) => …, { otherwise: "/login" }).`,
  );
}

/** An event that a guard does not let through. */
export class EventForbiddenError extends Error {
  get code(): "forbidden" {
    return "forbidden";
  }
}

export const contextOf = ({ params, context, url }: Omit<GuardedView, typeof leaveFor>): GuardContext => ({
  params,
  context,
  url,
});

/**
 * Asks a guard before an event of a view or component, which goes elsewhere if the guard says so.
 * @returns false if the event is not to run
 * @throws EventForbiddenError, and errors of the guard
 */
export const passEvent = (guard: Guard, view: GuardedView): boolean | Promise<boolean> =>
  chain(guard[asks](view.session, contextOf(view)), (refusal) => {
    if (refusal?.error) throw asRefusedEvent(refusal);
    if (refusal) view[leaveFor](refusal);
    return refusal === undefined;
  });

/** An error that is an answer of the server is a fault, any other a refusal. */
export function asRefusedEvent({ error, status = 403 }: Refusal): Error {
  if (error && status >= 500) return error;
  return new EventForbiddenError(error?.message ?? "Forbidden", { cause: error });
}
