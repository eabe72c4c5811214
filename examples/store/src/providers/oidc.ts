/** Any provider of OpenID Connect: Google, Keycloak, Entra, … It tells its addresses and keys itself. */
import {
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  type IDToken,
} from "openid-client";
import { z } from "zod";
import { providedEmail } from "../shared/addresses.ts";
import { asProviderError, beginFlow, endFlow, extensionsFor } from "./code-flow.ts";
import { type Provider, ProviderError } from "./provider.ts";

export interface OidcOptions {
  /** Without a slash at its end, unless the provider's own has one. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly title: string;
  /** Seconds until an answer counts as lost. */
  readonly timeout?: number;
}

/** A claim of another type is as one that is missing: users log in by their subject alone. */
const text = z.string().optional().catch(undefined);

const claims = z.object({
  email: text,
  /** Some providers write it as a text. */
  email_verified: z
    .union([z.boolean(), z.literal("true").transform(() => true)])
    .optional()
    .catch(undefined),
  name: text,
  preferred_username: text,
});

export function oidcProvider({ issuer, clientId, clientSecret, title, timeout = 10 }: OidcOptions): Provider {
  let known: Promise<Configuration> | undefined;
  /** Asks at the first flow, so that the store starts without the provider. A failure is not kept. */
  const configuration = () => {
    known ??= discovery(new URL(issuer), clientId, undefined, bySecret(clientSecret), {
      timeout,
      execute: [enableNonRepudiationChecks, ...extensionsFor(issuer)],
    }).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };

  return {
    name: "oidc",
    title,
    issuer,
    canAskAnew: true,
    begin: (redirectUri, { anew } = {}) =>
      asProviderError(title, async () => {
        const config = await configuration();
        const { claims_supported: told } = config.serverMetadata();
        // Such as Google, whose page would refuse the request.
        if (anew && told && !told.includes("auth_time"))
          throw new ProviderError("unproved", `${title} does not tell when a user has logged in.`);
        return beginFlow(config, { redirectUri, scope: "openid email profile", withNonce: true, anew });
      }),
    finish: (url, memory) =>
      asProviderError(title, async () => {
        const config = await configuration();
        const tokens = await endFlow(config, url, memory);
        const token = tokens.claims();
        if (!token) throw new ProviderError("invalid", `${title} gave no id token.`);
        const authenticatedAt = timeOf(token);
        if (memory.since !== undefined && !isSince(authenticatedAt, memory.since))
          throw new ProviderError("unproved", `${title} does not tell that the user has logged in anew.`);
        // Many providers keep the address out of the id token.
        const asks = token["email"] === undefined && config.serverMetadata().userinfo_endpoint !== undefined;
        const user = claims.parse(asks ? await fetchUserInfo(config, tokens.access_token, token.sub) : token);
        const email = user.email_verified === true ? providedEmail(user.email) : undefined;
        const name = user.name ?? user.preferred_username ?? "";
        return { subject: token.sub, email, name, authenticatedAt };
      }),
  };
}

/** Milliseconds that a provider's clock may be behind or ahead. */
const CLOCK_TOLERANCE = 60_000;

/** A time to come, such as milliseconds in place of seconds, tells nothing, and would count as now. */
function timeOf({ auth_time: seconds = Number.NaN }: IDToken): Date | undefined {
  const time = new Date(seconds * 1000);
  return time.getTime() <= Date.now() + CLOCK_TOLERANCE ? time : undefined;
}

const isSince = (time: Date | undefined, since: number): boolean =>
  time !== undefined && time.getTime() >= since - CLOCK_TOLERANCE;

/** In the body of the request if the provider takes it there, otherwise in a header, which all take. */
function bySecret(secret: string): ClientAuth {
  const [post, basic] = [ClientSecretPost(secret), ClientSecretBasic(secret)];
  return (server, ...request) => {
    const takesPost = server.token_endpoint_auth_methods_supported?.includes("client_secret_post");
    (takesPost ? post : basic)(server, ...request);
  };
}
