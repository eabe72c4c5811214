/** Joining a view: by the process that its page's request left waiting, or by the way of a request once more. */
import type { EndCode, Extras, JoinRequest, Navigation, PushedEvent } from "@overwire/client/wire";
import type { JoinAttempt } from "../http/env.ts";
import type { LiveRoute, LiveServices, PageToken } from "../http/live-route.ts";
import type { LiveSessions } from "../http/live-session.ts";
import { reportOnce, statusOf } from "../http/report-once.ts";
import type { Routes } from "../http/routes.ts";
import { type TokenFailure, unverified } from "../http/token.ts";
import { type ConnectionChildren, isRenewable, renew } from "../runtime/child-registry.ts";
import type { Report } from "../runtime/services.ts";
import type { CompletedRedirect } from "../runtime/view-init.ts";
import { unseenEventsOf } from "../runtime/view-location.ts";
import type { ViewProcess } from "../runtime/view-process.ts";
import { ownPath } from "../view/navigation/navigation.ts";
import { askAgain, endRefused, isGuarded } from "./ask-again.ts";
import { type AppFetch, redirection, requestJoin } from "./page-request.ts";
import type { RemountQueue } from "./remount-queue.ts";
import type { Remount, ResumableViews } from "./resumable-views.ts";
import type { Upgrade } from "./transport.ts";
import type { WaitingViews } from "./waiting-views.ts";

/** A view that runs and can be attached, with its extras; or the reason why there is none, and the redirect instead. */
export type JoinResult =
  | {
      readonly viewProcess: ViewProcess;
      readonly extras?: Extras | undefined;
      /** The client had it before it lost the connection. */
      readonly resumed?: boolean | undefined;
      readonly remount?: Remount | undefined;
    }
  | {
      readonly code: EndCode;
      readonly message: string;
      readonly to?: Navigation | undefined;
      /** For the page, before it goes there. */
      readonly events?: readonly PushedEvent[] | undefined;
    };

/** Services that joins need besides those the routes of an app share. */
export interface JoinServices extends LiveServices {
  readonly waitingViews: WaitingViews;
  readonly resumableViews: ResumableViews;
  readonly remounts: RemountQueue;
}

/** Services and routes of the app, and the connection, in which a view is joined. */
export interface JoinContext {
  readonly services: JoinServices;
  readonly routes: Routes<LiveRoute>;
  readonly liveSessions: LiveSessions;
  /** The app, outermost first: a view that has to be mounted is mounted by a request through all middleware. */
  readonly fetch: AppFetch;
  /** The nested views of the connection, if it is one that asks. */
  readonly children: ConnectionChildren | undefined;
  /** Ends a view that is still being mounted when its client has gone. */
  readonly pending?: { readonly signal: AbortSignal } | undefined;
}

const failures: Readonly<Record<Exclude<TokenFailure, "missing">, string>> = {
  malformed: "What the page sent is no token.",
  forged:
    "The page's token was not made for this visitor, or by another server. Load the page again; if that does not help, check that the browser keeps cookies and that all servers have the same secret.",
  expired: "The page is too old to be joined. Load it again.",
};

const refusing =
  (report: (report: Report) => void) =>
  (code: EndCode, message: string): JoinResult => {
    report({ kind: "refused", event: "join", message });
    return { code, message };
  };

/**
 * Finds or mounts the view that a client wants to join.
 * @returns a promise only where the view has to be mounted
 */
export function join(
  request: JoinRequest,
  upgrade: Upgrade,
  place: JoinContext,
): JoinResult | Promise<JoinResult> {
  const { pages, report, sessions } = place.services;
  const refuse = refusing(report);
  if (request.large)
    return refuse("too_large", `a join of ${request.large} bytes was not sent, as it is too large`);
  const visitor = sessions.visitors.read(upgrade.headers.get("cookie"));
  const verified = pages.verify<PageToken>(request.token, visitor);
  if (!verified.ok) {
    const data = verified.error === "forged" && unverified(request.token);
    // An ordinary log-out in another tab is nothing to report.
    if (Array.isArray(data) && place.services.resumableViews.wasDisconnected(data[0]))
      return { code: "stale", message: "The session of the page has ended. Load it again." };
    return refuse("stale", failures[verified.error]);
  }
  if (verified.data[3] && request.navigate)
    return refuse("stale", "A page goes elsewhere, and no nested view of it.");
  const known = runningView(verified.data, request, place);
  const goOn = () => joinVerified(verified.data, request, upgrade, place, visitor);
  // A nested view that is mounted anew gets the session as it is now.
  const asks = known && (known.ended ? isRenewable(known) : known.init.isDue || isGuarded(known));
  if (!asks) return goOn();
  return askAgain(known, upgrade, place).then((refused) => {
    if (!refused) return goOn();
    endRefused(known, refused, report);
    return refused;
  });
}

