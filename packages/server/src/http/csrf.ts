/** Protection against forged requests: an unsafe request that a page of another origin made the browser send is refused. */
import { TrieRouter } from "hono/router/trie-router";
import type { Report } from "../runtime/services.ts";
import { isProduction } from "../template/mode.ts";
import { bearerOf } from "./authorization.ts";
import { invalidOption } from "./invalid-option.ts";
import { type CheckOrigin, createTrust, isOwnOrigin } from "./origin.ts";
import { hostOf, type TrustProxy } from "./proxy-headers.ts";

/** Options of the protection against forged requests. */
export interface CsrfOptions {
  /**
   * Paths in Hono's syntax (`"/webhooks/*"`) that take requests from pages of any origin. Only for handlers that do not
   * act for the user whose cookies come along: webhooks, APIs that ask for a bearer token.
   */
  readonly exempt?: readonly string[] | undefined;
}

/** Recognises methods that must not change anything, so that forging them gains nothing. */
export const isSafe = (method: string): boolean =>
  method === "GET" || method === "HEAD" || method === "OPTIONS";

/** Options and services of the app that matter here. */
export interface CsrfPlace {
  readonly checkOrigin?: CheckOrigin | undefined;
  readonly trustProxy?: TrustProxy;
  readonly report: (report: Report) => void;
}

/** Reports of one minute; beyond it they are counted only. */
const MAX_REPORTS = 20;
const MINUTE = 60_000;

const forUsers =
  "This request came from a page of another site and was refused, to protect you. If you meant it, open this site itself and try again.";

const forAuthors =
  'If it is the app\'s own page, a proxy in front hides the host that the browser asked for: let it pass "host" on, or set "x-forwarded-host" and createApp({ trustProxy: true }). If such pages may send it, add their origin to createApp({ checkOrigin: [...] }); if the path does not rely on cookies, exempt it: createApp({ csrf: { exempt: ["/webhooks/*"] } }).';

/**
 * Judges as browsers tell: by `sec-fetch-site`, which no page can forge, else by `origin`, which browsers send with every
 * unsafe request since 2020. A request with neither is not from a browser that runs the client, so no page made it and no
 * user's cookies came along by themselves: curl, servers and tests pass, as in Go's `http.CrossOriginProtection`.
 */
export class CsrfProtection {
  readonly #isOff: boolean;
  readonly #exempt = new TrieRouter<true>();
  readonly #place: CsrfPlace;
  readonly #trusts: (origin: string, headers: Headers) => boolean;
  #since = 0;
  #reported = 0;

  /** @throws TypeError if the exempt paths are no list; Error if one does not begin with a slash */
  constructor(option: CsrfOptions | boolean = true, place: CsrfPlace) {
    this.#isOff = option === false;
    this.#place = place;
    this.#trusts = createTrust(place.checkOrigin);
    const exempt: unknown = (typeof option === "object" && option.exempt) || [];
    if (!Array.isArray(exempt)) {
      throw invalidOption(
        `csrf.exempt takes a list of paths, such as ["/webhooks/*"], but got ${JSON.stringify(exempt)}.`,
      );
    }
    for (const path of exempt) {
      if (typeof path !== "string" || !path.startsWith("/"))
        throw invalidOption(`csrf.exempt takes paths like "/webhooks/*", but got ${JSON.stringify(path)}.`);
      this.#exempt.add("ALL", path, true);
    }
  }

  /**
   * @param path below the app
   * @param secure the request came by https
   * @returns why the request is refused, for the user; undefined if it may pass
   */
  refusal(request: Request, path: string, secure: boolean): string | undefined {
    if (this.#isOff || isSafe(request.method)) return undefined;
    const { headers } = request;
    const site = headers.get("sec-fetch-site");
    const origin = headers.get("origin");
    if (site === null && origin === null) return undefined;
    if (site === "same-origin" || site === "none") return undefined;
    // No browser adds a token by itself, and without cookies the request acts for no user but the token's.
    if (!headers.has("cookie") && bearerOf(headers) !== undefined) return undefined;
    if (
      origin !== null &&
      ((site === null && this.#isOwn(origin, request, secure)) || this.#trusts(origin, headers))
    )
      return undefined;
    if (this.#exempt.match(request.method, path)[0].length > 0) return undefined;
    const sender = `a page of ${origin === null ? "another site" : JSON.stringify(origin.slice(0, 200))}`;
    const message = `${sender} sent ${request.method} ${path.slice(0, 200)}${site === null ? "" : ` (sec-fetch-site: ${site.slice(0, 20)})`}. ${forAuthors}`;
    this.#report(message);
    return isProduction() ? forUsers : `${forUsers} For the developer: ${message}`;
  }

  #isOwn(origin: string, { headers, url }: Request, secure: boolean): boolean {
    return isOwnOrigin(origin, hostOf(headers, this.#place.trustProxy) ?? new URL(url).host, secure);
  }

  #report(message: string): void {
    const now = Date.now();
    let more = "";
    if (now - this.#since >= MINUTE) {
      if (this.#reported > MAX_REPORTS)
        more = ` (${this.#reported - MAX_REPORTS} more before were not reported)`;
      this.#since = now;
      this.#reported = 0;
    }
    if (++this.#reported <= MAX_REPORTS)
      this.#place.report({ kind: "refused", event: "csrf", message: message + more });
  }
}
