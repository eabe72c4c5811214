/** Asking the guards of a view that runs: when its client joins or resumes it, and when a right may have been withdrawn. */
import type { EndCode, Navigation } from "@overwire/client/wire";
import type { JoinAttempt } from "../http/env.ts";
import { statusOf } from "../http/report-once.ts";
import type { Report } from "../runtime/services.ts";
import type { ViewProcess } from "../runtime/view-process.ts";
import { askAll, contextOf, guardsOf, type Refusal } from "../view/guard.ts";
import type { Session } from "../view/view-host.ts";
import { type RequestPlace, redirection, requestJoin } from "./page-request.ts";
import type { Upgrade } from "./transport.ts";

/** The place to which the page of a view goes that a guard does not let in any more; without one it is loaded again. */
export interface RefusedView {
  readonly code: EndCode;
  readonly message: string;
  readonly to?: Navigation | undefined;
}

/** Place in which guards are asked. */
export interface AskPlace extends RequestPlace {
  readonly report: (report: Report) => void;
}

/** Tells if guards stand before a view. */
export const isGuarded = ({ init: { guards, onMount, View } }: ViewProcess): boolean =>
  guards !== undefined || guardsOf(onMount, View.guard) !== undefined;

/**
 * Asks middleware, by a request for the page, then the guards of the view, about the session as it is now.
 * @returns undefined if all let in; never rejects
 */
export async function askAgain(
  viewProcess: ViewProcess,
  upgrade: Upgrade,
  place: AskPlace,
): Promise<RefusedView | undefined> {
  const { view, init, location } = viewProcess;
  const { pathname, search } = location.url;
  const url = pathname + search;
  const failed = (error: unknown): RefusedView => {
    const message = "a guard failed, so the view ends";
    place.report({ kind: "crash", view: init.View.name, event: "guard", message, error });
    return { code: "refused", message: "A guard failed." };
  };
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
    const guards = guardsOf(init.onMount, init.View.guard) ?? [];
    // A nested view's session has more than that of its page.
    const known = init.child ? { ...init.session, ...session } : (session ?? init.session);
    const refusal = await askAll(guards, known, contextOf(view));
    return refusal && refused(navigationOf(refusal, viewProcess, url));
  } catch (error) {
    return (statusOf(error) ?? 500) < 500 ? refused(undefined) : failed(error);
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
