/** Protection of all handlers of an app: forged requests are refused, answers get their headers. */
import type { Env, Hono, MiddlewareHandler } from "hono";
import type { JoinServices } from "../connection/join.ts";
import { rememberAddress } from "../http/client-address.ts";
import { type CsrfProtection, isSafe } from "../http/csrf.ts";
import { ENV_JOIN, ENV_UPGRADE, type OverwireEnv } from "../http/env.ts";
import type { ErrorPages } from "../http/error-page.ts";
import { Forbidden } from "../http/errors.ts";
import { guardedRequests } from "../http/guarded-requests.ts";
import { OwnRoutes } from "./own-routes.ts";

/** Parts of the app that protect it. */
interface ProtectionParts {
  readonly csrf: CsrfProtection;
  readonly services: JoinServices;
  readonly pages: ErrorPages;
}

/** Recognises requests whose answers go to no browser: of a join, and of a handshake. */
function isJoin(env: unknown): boolean {
  const { [ENV_JOIN]: join, [ENV_UPGRADE]: upgrade } = (env ?? {}) as OverwireEnv;
  return (join ?? upgrade) !== undefined;
}

/**
 * Protects all handlers, whatever their method: not as a middleware of the router, which would take the short way from
 * every page, but around `fetch`. Only where another Hono app mounts this one, which copies `routes`, it is a middleware.
 */
export function protect<E extends Env>(app: Hono<E>, { csrf, services, pages }: ProtectionParts): void {
  const { responseHeaders, sessions } = services;
  const refuse = (request: Request, path: string, env: unknown): Response | undefined => {
    const reason = csrf.refusal(request, path, sessions.isSecure(request));
    if (reason === undefined) return undefined;
    pages.note(env, () => new Forbidden(reason));
    return pages.refuse(request, 403, reason);
  };

  const dispatch = app.fetch;
  app.fetch = (request, env, executionCtx) => {
    rememberAddress(request, services.addressOf);
    guardedRequests.enter(request, services);
    if (isJoin(env)) return dispatch(request, env, executionCtx);
    const refused = isSafe(request.method) ? undefined : refuse(request, app.getPath(request), env);
    const answer = refused ?? dispatch(request, env, executionCtx);
    return answer instanceof Promise
      ? answer.then((response) => responseHeaders.complete(request, response))
      : responseHeaders.complete(request, answer);
  };

  const own = new OwnRoutes(app);
  const handler: MiddlewareHandler = async (c, next) => {
    const { raw } = c.req;
    rememberAddress(raw, services.addressOf);
    if (!own.answer(c)) return next();
    guardedRequests.enter(raw, services);
    if (isJoin(c.env)) return next();
    const refused = refuse(raw, own.pathBelow(c), c.env);
    if (refused) return responseHeaders.complete(raw, refused);
    await next();
    c.res = responseHeaders.complete(raw, c.res);
  };
  app.routes.push({ basePath: "/", path: "/*", method: "ALL", handler });
}
