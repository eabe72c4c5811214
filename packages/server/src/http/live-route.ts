/** One live route: a request becomes a view process, and that a page, or the view of a join that came this way. */
import { ATTR_SOCKET, ATTR_TOKEN, SOCKET_PATH } from "@overwire/client/wire";
import type { Context } from "hono";
import { matchedRoutes } from "hono/route";
import type { RedirectStatusCode } from "hono/utils/http-status";
import { PageChildRegistry, type WaitingList } from "../runtime/child-registry.ts";
import type { Services } from "../runtime/services.ts";
import type { SessionClock, SessionTimes } from "../runtime/session-clock.ts";
import type { CompletedRedirect } from "../runtime/view-init.ts";
import { ViewProcess } from "../runtime/view-process.ts";
import { renderAs } from "../template/call-site.ts";
import { escapeHtml } from "../template/escape.ts";
import { isProduction } from "../template/mode.ts";
import { raw } from "../template/raw.ts";
import { renderForClient } from "../template/render.ts";
import { checkRendered } from "../template/render-context.ts";
import { anyPosition } from "../template/slot-position.ts";
import { checkFunction } from "../view/check-arguments.ts";
import { guardsOf } from "../view/guard.ts";
import type { ViewClass } from "../view/live-view.ts";
import type { Params } from "../view/navigation/params.ts";
import type { Session } from "../view/view-host.ts";
import type { AddressOf } from "./client-address.ts";
import { clientPath } from "./client-script.ts";
import type { Disconnects } from "./disconnects.ts";
import { ENV_BASE, ENV_JOIN, ENV_SESSION, type JoinAttempt, type OverwireEnv } from "./env.ts";
import { BadRequest } from "./errors.ts";
import type { FlashCookies } from "./flash-cookie.ts";
import { givenBy } from "./given.ts";
import { type GuardServices, guardedRequests } from "./guarded-requests.ts";
import { withInitialStyles } from "./initial-styles.ts";
import type { Layout } from "./layout.ts";
import type { LiveSession } from "./live-session.ts";
import { decodeQuery, FieldsError } from "./query.ts";
import type { Rechecks } from "./rechecks.ts";
import { reportOnce } from "./report-once.ts";
import type { ReturnTo } from "./return-to.ts";
import { type RouteMatch, type Routes, sameMiddleware } from "./routes.ts";
import type { SessionTickets } from "./session-tickets.ts";
import type { Signer } from "./token.ts";
import { newVisitor } from "./visitor.ts";

/** Services that the routes of an app share. */
export interface LiveServices extends Services, GuardServices {
  readonly waitingViews: WaitingList;
  /** Signs a {@link PageToken}, bound to the visitor. */
  readonly pages: Signer;
  readonly addressOf: AddressOf;
  readonly disconnects: Disconnects;
  readonly rechecks: Rechecks;
  readonly sessionClock: SessionClock;
  readonly sessionTickets: SessionTickets;
  readonly identify: ((session: Session) => string | 0 | false | null | undefined) | undefined;
}

/**
 * Content of a token: the process that waits for it, the route it came by, the name of its live session, and
 * 1 for a nested view.
 */
export type PageToken = readonly [process: string, route: string, liveSession: string, isChild?: 1];

/** Options of a route. */
export interface LiveOptions {
  /** Title of the page for a view that sets no `pageTitle`. */
  readonly title?: string | undefined;
  /** In place of the app's layout. */
  readonly layout?: Layout | undefined;
  /** Params that the view gets in addition to those of path and query, and that override them. */
  readonly params?: Params | undefined;
}

/** Surroundings of a route. */
export interface RouteContext {
  readonly services: LiveServices;
  readonly layout: Layout;
  readonly liveSession: LiveSession;
  readonly routes: Routes<LiveRoute>;
}

/** Data of a request that a page's process needs after the request. Never the request itself. */
interface PageRequest {
  readonly url: URL;
  readonly params: Params;
  /** The path below which the app is mounted, as the browser sees it. */
  readonly base: string;
  /** Params of that path, if it has any. */
  readonly outer: Params | undefined;
  readonly visitor: string;
  readonly isNew: boolean;
  /** Middleware stands before the page. */
  readonly isGuarded: boolean;
  readonly address: string;
  /** There is a session that the page may show. */
  readonly isPersonal: boolean;
  readonly times: SessionTimes | undefined;
  readonly flash: ReturnType<FlashCookies["arriving"]>;
  readonly returnTo: ReturnType<ReturnTo["arriving"]>;
  /** Guards of middleware that have let the request through. */
  readonly guards: readonly object[] | undefined;
}

