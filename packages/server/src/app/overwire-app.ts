/** The app that authors hold: a Hono app with live routes, its client, and its socket. */
import { type JoinRequest, SESSION_PATH, type SessionOffer, SOCKET_PATH } from "@overwire/client/wire";
import type { Context, Env, Hono } from "hono";
import type { BlankEnv } from "hono/types";
import { askAgain, type RefusedView } from "../connection/ask-again.ts";
import { type JoinResult, type JoinServices, join } from "../connection/join.ts";
import { mayPatch } from "../connection/patch-middleware.ts";
import type { ClientSocket, Peer, Upgrade } from "../connection/transport.ts";
import { isClientPath, serveClient } from "../http/client-script.ts";
import type { CsrfProtection } from "../http/csrf.ts";
import {
  ENV_ON_ERROR,
  ENV_PASS_THROUGH,
  ENV_UPGRADE,
  type OverwireEnv,
  type UpgradeTarget,
} from "../http/env.ts";
import { type ErrorPage, ErrorPages } from "../http/error-page.ts";
import { NotFound } from "../http/errors.ts";
import { defaultLayout, type Layout } from "../http/layout.ts";
import { type LiveOptions, LiveRoute } from "../http/live-route.ts";
import { type LiveSessionOptions, LiveSessions } from "../http/live-session.ts";
import { asItIs } from "../http/response-headers.ts";
import { Routes } from "../http/routes.ts";
import { SessionRoute } from "../http/session-route.ts";
import type { ConnectionChildren } from "../runtime/child-registry.ts";
import type { Redactor } from "../runtime/redact.ts";
import type { Limits, Report } from "../runtime/services.ts";
import type { SessionChange, SessionClient } from "../runtime/session-change.ts";
import type { SessionClock } from "../runtime/session-clock.ts";
import type { ViewOwner } from "../runtime/view-owner.ts";
import type { ViewProcess } from "../runtime/view-process.ts";
import { checkFunction } from "../view/check-arguments.ts";
import type { Flash } from "../view/flash.ts";
import type { Guarded, LiveView, ViewClass } from "../view/live-view.ts";
import type { AnyPresence, Presence, PresenceDiff, Present } from "../view/presence.ts";
import { type Topic, topicName } from "../view/topic.ts";
import { type AppMessages, isAppEvent, type OnAppEvent } from "./app-messages.ts";
import { ChannelApp, type ChannelParts } from "./channel-app.ts";
import { checkLive } from "./check-live.ts";
import { protect } from "./protection.ts";
import { changeSession, renewSession } from "./session-changes.ts";

const OWN_ROUTES = SOCKET_PATH.replace(/[^/]+$/, "*");

/** Parts of an app; put together by `createApp`. */
export interface AppParts extends ChannelParts {
  readonly services: JoinServices;
  readonly messages: AppMessages;
  readonly layout: Layout | undefined;
  readonly errorPage: ErrorPage | undefined;
  readonly redactor: Redactor;
  readonly csrf: CsrfProtection;
  /** Activity of users that other nodes tell of. */
  readonly sessionTimes: { listen(): void; close(): void };
  /** Of the requests that the client makes. */
  readonly ownCsrf: CsrfProtection;
  /** Makes the app's side of a socket. */
  readonly connect: (app: OverwireApp, upgrade: Upgrade, peer: Peer) => ClientSocket;
}

/** Lets a view be served at the path it is made for, at each of several, or anywhere if it is made for none. */
type Fits<Path extends string, Made extends string> = string extends Made
  ? unknown
  : [Path] extends [Made]
    ? unknown
    : { readonly "this view is made for the path": Made };

/**
 * A Hono app with live views. Everything Hono has works: middleware, other routes, `app.request()`, mounting it into
 * another Hono app with `route()`. Made by `createApp`.
 */