/** The view that a join is about to find. */
function runningView(
  [id, , , isNested]: PageToken,
  { seen, navigate, url }: JoinRequest,
  { services: { resumableViews, waitingViews }, children }: JoinContext,
): ViewProcess | undefined {
  const remounted = seen === 0 ? resumableViews.findRemounted(navigate ? `${id} ${url}` : id) : undefined;
  if (remounted) return resumableViews.joined(remounted.id);
  if (navigate) return undefined;
  const lost = seen === undefined ? undefined : resumableViews.joined(id);
  return lost ?? (isNested ? children?.find(id) : undefined) ?? waitingViews.find(id);
}

/** Joins with a token that is genuine; the guards of a view that runs have been asked. */
function joinVerified(
  [id, pattern, sessionName, isNested]: PageToken,
  request: JoinRequest,
  upgrade: Upgrade,
  place: JoinContext,
  visitor: string | undefined,
): JoinResult | Promise<JoinResult> {
  const { services, routes, children } = place;
  const { waitingViews, report } = services;
  const refuse = refusing(report);
  const { seen, attempt } = request;
  const joinKey = request.navigate ? `${id} ${request.url}` : id;
  if (seen !== undefined) {
    const remounted = seen === 0 ? services.resumableViews.findRemounted(joinKey) : undefined;
    const own = remounted?.id ?? (request.navigate ? undefined : id);
    const lost = own && services.resumableViews.resume(own, { seen, attempt, children });
    if (lost === "taken") return TAKEN;
    if (lost)
      return {
        viewProcess: lost,
        resumed: true,
        extras: { ...remounted?.extras, ...missedPatch(lost, request) },
      };
    const redirect = own && services.resumableViews.takeRedirect(own);
    if (redirect) return redirectResult(redirect, seen);
  }
  const waiting = waitingViews.claim(id);
  if (isNested) return joinNested(children?.find(id) ?? waiting, place, attempt);
  const path = ownPath(request.url);
  const isSame =
    waiting?.location.url.pathname === path?.pathname && waiting?.location.url.search === path?.search;
  if (waiting && isSame && !request.navigate) {
    children?.registerView(waiting);
    return { viewProcess: waiting };
  }
  waiting?.end("unclaimed");
  if (!path) return refuse("stale", "The page sent a URL that leads to no page of this app.");

  const { pathname, search } = path;
  const { base = "" } = upgrade;
  if (!isBelow(base, pathname)) return refuse("stale", `The page's URL is not below ${base}.`);
  const target = { pathname, search, base };
  if (request.navigate) {
    const liveSession = place.liveSessions.get(sessionName);
    const flash = services.flashCookies.open(request.flash, visitor);
    const joining: JoinAttempt = { accepts: (_, session) => session === liveSession, flash, children };
    return requestJoin(joining, target, upgrade, place).then((answer) =>
      navigated(joining, answer, request, joinKey),
    );
  }
  const from = routes.at(pattern);
  const accepts: JoinAttempt["accepts"] = (View, session) =>
    View === from?.View && session === from.liveSession;
  const joining: JoinAttempt = { accepts, flash: undefined, children };
  const mount = () => requestJoin(joining, target, upgrade, place);
  return services.remounts.run(mount, place.pending?.signal).then((response) => {
    if (!response) return GONE;
    const { status } = response;
    const { viewProcess, token, error } = joining;
    if (joining.astray) return refuse("stale", `${pathname} is not a page of ${pattern}.`);
    if (viewProcess && token && status === 204) return joinResult(viewProcess, { k: token }, joinKey);
    viewProcess?.end("closed");
    // The error was reported when it was thrown.
    if (error && (statusOf(error) ?? 500) >= 500) return { code: "crashed", message: "The view crashed." };
    return refuse("refused", `The app answered the join of ${pathname} with status ${status}.`);
  });
}