const parts = (path: string) => path.split("/").filter(Boolean);

export class LiveRoute {
  readonly path: string;
  readonly View: ViewClass;
  readonly liveSession: LiveSession;
  readonly #layout: Layout;
  readonly #options: LiveOptions;
  readonly #services: LiveServices;
  readonly #routes: Routes<LiveRoute>;
  readonly #isGuarded: boolean;

  constructor(path: string, View: ViewClass, options: LiveOptions, place: RouteContext) {
    this.path = path;
    this.View = View;
    this.liveSession = place.liveSession;
    this.#isGuarded = guardsOf(this.liveSession.onMount, View.guard) !== undefined;
    this.#layout = options.layout ?? place.liveSession.layout ?? place.layout;
    checkFunction(this.#layout, `The layout of ${path}`, "({ children, head }) => html`<!doctype html>…`");
    this.#options = options;
    this.#services = place.services;
    this.#routes = place.routes;
  }

  /** Hono's handler. A promise only where the session or the view needs one: most pages are made without a pause. */
  readonly handle = (c: Context): Response | Promise<Response> => {
    const joining = (c.env as OverwireEnv | undefined)?.[ENV_JOIN];
    // Another user gets another answer.
    if (this.#isGuarded) this.#services.responseHeaders.guarded(c.req.raw);
    if (joining && !joining.accepts(this.View, this.liveSession)) {
      joining.astray = true;
      return new Response(null, { status: 204 });
    }
    if (joining?.asksOnly) {
      joining.isReached = true;
      const reached = new Response(null, { status: 204 });
      if (!joining.gotSession) return reached;
      return Promise.resolve(this.#session(c))
        .then(joining.gotSession)
        .then(() => reached);
    }
    try {
      const session = this.#session(c);
      if (!(session instanceof Promise)) return this.#start(c, session, joining);
      return session
        .then((session) => this.#start(c, session, joining))
        .catch((error) => this.#fail(c, error, joining));
    } catch (error) {
      return this.#fail(c, error, joining);
    }
  };

  #session(c: Context): Session | Promise<Session> {
    const given = (c.env as OverwireEnv | undefined)?.[ENV_SESSION]?.session;
    return this.liveSession.extend(c, given ?? this.#services.sessions.read(c));
  }

  #start(c: Context, session: Session, joining: JoinAttempt | undefined): Response | Promise<Response> {
    const visit = this.#visit(c, session, joining);
    const viewProcess = this.#spawn(visit, session, joining);
    if (joining) joining.mounting = viewProcess;
    const fail = (error: unknown) => this.#fail(c, error, joining, session);
    let started: void | Promise<void>;
    try {
      started = viewProcess.start();
    } catch (error) {
      return fail(error);
    }
    const answer = joining
      ? () => this.#accept(joining, viewProcess, visit)
      : () => this.#show(c, viewProcess, visit);
    return started ? started.then(answer).catch(fail) : answer();
  }

  #fail(c: Context, error: unknown, joining: JoinAttempt | undefined, session?: Session): never {
    const given = () => [...givenBy(c), session];
    const thrown = reportOnce(this.#services.report, error, this.View.name, "mount", given);
    if (joining) joining.error = thrown;
    throw thrown;
  }

  #visit(c: Context, session: Session, joining: JoinAttempt | undefined): PageRequest {
    const { sessions, flashCookies } = this.#services;
    // Adapters let some invalid hosts through.
    if (!URL.canParse(c.req.url)) throw new BadRequest("The host header is not a host.");
    const url = new URL(c.req.url);
    const mounted = (c.env as OverwireEnv | undefined)?.[ENV_BASE];
    const pattern = this.#pattern(c);
    const base = (mounted ?? "") + this.#base(pattern, url);
    if (mounted) url.pathname = mounted + (url.pathname === "/" ? "" : url.pathname);
    const all = c.req.param() as unknown as Params;
    const params = this.#params(url, all);
    if (params instanceof FieldsError) throw new BadRequest(`The query string has ${params.message}.`);
    const guards = guardedRequests.passed(c.req.raw);
    const cookies = c.req.header("cookie");
    const known = sessions.visitor(c, cookies);
    const visitor = known ?? newVisitor();
    return {
      url,
      params,
      // An outer app in which it is mounted may have middleware for some of its paths.
      isGuarded: c.req.routeIndex > 0 || base !== "",
      address: this.#services.addressOf(c.req.raw, c.env),
      base,
      outer: /[:*{]/.test(pattern) ? paramsOf(pattern, all) : undefined,
      visitor,
      isNew: known === undefined,
      isPersonal: this.#isGuarded || guards !== undefined || Object.keys(session).length > 0,
      times: sessions.times(c),
      flash: joining ? joining.flash : flashCookies.arriving(c, cookies, visitor),
      returnTo: this.#services.returnTo.arriving(c, url),
      guards,
    };
  }

  // A method of its own, so that nothing the process keeps leads to the request.
  #spawn(visit: PageRequest, session: Session, joining: JoinAttempt | undefined): ViewProcess {
    const { waitingViews, flashCookies, identify, disconnects } = this.#services;
    const { url, params, visitor, address, flash, times } = visit;
    const { epoch } = disconnects;
    const childRegistry = new PageChildRegistry(
      (id, owner) => this.#token(id, owner.visitor, 1),
      waitingViews,
      this.#services,
      joining?.children,
    );
    const extendSession = this.liveSession.extension(session);
    return new ViewProcess(
      {
        View: this.View,
        url,
        params,
        session,
        owner: { visitor, address, name: identify?.(session) || undefined, epoch, times },
        ...(extendSession && { extendSession }),
        flash,
        returnTo: visit.returnTo?.path,
        onMount: this.liveSession.onMount,
        guards: visit.guards,
        liveSession: this.liveSession.name,
        painting: !joining,
        childRegistry,
        isGuarded: visit.isGuarded,
        resolve: (next) => this.#resolve(visit, next),
        createFlashToken: (flash, owner, returnTo) => {
          const own = owner?.visitor ?? visitor;
          return flashCookies.seal(flash, own, returnTo && this.#services.returnTo.seal(returnTo, own));
        },
        readFlashToken: (token, owner) => flashCookies.open(token, owner?.visitor ?? visitor),
      },
      this.#services,
    );
  }

  #token(viewProcess: string, visitor: string, ...isChild: [] | [1]): string {
    const { pages, limits } = this.#services;
    const token: PageToken = [viewProcess, this.path, this.liveSession.name, ...isChild];
    return pages.sign(token, limits.tokenAge, visitor);
  }

  /** Params of a live patch to another URL, undefined if that is not this view's, or behind other middleware. */
  #resolve({ url, base, outer }: PageRequest, next: URL): Params | undefined {
    const from = this.#find(url, base);
    const found = this.#find(next, base);
    if (!from || !found || !sameMiddleware(from, found)) return undefined;
    const { route } = found;
    if (route.View !== this.View || route.liveSession !== this.liveSession) return undefined;
    const params = route.#params(next, { ...outer, ...found.params });
    return params instanceof FieldsError ? undefined : params;
  }

  #find(url: URL, base: string): RouteMatch<LiveRoute> | undefined {
    if (url.pathname !== base && !url.pathname.startsWith(`${base}/`)) return undefined;
    return this.#routes.find(url.pathname.slice(base.length) || "/");
  }

  /** Params of the query string, overruled by those of the path and of the route; an error if it cannot be read. */
  #params({ search }: URL, ofPath: Params): Params | FieldsError {
    const more = this.#options.params;
    if (search === "") return more ? { ...ofPath, ...more } : ofPath;
    try {
      return Object.assign(decodeQuery(search.slice(1)), ofPath, more);
    } catch (error) {
      if (error instanceof FieldsError) return error;
      throw error;
    }
  }

