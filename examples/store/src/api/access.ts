/** Access to the API: tokens, limits, and roles, which are asked for as on pages. */
import { bearer, Forbidden } from "@overwire/server";
import { rateLimit } from "@overwire/server/rate-limit";
import type { MiddlewareHandler } from "hono";
import type { VerifiedToken } from "../accounts/api-tokens.ts";
import type { User } from "../database/schema.ts";
import type { Store } from "../store/store.ts";

export interface ApiEnv {
  Variables: { bearer: VerifiedToken };
}

/** Requests in a minute: of a network address, so that tokens cannot be guessed, and of a token. */
export const LIMITS = { address: 300, token: 120 } as const;

/** A limit stands before the token is looked up, so that guesses cost the database little. */
export const perAddress = ({ services: { counts: store } }: Store): MiddlewareHandler =>
  rateLimit({ points: LIMITS.address, duration: 60, name: "address", store });

export const perToken = ({ services: { counts: store } }: Store): MiddlewareHandler =>
  rateLimit({ points: LIMITS.token, duration: 60, name: "token", store });

/** Lets in programs with a token of a user. */
export const tokenOf = (store: Store): MiddlewareHandler<ApiEnv> =>
  bearer((token) => store.apiTokens.verify(token), { realm: "Overwire Store" });

/** Lets in users with a right, before the rest of their request is looked at. */
export const only =
  (may: (user: User) => boolean, who: string): MiddlewareHandler<ApiEnv> =>
  async (c, next) => {
    if (!may(c.get("bearer").user)) throw new Forbidden(`This is for ${who}.`);
    await next();
  };
