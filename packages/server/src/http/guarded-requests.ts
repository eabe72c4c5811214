/** Guards as middleware: the app behind a request, and the guards that have let it through. */
import type { Context, Next } from "hono";
import { asks, type Guard, parts, type Refusal } from "../view/guard.ts";
import type { Params } from "../view/navigation/params.ts";
import { ENV_BASE, ENV_JOIN, ENV_SESSION, type OverwireEnv } from "./env.ts";
import type { FlashCookies } from "./flash-cookie.ts";
import type { ResponseHeaders } from "./response-headers.ts";
import type { ReturnTo } from "./return-to.ts";
import type { Sessions } from "./session.ts";

/** Services of an app that its guards need. */
export interface GuardServices {
  readonly sessions: Sessions;
  readonly flashCookies: FlashCookies;
  readonly responseHeaders: ResponseHeaders;
  readonly returnTo: ReturnTo;
}

/** A guard that stands before no app. */
class GuardPlaceError extends Error {
  get code(): "guard_without_app" {
    return "guard_without_app";
  }
}

class GuardedRequests {
  /** There is a guard: before, no request is remembered. */
  isUsed = false;
  readonly #apps = new WeakMap<Request, GuardServices>();
  readonly #passed = new WeakMap<Request, object[]>();

  /** The app that answers a request. */
  enter(request: Request, app: GuardServices): void {
    if (this.isUsed) this.#apps.set(request, app);
  }

  /** The guards that have let a request through. */
  passed(request: Request): readonly object[] | undefined {
    return this.isUsed ? this.#passed.get(request) : undefined;
  }

  /** A guard's middleware. */
  async pass(c: Context, guard: Guard, next: Next): Promise<Response | undefined> {
    const { raw } = c.req;
    const app = this.#apps.get(raw);
    if (!app)
      throw new GuardPlaceError(
        "A guard got a request that did not come to an app of createApp. Let app.use(path, guard) of that app have it, before middleware that replaces c.req.raw.",
      );
    const own = (c.env as OverwireEnv | undefined)?.[ENV_SESSION]?.session ?? (await app.sessions.read(c));
    // Also for a user without a session: others get another answer.
    app.responseHeaders.guarded(raw);
    // Hono types them by a path, which is not known of a guard.
    const params = c.req.param() as unknown as Params;
    const refusal = await guard[asks](own, { params, context: {}, request: c });
    if (refusal) return refuse(c, refusal, app);
    const passed = this.#passed.get(raw);
    if (passed) passed.push(...guard[parts]);
    else this.#passed.set(raw, [...guard[parts]]);
    await next();
    return undefined;
  }
}

/** One for all apps: a guard stands before any of them. */
export const guardedRequests = new GuardedRequests();

/** @throws the error, if the refusal is one */
function refuse(c: Context, { to, flash, error }: Refusal, app: GuardServices): Response {
  if (error || to === undefined) throw error;
  const url = new URL(c.req.url);
  const base = (c.env as OverwireEnv | undefined)?.[ENV_BASE] ?? "";
  if (to.split(/[?#]/, 1)[0] === base + url.pathname)
    throw new Error(`A guard sends ${to} to itself: let that page stand outside of what the guard protects.`);
  const path = base + url.pathname + url.search;
  const isJoin = (c.env as OverwireEnv | undefined)?.[ENV_JOIN] !== undefined;
  const returnTo = isPage(c) ? path : undefined;
  if (isJoin)
    app.flashCookies.carry(c, flash, returnTo && app.returnTo.seal(returnTo, app.sessions.ensureVisitor(c)));
  else {
    for (const [kind, message] of Object.entries(flash ?? {}))
      if (message) app.flashCookies.put(c, kind, message);
    if (returnTo !== undefined) app.returnTo.keep(c, returnTo);
  }
  return c.redirect(to);
}

/** Tells a page from what a page fetches: browsers say so, other clients say nothing. */
const isPage = ({ req }: Context): boolean =>
  req.method === "GET" && /^(document|)$/.test(req.header("sec-fetch-dest") ?? "");
