/** Asking the guards of a view that runs: when its client joins or resumes it, and when a right may have been withdrawn. */
import type { EndCode, Navigation } from "@overwire/client/wire";
import type { JoinAttempt } from "../http/env.ts";
import { isAnswer, reportSafely } from "../http/report-once.ts";
import type { Report } from "../runtime/services.ts";
import type { ViewProcess } from "../runtime/view-process.ts";
import { askAll, asks, contextOf, type GuardAnswer, guardsOf, type Refusal } from "../view/guard.ts";
import type { Session } from "../view/view-host.ts";
import { type RequestPlace, redirection, requestJoin } from "./page-request.ts";
import type { Upgrade } from "./transport.ts";

/** The place to which the page of a view goes that a guard does not let in any more; without one it is loaded again. */
export interface RefusedView {
  readonly code: EndCode;
  readonly message: string;
  readonly to?: Navigation | undefined;
  /** The guard has failed. */
  readonly failure?: Report | undefined;
}

/** Tells if guards stand before a view. */
export const isGuarded = ({ init: { guards, around, onMount, View } }: ViewProcess): boolean =>
  guards !== undefined || around !== undefined || guardsOf(onMount, View.guard) !== undefined;

/**
 * Ends a view that a guard does not let in any more, and then reports the guard if it has failed. A nested view is not joined
 * anew either.
 */
export function endRefused(
  { init, end }: ViewProcess,
  { failure }: RefusedView,
  report: (report: Report) => void,
): void {
  if (init.child) init.child.position.isOver = true;
  end("disconnected");
  if (failure) reportSafely(report, failure);
}

/**
 * Asks middleware, by a request for the page, then the guards of the view and of those around it, about the session as it is
 * now, with which the view goes on.
 * @returns undefined if all let in; never rejects
 */
export async function askAgain(
  viewProcess: ViewProcess,
  upgrade: Upgrade,
  place: RequestPlace,
): Promise<RefusedView | undefined> {
  const { view, init, location } = viewProcess;
  const { pathname, search } = location.url;
  const url = pathname + search;
  const failed = (error: unknown): RefusedView => {
    const message = "a guard failed, so the view ends";
    const failure: Report = { kind: "crash", view: init.View.name, event: "guard", message, error };
    return { code: "refused", message: "A guard failed.", failure };
  };
  const before = init.session;
  try {
    let session: Session | undefined;
    const asking: JoinAttempt = {
      accepts: () => true,
      asksOnly: true,
      flash: undefined,
      children: undefined,
      gotSession: (own) => {
        session = own;
      },
    };
    const response = await requestJoin(
      asking,
      { pathname, search, base: upgrade.base ?? "" },
      upgrade,
      place,
    );
    if (asking.error) return failed(asking.error);
    if (response.status !== 204 || !asking.isReached) {
      const to = redirection(response, { url });
      return refused(to);
    }
    // A nested view's session has more than that of its page.
    const known = session ? { ...session, ...init.child?.session } : before;
    const context = contextOf(view);
    let refusal: GuardAnswer;
    for (const [guard, params] of init.around ?? [])
      refusal ??= await guard[asks](known, { ...context, params });
    refusal ??= await askAll(guardsOf(init.onMount, init.View.guard) ?? [], known, context);
    if (refusal) return refused(navigationOf(refusal, viewProcess, url));
    // A session that the view has set meanwhile is newer.
    if (init.session === before) init.session = known;
    init.isDue = false;
    return undefined;
  } catch (error) {
    return isAnswer(error) ? refused(undefined) : failed(error);
  }
}

const refused = (to: Navigation | undefined): RefusedView =>
  to
    ? { code: "redirected", message: "A guard sends the page elsewhere.", to }
    : { code: "refused", message: "A guard does not let the user in any more." };

function navigationOf({ to, flash }: Refusal, { init }: ViewProcess, url: string): Navigation | undefined {
  if (to === undefined) return undefined;
  const token = init.createFlashToken?.(flash ?? {}, init.owner, url);
  return token === undefined ? ["redirect", to, 0] : ["redirect", to, 0, token];
}
