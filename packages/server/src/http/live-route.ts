/** One live route: a request becomes a view process, and that a page, or the view of a join that came this way. */
import type { Context } from "hono";
import { matchedRoutes } from "hono/route";
import type { Registry } from "../process/registry.ts";
import type { Services } from "../process/services.ts";
import { ViewProcess } from "../process/view-process.ts";
import { escapeHtml } from "../template/escape.ts";
import { raw } from "../template/raw.ts";
import { renderToHtml } from "../template/render.ts";
import type { Session, ViewContext } from "../view/host.ts";
import type { ViewClass } from "../view/live-view.ts";
import type { Params } from "../view/params.ts";
import { ATTR_SOCKET, ATTR_TOKEN, SOCKET_PATH } from "../wire/keys.ts";
import { clientPath } from "./client-script.ts";
import type { Layout } from "./layout.ts";
import { BASE, JOINING, type Joining, type MarkedEnv, SESSION } from "./marks.ts";
import { tell } from "./mount-error.ts";
import { decodeFields, TooManyFields } from "./query.ts";
import type { Sessions } from "./session.ts";
import type { Signer } from "./token.ts";
import { isSecure, newVisitor, visitorCookie } from "./visitor.ts";

/** What the routes of an app share. */
export interface LiveServices extends Services {
  readonly registry: Registry;
  readonly sessions: Sessions;
  /** Signs what {@link PageToken} says, bound to the visitor. */
  readonly pages: Signer;
}

/** What a page's token says: the process that waits for it, and the route it came by. */
export type PageToken = readonly [process: string, route: string];

/** What a route may have of its own. */
export interface LiveOptions {
  /** Title of the page for a view that sets no `pageTitle`. */
  readonly title?: string | undefined;
  /** In place of the app's layout. */
  readonly layout?: Layout | undefined;
  /** Params that the view gets beside those of path and query, which they overrule. */
  readonly params?: Params | undefined;
}

const context: ViewContext = Object.freeze({});
const parts = (path: string) => path.split("/").filter(Boolean);

export class LiveRoute {
  readonly path: string;
  readonly #View: ViewClass;
  readonly #layout: Layout;
  readonly #options: LiveOptions;
  readonly #services: LiveServices;

  constructor(path: string, View: ViewClass, layout: Layout, options: LiveOptions, services: LiveServices) {
    this.path = path;
    this.#View = View;
    this.#layout = options.layout ?? layout;
    this.#options = options;
    this.#services = services;
  }

  /** Hono's handler. A promise only where the session or the view needs one: most pages are made without a pause. */
  readonly handle = (c: Context): Response | Promise<Response> => {
    const joining = (c.env as MarkedEnv | undefined)?.[JOINING];
    if (joining && joining.route !== this.path) {
      joining.astray = true;
      return new Response(null, { status: 204 });
    }
    try {
      const session = (c.env as MarkedEnv | undefined)?.[SESSION] ?? this.#services.sessions.read(c);
      if (!(session instanceof Promise)) return this.#start(c, session, joining);
      return session
        .then((session) => this.#start(c, session, joining))
        .catch((error) => this.#fail(error, joining));
    } catch (error) {
      return this.#fail(error, joining);
    }
  };

  #start(c: Context, session: Session, joining: Joining | undefined): Response | Promise<Response> {
    const base = this.#base(c);
    const url = new URL(c.req.url);
    const outer = (c.env as MarkedEnv | undefined)?.[BASE];
    if (outer) url.pathname = outer + (url.pathname === "/" ? "" : url.pathname);
    const params = readParams(c, url, this.#options.params);
    if (!params) return c.text(`The query string has ${new TooManyFields().message}.`, 400);
    const process = new ViewProcess({ View: this.#View, url, params, session, context }, this.#services);
    const started = process.start();
    const answer = joining ? () => accept(joining, process) : () => this.#paint(c, process, url, base);
    return started ? started.then(answer).catch((error) => this.#fail(error, joining)) : answer();
  }

  #fail(error: unknown, joining: Joining | undefined): never {
    const thrown = tell(this.#services.report, error, this.#View.name, "mount");
    if (joining) joining.error = thrown;
    throw thrown;
  }

  /** The path below which the app is mounted, as the browser sees it. */
  #base(c: Context): string {
    const outer = (c.env as MarkedEnv | undefined)?.[BASE] ?? "";
    const matched = matchedRoutes(c)[c.req.routeIndex]?.path ?? this.path;
    if (matched === this.path) return outer;
    const pattern = (this.path === "/" ? matched : matched.slice(0, -this.path.length)).replace(/\/$/, "");
    if (!/[:*{]/.test(pattern)) return outer + pattern;
    const pathname = parts(new URL(c.req.url).pathname).slice(0, parts(pattern).length);
    return `${outer}/${pathname.join("/")}`;
  }

  #paint(c: Context, process: ViewProcess, url: URL, base: string): Response {
    try {
      const { sessions, pages, registry, limits } = this.#services;
      const known = sessions.visitor(c, c.req.header("cookie"));
      const visitor = known ?? newVisitor();
      const token = pages.sign([process.id, this.path] satisfies PageToken, limits.tokenAge, visitor);
      const at = base && escapeHtml(base);
      const page = renderToHtml(
        this.#layout({
          children: raw(
            `<div id="ow-${process.id.slice(0, 8)}" ${ATTR_TOKEN}="${token}" ${ATTR_SOCKET}="${at}${SOCKET_PATH}">${process.html()}</div>`,
          ),
          head: raw(`<script defer src="${at}${clientPath()}"></script>`),
          title: process.title ?? this.#options.title,
          url,
          view: this.#View.name,
        }),
      );
      // Who asks for the head only will not come back for the view.
      if (c.req.method === "HEAD") process.end("unclaimed");
      else registry.wait(process);
      return respond(c, page, known === undefined ? visitorCookie(visitor, isSecure(c)) : undefined);
    } catch (error) {
      process.end("crashed");
      throw tell(this.#services.report, error, this.#View.name, "first paint");
    }
  }
}

function accept(joining: Joining, process: ViewProcess): Response {
  joining.process = process;
  return new Response(null, { status: 204 });
}

/** Params of the query string, overruled by those of the path, and by `more`; undefined if there are too many. */
function readParams(c: Context, url: URL, more: Params | undefined): Params | undefined {
  const params = c.req.param() as unknown as Params;
  if (url.search === "") return more ? { ...params, ...more } : params;
  try {
    return { ...decodeFields(url.search.slice(1)), ...params, ...more };
  } catch (error) {
    if (error instanceof TooManyFields) return undefined;
    throw error;
  }
}

function respond(c: Context, page: string, cookie: string | undefined): Response {
  const headers: Record<string, string> = {
    "content-type": "text/html; charset=UTF-8",
    "cache-control": "private, no-cache",
  };
  // Where no middleware can have set headers before, they go out as they are: Hono's own way makes a Headers of them,
  // which costs more than all the rest of the answer.
  if (matchedRoutes(c).length === 1) {
    if (cookie) headers["set-cookie"] = cookie;
    return new Response(page, { headers });
  }
  if (cookie) c.header("set-cookie", cookie, { append: true });
  return c.body(page, 200, headers);
}
