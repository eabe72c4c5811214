/** The app that authors hold: a Hono app with live routes, its client, and its socket. */
import { type Context, type Env, Hono } from "hono";
import type { BlankEnv } from "hono/types";
import type { Limits, Report } from "../process/services.ts";
import type { Session } from "../view/host.ts";
import type { ViewClass } from "../view/live-view.ts";
import { SOCKET_PATH } from "../wire/keys.ts";
import type { JoinRequest } from "../wire/messages.ts";
import { isClientPath, serveClient } from "./client-script.ts";
import { type Joined, join } from "./join.ts";
import { defaultLayout, type Layout } from "./layout.ts";
import { type LiveOptions, LiveRoute, type LiveServices } from "./live-route.ts";
import { type MarkedEnv, PASSING, SESSION, UPGRADING, type Upgrading } from "./marks.ts";
import { isTold, statusOf } from "./mount-error.ts";
import type { ClientSocket, Peer, Upgrade } from "./socket.ts";

const OWN_ROUTES = SOCKET_PATH.replace(/[^/]+$/, "*");

/** What an app is made of; put together by `createApp`. */
export interface AppParts {
  readonly services: LiveServices;
  readonly layout: Layout | undefined;
  readonly acceptsOrigin: (headers: Headers) => boolean;
  /** Makes the app's side of a socket. */
  readonly connect: (app: OverwireApp, upgrade: Upgrade, peer: Peer) => ClientSocket;
  /** Ends all sockets. */
  readonly disconnect: () => void;
}

/** Whether a view that was made for a path may be served at another: only if it was made for none. */
type Fits<Path extends string, Made extends string> = string extends Made
  ? unknown
  : [Path, Made] extends [Made, Path]
    ? unknown
    : { readonly "this view is made for the path": Made };

/**
 * A Hono app with live views. Everything Hono has works: middleware, other routes, `app.request()`, mounting it into
 * another Hono app with `route()`. Made by `createApp`.
 */
export class OverwireApp<E extends Env = BlankEnv> extends Hono<E> {
  readonly #parts: AppParts;

  constructor(parts: AppParts) {
    super();
    this.#parts = parts;
    const { report } = parts.services;
    // First of all routes, so that no middleware of the app stands between a page and its client. And one route only:
    // beside a pattern for the client's name Hono would take its slower router for all of the app.
    this.get(OWN_ROUTES, (c, next) => {
      if (c.req.path.endsWith(SOCKET_PATH)) return this.#answerSocketPath(c);
      return isClientPath(c.req.path) ? serveClient(c) : next();
    });
    // Hono's own handler prints what it gets; here all trouble goes through one reporter.
    this.onError((error, c) => {
      if (statusOf(error) !== undefined && "getResponse" in error) {
        const response = (error as unknown as { getResponse(): Response }).getResponse();
        return c.newResponse(response.body, response);
      }
      if (!isTold(error))
        report({ kind: "crash", event: `${c.req.method} ${c.req.path}`, message: error.message, error });
      return c.text("Internal Server Error", 500);
    });
    const notFound = this.notFound;
    this.notFound = (handler) =>
      notFound((c) => {
        const passing = (c.env as MarkedEnv | undefined)?.[PASSING];
        if (passing) passing.missed = true;
        return handler(c);
      });
    this.notFound((c) => c.text("404 Not Found", 404));
  }

  #answerSocketPath(c: Context): Response {
    const upgrading = (c.env as MarkedEnv | undefined)?.[UPGRADING] as Upgrading<OverwireApp> | undefined;
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
   * @param View its class. One that is made for another path (`extends LiveView<"/other/:path">`) does not compile
   * @example app.live("/posts/:id", PostView);
   */
  live<const Path extends string, Made extends string>(
    path: Path,
    View: ViewClass<Made> & Fits<Path, Made>,
    options: LiveOptions = {},
  ): this {
    const { services, layout = defaultLayout } = this.#parts;
    const at = path.startsWith("/") ? path : `/${path}`;
    const route = new LiveRoute(at, View as unknown as ViewClass, layout, options, services);
    this.get(at, route.handle);
    return this;
  }

  /** The session of a request, for handlers that are not views. */
  async getSession(c: Context): Promise<Readonly<Session>> {
    return this.#parts.services.sessions.read(c);
  }

  /**
   * Sets the session, in a cookie that only the app can read. The visitor gets a new id: pages that are open join again
   * by loading anew, and a session that somebody planted before is worth nothing.
   * @throws RangeError if it does not fit in a cookie
   * @example
   * app.post("/login", async (c) => {
   *   await app.setSession(c, { userId: 7 });
   *   return c.redirect("/");
   * });
   */
  async setSession(c: Context, data: Session): Promise<void> {
    await this.#parts.services.sessions.write(c, data);
  }

  /**
   * An environment in which views find this session, for tests: `app.request("/", {}, app.withSession({ userId: 7 }))`.
   * A socket that joins from such a page needs it as `env` of its {@link Upgrade}.
   */
  withSession(session: Session): object {
    return { [SESSION]: session } satisfies MarkedEnv;
  }

  /** Whether a handshake with these headers may open a socket. */
  acceptsOrigin(headers: Headers): boolean {
    return this.#parts.acceptsOrigin(headers);
  }

  /** Takes a socket that a transport has opened, after {@link acceptsOrigin}. */
  connect(upgrade: Upgrade, peer: Peer): ClientSocket {
    return this.#parts.connect(this as unknown as OverwireApp, upgrade, peer);
  }

  /** Finds or mounts the view that a client wants to join; a promise only where it has to be mounted. */
  join(request: JoinRequest, upgrade: Upgrade): Joined | Promise<Joined> {
    return join(request, upgrade, this.#parts.services, upgrade.fetch ?? this.fetch);
  }

  /** Bounds on what clients can make the server hold. */
  get limits(): Limits {
    return this.#parts.services.limits;
  }

  /** Where trouble is told. */
  get report(): (report: Report) => void {
    return this.#parts.services.report;
  }

  /** Ends all views and sockets. The app itself can go on: who comes back mounts anew. */
  close(): void {
    this.#parts.services.registry.close();
    this.#parts.disconnect();
  }
}