  /** The prefix of the app's own path in the route that an outer app has matched. */
  #pattern(c: Context): string {
    const matched = matchedRoutes(c)[c.req.routeIndex]?.path ?? this.path;
    if (matched === this.path) return "";
    return (this.path === "/" ? matched : matched.slice(0, -this.path.length)).replace(/\/$/, "");
  }

  #base(pattern: string, url: URL): string {
    if (!/[:*{]/.test(pattern)) return pattern;
    return `/${parts(url.pathname).slice(0, parts(pattern).length).join("/")}`;
  }

  #accept(joining: JoinAttempt, viewProcess: ViewProcess, { visitor }: PageRequest): Response {
    joining.viewProcess = viewProcess;
    joining.token = this.#token(viewProcess.id, visitor);
    joining.title = viewProcess.view.pageTitle ?? this.#options.title;
    return new Response(null, { status: 204 });
  }

  #show(c: Context, viewProcess: ViewProcess, visit: PageRequest): Response | Promise<Response> {
    const fail = (error: unknown): never => {
      viewProcess.end("crashed");
      throw reportOnce(this.#services.report, error, this.View.name, "first paint", () => [
        ...givenBy(c),
        viewProcess.init.session,
      ]);
    };
    try {
      if (viewProcess.completedRedirect)
        return this.#redirect(c, viewProcess, viewProcess.completedRedirect, visit);
      const painted = viewProcess.paint();
      if (typeof painted === "string") return this.#answer(c, viewProcess, visit, painted);
      return painted.then((painted) => this.#answer(c, viewProcess, visit, painted)).catch(fail);
    } catch (error) {
      return fail(error);
    }
  }

  #answer(c: Context, viewProcess: ViewProcess, visit: PageRequest, painted: string): Response {
    // A nested view may have redirected the page while it was painted.
    if (viewProcess.completedRedirect)
      return this.#redirect(c, viewProcess, viewProcess.completedRedirect, visit);
    const { waitingViews, flashCookies, sessions, responseHeaders } = this.#services;
    const { base, visitor, isNew, url } = visit;
    const nonce = responseHeaders.lazyNonce(c.req.raw);
    const token = this.#token(viewProcess.id, visitor);
    const at = base && escapeHtml(base);
    const name = this.#layout.name || "layout";
    const rendered = renderForClient(
      checkRendered(
        `The layout ${name}()`,
        renderAs(name, () =>
          this.#layout({
            children: raw(
              `<div id="ow-${viewProcess.id.slice(0, 8)}" ${ATTR_TOKEN}="${token}" ${ATTR_SOCKET}="${at}${SOCKET_PATH}">${painted}</div>`,
            ),
            head: raw(`<script type="module" src="${at}${clientPath()}"></script>`),
            title: viewProcess.view.pageTitle ?? this.#options.title,
            url,
            view: this.View.name,
            nonce,
          }),
        ),
      ),
      isProduction() ? undefined : anyPosition,
    );
    const page = responseHeaders.hasPolicy ? withInitialStyles(rendered, nonce) : rendered;
    // A client that asks for the head only will not come back for the view.
    const isHead = c.req.method === "HEAD";
    if (isHead) viewProcess.end("unclaimed");
    else waitingViews.wait(viewProcess);
    const shown = isHead ? undefined : flashCookies.ending(c, c.req.header("cookie"));
    const cookie = isNew ? sessions.visitorCookie(c, visitor) : undefined;
    const kept = visit.returnTo?.cookie;
    const hasHeaders = this.liveSession.isComputed || sessions.mayHaveSet(c) || kept || (cookie && shown);
    if (!hasHeaders && matchedRoutes(c).length === 1)
      return responseHeaders.page(c.req.raw, page, visit.isPersonal, nonce, cookie ?? shown);
    responseHeaders.live(c.req.raw, visit.isPersonal);
    if (cookie) c.header("set-cookie", cookie, { append: true });
    if (shown) c.header("set-cookie", shown, { append: true });
    if (kept) c.header("set-cookie", kept, { append: true });
    return c.html(page);
  }

  /** The flash of this request is meant for the page that is shown in the end. */
  #redirect(
    c: Context,
    viewProcess: ViewProcess,
    redirect: CompletedRedirect,
    { visitor, isNew, flash }: PageRequest,
  ): Response {
    const { flashCookies, sessions, returnTo } = this.#services;
    viewProcess.end("redirected");
    if (isNew) c.header("set-cookie", sessions.visitorCookie(c, visitor), { append: true });
    const put = flashCookies.open(redirect.flash, visitor);
    if (put) {
      const token = flashCookies.seal({ ...flash, ...put }, visitor);
      c.header("set-cookie", flashCookies.cookie(c, token), { append: true });
    }
    if (redirect.returnTo !== undefined) returnTo.keep(c, redirect.returnTo, visitor);
    return c.redirect(redirect.to, (redirect.status ?? 302) as RedirectStatusCode);
  }
}

/** The values of a pattern's own names. */
function paramsOf(pattern: string, all: Params): Params {
  const names = Array.from(pattern.matchAll(/:([\w-]+)/g), ([, name]) => name as string);
  return Object.fromEntries(names.map((name) => [name, all[name]]));
}