export class OverwireApp<E extends Env = BlankEnv> extends ChannelApp<E> {
  readonly #parts: AppParts;
  readonly #routes = new Routes<LiveRoute>(this as unknown as Hono<Env>);
  readonly #liveSessions = new LiveSessions();
  /** Hono's own, and {@link OnAppEvent}. */
  declare on: OnAppEvent & Hono<E>["on"];

  constructor(parts: AppParts) {
    super(parts);
    this.#parts = parts;
    const { responseHeaders, report } = parts.services;
    const pages = new ErrorPages(parts.errorPage, parts.redactor, report, (request) =>
      responseHeaders.nonce(request),
    );
    protect(this, { csrf: parts.csrf, services: parts.services, pages });
    // First of all routes, so that no middleware of the app stands between a page and its client. And one route only:
    // beside a pattern for the client's name Hono would take its slower router for all of the app.
    this.get(OWN_ROUTES, (c, next) => {
      if (c.req.path.endsWith(SOCKET_PATH)) return this.#answerSocketPath(c);
      return isClientPath(c.req.path) ? asItIs(serveClient(c)) : next();
    });
    const session = new SessionRoute(parts.services, parts.services.sessionTickets, parts.ownCsrf);
    this.post(OWN_ROUTES, (c, next) => (c.req.path.endsWith(SESSION_PATH) ? session.handle(c) : next()));
    const { on } = this;
    this.on = ((event: unknown, listener: never, ...others: never[]) =>
      isAppEvent(event)
        ? parts.messages.on(event, listener)
        : on(event as never, listener, ...others)) as typeof this.on;
    // Hono's own handler prints errors; here all of them go through one reporter.
    const onError = this.onError;
    this.onError = (handler) =>
      onError((error, c) => {
        pages.note(c.env, () => error as Error);
        return handler(error, c);
      });
    this.onError((error, c) => pages.failed(c, error));
    const notFound = this.notFound;
    this.notFound = (handler) =>
      notFound((c) => {
        const passing = (c.env as OverwireEnv | undefined)?.[ENV_PASS_THROUGH];
        if (passing) passing.missed = true;
        pages.note(c.env, () => new NotFound());
        return handler(c);
      });
    this.notFound((c) => pages.missing(c));
  }