/** The live patch of a view that its client has not heard of. */
function missedPatch({ init, location: { url } }: ViewProcess, request: JoinRequest): Extras {
  const shown = ownPath(request.url);
  if (init.child || !shown) return {};
  const to = url.pathname + url.search;
  return shown.pathname + shown.search === to ? {} : { n: ["patch", to, 0] };
}

/**
 * The result of a live navigation. A response other than a view is loaded in full, and answered in full
 * there.
 */
function navigated(
  { viewProcess, token, title, astray }: JoinAttempt,
  response: Response,
  request: JoinRequest,
  joinKey: string,
): JoinResult {
  if (viewProcess && token && response.status === 204) {
    return joinResult(viewProcess, { k: token, ...(title !== undefined && { t: title }) }, joinKey);
  }
  viewProcess?.end("closed");
  const to = astray ? undefined : redirection(response, request);
  if (to) return { code: "redirected", message: "The app redirects.", to };
  const message = astray
    ? "The page is of another live session."
    : `The app answered the navigation with status ${response.status}.`;
  return { code: "refused", message };
}

/** A view that has been mounted: it may have redirected its page. */
function joinResult(viewProcess: ViewProcess, extras?: Extras, joinKey?: string): JoinResult {
  const { completedRedirect, ended } = viewProcess;
  if (completedRedirect && ended) return redirectResult(completedRedirect);
  return extras && joinKey !== undefined
    ? { viewProcess, extras, remount: { joinKey, extras } }
    : { viewProcess };
}

const GONE: JoinResult = { code: "closed", message: "The client has gone." };
const TAKEN: JoinResult = { code: "taken", message: "A later join of this client has the view." };

const redirectResult = (redirect: CompletedRedirect, seen?: number): JoinResult => ({
  code: "redirected",
  message: "The view goes elsewhere.",
  to: navigation(redirect),
  events: unseenEventsOf(redirect, seen)[0],
});

const navigation = ({ kind, to, replace, flash }: CompletedRedirect): Navigation =>
  flash === undefined ? [kind, to, replace ? 1 : 0] : [kind, to, replace ? 1 : 0, flash];

/** A nested view waits for its join; one that crashed, or whose container left the page and is back, is mounted anew. */
function joinNested(
  viewProcess: ViewProcess | undefined,
  place: JoinContext,
  attempt: number | undefined,
): JoinResult | Promise<JoinResult> {
  const gone: JoinResult = { code: "closed", message: "The nested view is not there any more." };
  if (!viewProcess) return gone;
  const { resumableViews } = place.services;
  if (place.children && resumableViews.reclaim(viewProcess, place.children, attempt)) return TAKEN;
  // It has one client: that of its page.
  if (viewProcess.host.connected || resumableViews.joined(viewProcess.id)) return gone;
  // Items of its streams went to a client that did not get them.
  if (!viewProcess.ended && !viewProcess.renderer.canResume(0)) viewProcess.end("closed");
  if (!viewProcess.ended) {
    place.children?.registerView(viewProcess);
    return { viewProcess };
  }
  if (viewProcess.completedRedirect) return joinResult(viewProcess);
  if (!isRenewable(viewProcess)) return gone;
  const { report } = place.services;
  // In a live page there was no request that could report the error.
  if (viewProcess.failure?.event === "mount")
    reportOnce(report, viewProcess.failure.error, viewProcess.reports.viewName, "mount");

  const again = renew(viewProcess);
  place.children?.registerView(again);
  const failed = (error: unknown): JoinResult => {
    const status = statusOf(reportOnce(report, error, again.reports.viewName, "mount")) ?? 500;
    if (status >= 500) return { code: "crashed", message: "The view crashed." };
    return { code: "refused", message: `The nested view answered with status ${status}.` };
  };
  try {
    return again.start()?.then(() => joinResult(again), failed) ?? joinResult(again);
  } catch (error) {
    return failed(error);
  }
}

const isBelow = (base: string, pathname: string) =>
  base === "" || pathname === base || pathname.startsWith(`${base}/`);
