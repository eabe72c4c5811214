/** Requests for a page on behalf of its client: through all middleware, with the cookies of its handshake. */
import { FLASH_COOKIE, type JoinRequest, type Navigation } from "@overwire/client/wire";
import { readCookie } from "../http/cookies.ts";
import { ENV_BASE, ENV_JOIN, type JoinAttempt } from "../http/env.ts";
import { ownPath } from "../view/navigation/navigation.ts";
import type { EndReason } from "../view/view-host.ts";
import type { Upgrade } from "./transport.ts";

/** The app as a function from requests to responses. */
export type AppFetch = (request: Request, env: object) => Response | Promise<Response>;

/** The app, outermost first, and the signal of a client that has gone. */
export interface RequestPlace {
  readonly fetch: AppFetch;
  readonly pending?: { readonly signal: AbortSignal } | undefined;
}

/** Headers that describe the handshake and not the user. */
const ofHandshake = /^(connection|upgrade|sec-websocket-.*|content-length|transfer-encoding)$/;

/** Replaces the page's host, which is not known. */
const LOCAL = "http://localhost";

/** Makes the request that a join stands for. */
export async function requestJoin(
  joining: JoinAttempt,
  { pathname, search, base }: { pathname: string; search: string; base: string },
  upgrade: Upgrade,
  { fetch, pending }: RequestPlace,
): Promise<Response> {
  const target = new URL(upgrade.url).origin + (pathname.slice(base.length) || "/") + search;
  const signal = pending?.signal;
  const headers = headersOfPerson(upgrade.headers);
  const request = new Request(target, signal ? { headers, signal } : { headers });
  signal?.addEventListener("abort", () => joining.mounting?.end(signal.reason as EndReason), { once: true });
  try {
    return await fetch(request, { ...upgrade.env, [ENV_JOIN]: joining, ...(base && { [ENV_BASE]: base }) });
  } catch (error) {
    joining.error ??= error;
    return new Response(null, { status: 500 });
  }
}

/** Redirect of the middleware. Its flash goes along as it would in a browser's cookie. */
export function redirection(
  response: Response,
  request: Pick<JoinRequest, "url" | "flash">,
): Navigation | undefined {
  const location = response.headers.get("location");
  if (response.status < 300 || response.status > 399 || location === null) return undefined;
  const to = resolveLocation(location, request.url);
  if (to === undefined) return undefined;
  const put = response.headers.getSetCookie().map((cookie) => readCookie(cookie, FLASH_COOKIE));
  const flash = put.findLast(Boolean) ?? request.flash;
  return flash ? ["redirect", to, 0, flash] : ["redirect", to, 0];
}

/**
 * Target of a `location` header: an absolute URL if it is written as one, else a path of the page's own host, which the
 * page knows and this side may not.
 * @returns undefined if a browser would read it differently: the page is loaded then, and the browser follows it
 */
export function resolveLocation(location: string, from: string): string | undefined {
  if (/[\0-\x20\x7f\\]/.test(location)) return undefined;
  if (/^https?:\/\/[^/]/i.test(location)) return URL.canParse(location) ? new URL(location).href : undefined;
  const page = ownPath(from);
  if (!page || location.startsWith("//") || /^[^/?#]*:/.test(location)) return undefined;
  const { pathname = "" } = ownPath(location, LOCAL + page.pathname + page.search) ?? {};
  if (!pathname) return undefined;
  const { search, hash } = new URL(location, LOCAL + page.pathname + page.search);
  return pathname + search + hash;
}

function headersOfPerson(headers: Headers): Headers {
  const own = new Headers();
  for (const [name, value] of headers) if (!ofHandshake.test(name)) own.append(name, value);
  return own;
}