  #answerSocketPath(c: Context): Response {
    const upgrading = (c.env as OverwireEnv | undefined)?.[ENV_UPGRADE] as
      | UpgradeTarget<OverwireApp>
      | undefined;
    if (upgrading) upgrading.app = this as unknown as OverwireApp;
    else c.header("upgrade", "websocket");
    return c.text(
      "This is the address of Overwire's WebSocket. Is the server that got this request attached to the app?",
      426,
    );
  }

  /**
   * Serves a view at a path.
   * @param path as in Hono: `/posts/:id`, `/files/:name{.+}`, `/posts/:id?`
   * @param View its class. One that is made for another path (`extends LiveView<"/other/:path">`) does not
   *   compile
   * @throws TypeError if it is no class of a view
   * @example app.live("/posts/:id", PostView);
   */
  live<const Path extends string, Made extends string, V extends LiveView<Made>>(
    path: Path,
    View: ViewClass<Made> & (new () => V) & Fits<Path, Made> & Guarded<V>,
    options: LiveOptions = {},
  ): this {
    checkLive(path, View);
    const { services, layout = defaultLayout } = this.#parts;
    const at = path.startsWith("/") ? path : `/${path}`;
    const place = { services, layout, liveSession: this.#liveSessions.current, routes: this.#routes };
    const route = new LiveRoute(at, View as unknown as ViewClass, options, place);
    this.#routes.add(route);
    this.#parts.services.disconnects.listen();
    this.#parts.services.rechecks.listen();
    this.get(at, route.handle);
    return this;
  }

  /**
   * Groups live routes among which a page navigates over its socket, without being loaded anew. A page of
   * another group is loaded: through middleware, with the layout and the session of that.
   *
   * `onMount` runs before every view of the group, at the request for a page and at every join. It is the
   * place to ask who may see it.
   * @throws Error inside of another one, or under a name that is taken
   * @example
   * app.liveSession({ onMount: requireUser, layout: adminLayout }, (app) => {
   *   app.live("/admin", Dashboard);
   *   app.live("/admin/users/:id", EditUser);
   * });
   */
  liveSession(options: LiveSessionOptions, define: (app: this) => void): this {
    const write = "app.liveSession({ onMount }, (app) => { app.live(path, View); })";
    checkFunction(define, "What defines the routes of a live session", write);
    this.#liveSessions.define(options, () => define(this));
    return this;
  }

  /**
   * Sends a message to all who subscribe to a topic, on all nodes: from a job, a webhook, or any handler.
   * @example app.publish(posts, post);
   */
  publish<T>(topic: Topic<T> | string, message: T): void {
    this.#parts.services.pubsub.publish(topicName(topic as Topic<never>), message);
  }

  /** Gets the changes of a presence, of all nodes and in order. */
  subscribe<Meta extends object, Extra extends object>(
    presence: Presence<Meta, Extra>,
    handler: (diff: PresenceDiff<Meta, Extra>) => unknown,
  ): () => void;
  /**
   * Gets messages on a topic. An error of the handler is reported, and ends nothing.
   * @returns a function that ends the subscription
   * @example const stop = app.subscribe(posts, (post) => index.add(post));
   */
  subscribe<T>(topic: Topic<T> | string, handler: (message: T) => unknown): () => void;
  subscribe(topic: Topic<never> | string | AnyPresence, handler: (message: never) => unknown): () => void {
    return this.#parts.messages.subscribe(topic, handler);
  }

  /**
   * Everyone who is there, on all nodes: for jobs, webhooks and handlers that are no views.
   * @example app.present(lobby).list();
   */
  present<Meta extends object, Extra extends object>(presence: Presence<Meta, Extra>): Present<Meta, Extra> {
    return this.#parts.messages.present(presence) as Present<object> as Present<Meta, Extra>;
  }

  /**
   * The nonce with which the page's policy allows inline scripts and styles of this answer, for handlers that are not views;
   * a layout gets it as `nonce`.
   * @example
   * app.get("/about", (c) => c.html(`<style nonce="${app.nonce(c)}">…</style>`));
   */
  nonce(c: Context): string {
    return this.#parts.services.responseHeaders.nonce(c.req.raw);
  }

  /**
   * Sends a message to the page that the user sees next, live or not: for handlers that redirect there.
   * @param kind `info` and `error` are the usual ones
   * @throws RangeError if it does not fit in a cookie
   * @example
   * app.post("/login", async (c) => {
   *   await app.setSession(c, { userId: 7 });
   *   app.putFlash(c, "info", "Welcome back!");
   *   return c.redirect("/");
   * });
   */
  putFlash(c: Context, kind: string, message: string): void {
    this.#parts.services.flashCookies.put(c, kind, message);
  }

  /** Messages for the page that is answered now, for handlers that are not views. No other page gets them. */
  getFlash(c: Context): Flash {
    return this.#parts.services.flashCookies.take(c);
  }

  /**
   * An environment for tests: its function gets errors of handlers and views that become a 5xx answer.
   * @param env other values for handlers, such as {@link withSession}
   * @param least status of an answer that it is told of: 400 for refusals and missing pages too
   * @example
   * const errors: Error[] = [];
   * await app.request("/", {}, app.withErrors((error) => errors.push(error)));
   */
  withErrors(failed: (error: Error) => void, env?: object, least = 500): object {
    const told = (error: Error, status: number) => void (status >= least && failed(error));
    return { ...env, [ENV_ON_ERROR]: told } satisfies OverwireEnv;
  }

  /** Tells if `createApp` was given a function for the session, so that {@link setSession} has no cookie to write. */
  get ownsSession(): boolean {
    return this.#parts.services.sessions.isOwn;
  }

  /** Tells if a handshake with these headers, for this URL, may open a socket. */
  acceptsOrigin(headers: Headers, url = "http:"): boolean {
    return this.#parts.acceptsOrigin(headers, url);
  }

  /** Takes a socket that a transport has opened, after {@link acceptsOrigin}. */
  connect(upgrade: Upgrade, peer: Peer): ClientSocket {
    this.#parts.services.disconnects.listen();
    this.#parts.services.rechecks.listen();
    this.#parts.services.sessionTickets.listen();
    this.#parts.sessionTimes.listen();
    this.#parts.messages.open();
    return this.#parts.connect(this as unknown as OverwireApp, upgrade, peer);
  }

  /**
   * Finds or mounts the view that a client wants to join; a promise only if it has to be mounted.
   * @param children the nested views of the connection
   * @param pending its signal is aborted when the client does not want the view any more; the reason is an `EndReason`
   */
  join(
    request: JoinRequest,
    upgrade: Upgrade,
    children?: ConnectionChildren,
    pending?: { readonly signal: AbortSignal },
  ): JoinResult | Promise<JoinResult> {
    return join(request, upgrade, {
      services: this.#parts.services,
      routes: this.#routes,
      liveSessions: this.#liveSessions,
      fetch: upgrade.fetch ?? this.fetch,
      children,
      pending,
    });
  }

  /** Asks the middleware if a live patch may lead a socket's client to a URL of a view. */
  mayPatch(url: URL, View: ViewClass, upgrade: Upgrade): Promise<boolean> {
    return mayPatch(url, View, upgrade, upgrade.fetch ?? this.fetch);
  }

  /** Asks the guards of a view again, as its client. */
  askAgain(viewProcess: ViewProcess, upgrade: Upgrade): Promise<RefusedView | undefined> {
    return askAgain(viewProcess, upgrade, { fetch: upgrade.fetch ?? this.fetch });
  }

  /** Tells if the owner of a view has been disconnected since it was made. */
  isDisconnected(owner: ViewOwner, resumed = false): boolean {
    if (owner.times && owner.times.ends <= Date.now()) return true;
    return !resumed && this.#parts.services.disconnects.concerns(owner);
  }

  /** Owner by the cookies that opened a socket. */
  visitor({ headers }: Upgrade): string | undefined {
    return this.#parts.services.sessions.visitors.read(headers.get("cookie"));
  }

  /** Changes the session of a socket's page. */
  changeSession(
    upgrade: Upgrade,
    ...change: Parameters<SessionClient["changeSession"]>
  ): Promise<SessionChange> {
    return changeSession(this.#parts.services, upgrade, ...change);
  }

  /** Has a socket's page fetch its cookie once more. */
  renewSession(upgrade: Upgrade, offer: (offer: SessionOffer) => void): Promise<SessionChange | undefined> {
    const { services } = this.#parts;
    return services.sessions.store ? Promise.resolve(undefined) : renewSession(services, upgrade, offer);
  }

  /** The time of sessions with sockets. */
  get sessionClock(): SessionClock {
    return this.#parts.services.sessionClock;
  }

  /** A page says that it has fetched the session of a ticket, or cannot. */
  sessionFetched(ticket: string): void {
    this.#parts.services.sessionTickets.fetched(ticket);
  }

  /** Limits of the memory and time that clients can use. */
  get limits(): Limits {
    return this.#parts.services.limits;
  }

  /** Receives crashes, refusals and warnings. */
  get report(): (report: Report) => void {
    return this.#parts.services.report;
  }

  /**
   * Ends all views, sockets and subscriptions. The app itself can go on: clients that come back mount their views anew.
   * @returns a promise of the end of connections to other nodes
   */
  close(): Promise<void> {
    this.#parts.services.waitingViews.close();
    this.#parts.services.resumableViews.close();
    this.#parts.connections.shutdown();
    this.#parts.services.presences.close();
    this.#parts.services.disconnects.close();
    this.#parts.services.rechecks.close();
    this.#parts.services.sessionTickets.close();
    this.#parts.sessionTimes.close();
    return this.#parts.messages.close();
  }
}
