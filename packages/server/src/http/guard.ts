/** Making guards: one question about the user for routes, live sessions, views, events and channels. */
import type { Context, Next } from "hono";
import { chain, isPromiseLike, promiseOf } from "../view/chain.ts";
import { checkFunction } from "../view/check-arguments.ts";
import type { Flash } from "../view/flash.ts";
import {
  asks,
  checkGuard,
  contextOf,
  type Guard,
  type GuardAnswer,
  type GuardContext,
  type GuardedView,
  guardOf,
  leaveFor,
  parts,
  type Refusal,
} from "../view/guard.ts";
import { checkPath } from "../view/navigation/navigation.ts";
import type { Session } from "../view/view-host.ts";
import { Forbidden, HttpError } from "./errors.ts";
import { guardedRequests } from "./guarded-requests.ts";
import { statusOf } from "./report-once.ts";

/** Answers of a guard that does not let in. */
export interface GuardOptions {
  /** A path of the app to which the user is sent, such as `/login`, or a class of an `HttpError`. Default: `Forbidden`. */
  readonly otherwise?: string | (new () => HttpError) | undefined;
  /** Shown on the page to which the user is sent: a sentence is an `error`. */
  readonly flash?: string | Flash | undefined;
}

type Check = (session: Readonly<Session>, context: GuardContext) => boolean | Promise<boolean>;

/**
 * Makes a guard: a question about the user that stands before routes (`app.use("/admin/*", admin)`), live sessions (`onMount:
 * admin.onMount`), views (`static guard = admin`), events and channels (`{ guard: admin }`). It is asked again at every
 * request, join, resume and live navigation, and before every event.
 * @param check tells if it lets in; a type predicate tells the type of the session behind it too. An error that it throws refuses
 *   all: an `HttpError` is the answer, any other a crash
 * @example
 * const user = guard((session): session is Session & { userId: number } => session.userId !== undefined, {
 *   otherwise: "/login",
 *   flash: "Please log in.",
 * });
 */
export function guard<S extends Session>(
  check: (session: Readonly<Session>, context: GuardContext) => session is S,
  options?: GuardOptions,
): Guard<S>;
export function guard(check: Check, options?: GuardOptions): Guard;
export function guard(check: Check, { otherwise = Forbidden, flash }: GuardOptions = {}): Guard {
  checkFunction(check, "The check of guard", 'guard((session) => …, { otherwise: "/login" })');
  const refusal = refusalBy(otherwise, flash);
  return build((session, context) => {
    try {
      const lets: unknown = check(session, context);
      if (!isPromiseLike(lets)) return answerOf(lets, refusal);
      return promiseOf(lets)
        .then((lets) => answerOf(lets, refusal))
        .catch(answerBy);
    } catch (error) {
      return answerBy(error);
    }
  });
}

function answerOf(lets: unknown, refusal: () => Refusal): GuardAnswer {
  if (lets === true) return undefined;
  if (lets === false) return refusal();
  throw new TypeError(
    `The check of a guard returned ${String(lets)}. It returns true or false, so that nothing lets in by chance.`,
  );
}

/** @throws the error, if it is no answer */
function answerBy(error: unknown): Refusal {
  const status = statusOf(error);
  if (status === undefined || !(error instanceof Error)) throw error;
  if (status < 400)
    throw new TypeError(
      `The check of a guard threw an answer with status ${status}, which refuses nothing.`,
      {
        cause: error,
      },
    );
  return { error, status };
}

function refusalBy(otherwise: unknown, flash: GuardOptions["flash"]): () => Refusal {
  if (typeof otherwise === "string") {
    const to = checkPath(otherwise, "guard's otherwise");
    const told = typeof flash === "string" ? { error: flash } : flash;
    return () => ({ to, flash: told });
  }
  const isAnswer = typeof otherwise === "function" && otherwise.prototype instanceof HttpError;
  if (!isAnswer)
    throw new TypeError(
      `The otherwise of guard is ${String(otherwise)}. Write a path, "/login", or a class of an HttpError, Forbidden.`,
    );
  const Refusing = otherwise as new () => HttpError;
  return () => {
    const error = new Refusing();
    return { error, status: error.status };
  };
}

function build(ask: Guard[typeof asks], of?: readonly object[]): Guard {
  guardedRequests.isUsed = true;
  const made = ((c: Context, next: Next) => guardedRequests.pass(c, made, next)) as Guard;
  const onMount = (view: GuardedView) =>
    chain(ask(view.session, contextOf(view)), (refusal) => {
      if (refusal?.error) throw refusal.error;
      if (refusal) view[leaveFor](refusal);
    });
  return Object.assign(made, {
    [asks]: ask,
    [parts]: of ?? [made],
    onMount: Object.assign(onMount, { [guardOf]: made }),
    and: (other: Guard) => {
      checkGuard(other, "guard.and");
      const both: Guard[typeof asks] = (session, context) =>
        chain(ask(session, context), (refusal) => refusal ?? other[asks](session, context));
      return build(both, [...made[parts], ...other[parts]]) as Guard<never>;
    },
  });
}
