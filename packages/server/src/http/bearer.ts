/** Bearer tokens of JSON APIs: middleware that lets in who has a valid one, and tells the others why not. */
import type { Context, MiddlewareHandler } from "hono";
import { isPromiseLike } from "../view/chain.ts";
import { checkFunction } from "../view/check-arguments.ts";
import { HttpError, phraseOf, Unauthorized } from "./errors.ts";
import { statusOf } from "./report-once.ts";
import type { VerifiedToken } from "./token.ts";

/** Reason in the body of a 401 answer. */
export type BearerError = "missing_token" | "invalid_token" | "expired_token";

/** Throw it in `verify` of {@link bearer} for a token that was genuine; its owner may fetch a new one. */
export class ExpiredToken extends Unauthorized {
  constructor(message: string = sentences.expired_token, options?: ErrorOptions) {
    super(message, options);
  }
}

/** Result of `verify`: falsy for a token that is not valid. */
type Verdict = VerifiedToken<unknown> | object | string | number | bigint | boolean | null | undefined | void;

/** Value of `c.get("bearer")`: the data of {@link verifyToken}, or what else `verify` has returned for a valid token. */
export type BearerOf<Result> =
  Exclude<Result, false | null | undefined | void> extends infer Valid
    ? Valid extends { readonly ok: boolean }
      ? Valid extends { readonly ok: true; readonly data: infer Data }
        ? Data
        : never
      : Valid
    : never;

/** Middleware of {@link bearer}. */
export interface Bearer<T> extends MiddlewareHandler<{ Variables: { bearer: T } }> {
  /**
   * The result of `verify`, typed, for handlers that stand apart from the middleware.
   * @throws Error if the middleware does not stand before the handler
   * @example app.get("/api/me", (c) => c.json(api.of(c)));
   */
  of(c: Context): T;
}

/** Options of {@link bearer}. */
export interface BearerOptions {
  /** Names the API in `www-authenticate`. Default `api`. */
  readonly realm?: string | undefined;
}

const sentences = {
  missing_token: 'Send a token in the header "authorization: Bearer <token>".',
  invalid_token: "The token is not valid.",
  expired_token: "The token has expired.",
} as const satisfies Record<BearerError, string>;

/** As RFC 6750 writes tokens. */
const shape = /^[\w.~+/-]+=*$/;

const IN_URL = "Tokens in a URL are not read: they would stand in logs and histories.";

/**
 * Makes middleware for APIs whose clients have a token, `authorization: Bearer <token>`. A request without a valid one is answered
 * with 401 and `{ error, message }`, in which `error` is `"missing_token"`, `"invalid_token"` or `"expired_token"`.
 * @param verify the user of a token, which is then `c.get("bearer")`, or the result of {@link verifyToken}. A falsy result (undefined,
 *   null, false, "", 0) is an invalid token. It may throw errors of jose, {@link ExpiredToken}, and any {@link HttpError}; all other
 *   errors are faults of the server, 500
 * @example
 * const api = bearer((token) => verifyToken<{ userId: number }>(secret, "api", token));
 * app.use("/api/*", api);
 * app.get("/api/me", (c) => c.json({ userId: api.of(c).userId }));
 */
export function bearer<Result extends Verdict>(
  verify: (token: string, c: Context) => Result | Promise<Result>,
  options: BearerOptions = {},
): Bearer<BearerOf<Result>> {
  checkFunction(verify, "What verifies a token of bearer", "bearer(async (token) => await userOf(token))");
  const realm = (options.realm ?? "api").replace(/[^\x20-\x7e]|["\\]/g, "");
  const known = new WeakMap<Context, BearerOf<Result>>();

  const handle: MiddlewareHandler = async (c, next) => {
    // It may stand before a group of routes and before one of them.
    if (known.has(c)) return next();
    const found = tokenOf(c);
    if (found.error) return refuse(c, realm, found.error, found.message);
    let verdict: Verdict;
    try {
      const result = verify(found.token, c);
      verdict = isPromiseLike(result) ? ((await result) as Verdict) : result;
    } catch (error) {
      const failure = failureOf(error);
      if (!failure) throw error;
      return refuse(c, realm, failure, ownMessage(error));
    }
    const read = dataOf(verdict);
    if ("error" in read) return refuse(c, realm, read.error);
    known.set(c, read.data as BearerOf<Result>);
    c.set("bearer", read.data);
    return next();
  };

  const of = (c: Context): BearerOf<Result> => {
    if (known.has(c)) return known.get(c) as BearerOf<Result>;
    throw new Error(
      `No token was asked for at ${c.req.path}. Put the middleware before the handler: app.use("/api/*", api).`,
    );
  };
  return Object.assign(handle, { of });
}

type Found =
  | { readonly token: string; readonly error?: undefined }
  | { readonly error: BearerError; readonly message?: string | undefined };

/** Token that a header gives: "" for none. */
export function readBearer(header: string): string {
  const given = header.trim();
  return /^bearer /i.test(given) ? given.slice("bearer ".length).trim() : "";
}

function tokenOf({ req }: Context): Found {
  const token = readBearer(req.header("authorization") ?? "");
  if (token) return shape.test(token) ? { token } : { error: "invalid_token" };
  const inUrl = req.query("access_token") ?? req.query("token");
  const message = inUrl === undefined ? undefined : `${IN_URL} ${sentences.missing_token}`;
  return { error: "missing_token", message };
}

/** @returns undefined for an error that does not tell of the token */
function failureOf(error: unknown): BearerError | undefined {
  if (error instanceof ExpiredToken) return "expired_token";
  const status = statusOf(error);
  if (status !== undefined) return status === 401 ? "invalid_token" : undefined;
  const { code, name } = Object(error) as { readonly code?: unknown; readonly name?: unknown };
  // Of jose and jsonwebtoken.
  if (code === "ERR_JWT_EXPIRED" || name === "TokenExpiredError") return "expired_token";
  // Keys that cannot be fetched are no fault of the client's.
  if (code === "ERR_JWKS_TIMEOUT" || code === "ERR_JWKS_INVALID" || code === "ERR_JWK_INVALID")
    return undefined;
  const isOfToken = typeof code === "string" && /^ERR_(JW|JOSE_(ALG|NOT))/.test(code);
  return isOfToken || name === "JsonWebTokenError" || name === "NotBeforeError" ? "invalid_token" : undefined;
}

/** The author's sentence for the client; not those of libraries, which may name keys and claims. */
const ownMessage = (error: unknown): string | undefined =>
  error instanceof HttpError && error.message !== phraseOf(error.status) ? error.message : undefined;

function dataOf(verdict: Verdict): { readonly data: unknown } | { readonly error: BearerError } {
  if (!verdict) return { error: "invalid_token" };
  if (typeof verdict !== "object" || !("ok" in verdict) || typeof verdict.ok !== "boolean")
    return { data: verdict };
  const { ok, data, error } = verdict as { ok: boolean; data?: unknown; error?: unknown };
  if (ok) return { data };
  return { error: error === "expired" ? "expired_token" : "invalid_token" };
}

function refuse(c: Context, realm: string, error: BearerError, message: string = sentences[error]): Response {
  // RFC 6750 has one name for tokens that do not count, and none for a request without one.
  const reason =
    error === "missing_token" ? "" : `, error="invalid_token", error_description="${sentences[error]}"`;
  return c.json({ error, message }, 401, {
    "www-authenticate": `Bearer realm="${realm}"${reason}`,
    "cache-control": "no-store",
  });
}
