/** Live patches through middleware: a request asks the middleware of the page, as for a join. */
import type { JoinAttempt } from "../http/env.ts";
import type { ViewClass } from "../view/live-view.ts";
import { type AppFetch, requestJoin } from "./page-request.ts";
import type { Upgrade } from "./transport.ts";

/**
 * Tells if the app's middleware lets this client through to a page of a view.
 * @returns false if it answers by itself, as a guard that redirects does
 */
export async function mayPatch(
  url: URL,
  View: ViewClass,
  upgrade: Upgrade,
  fetch: AppFetch,
): Promise<boolean> {
  const asking: JoinAttempt = {
    accepts: (Target) => Target === View,
    asksOnly: true,
    flash: undefined,
    children: undefined,
  };
  const { pathname, search } = url;
  const { status } = await requestJoin(asking, { pathname, search, base: upgrade.base ?? "" }, upgrade, {
    fetch,
  });
  return status === 204 && asking.isReached === true;
}
