/** Any provider of OpenID Connect: Google, Keycloak, Entra, … It tells its addresses and keys itself. */
import {
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
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

const claims = z.object({
  email: z.string().optional(),
  email_verified: z.boolean().optional(),
  name: z.string().optional(),
  preferred_username: z.string().optional(),
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
    begin: (redirectUri) =>
      asProviderError(title, async () =>
        beginFlow(await configuration(), { redirectUri, scope: "openid email profile", withNonce: true }),
      ),
    finish: (url, memory) =>
      asProviderError(title, async () => {
        const config = await configuration();
        const tokens = await endFlow(config, url, memory);
        const token = tokens.claims();
        if (!token) throw new ProviderError("invalid", `${title} gave no id token.`);
        // Many providers keep the address out of the id token.
        const asks = token["email"] === undefined && config.serverMetadata().userinfo_endpoint !== undefined;
        const user = claims.parse(asks ? await fetchUserInfo(config, tokens.access_token, token.sub) : token);
        const email = user.email_verified === true ? providedEmail(user.email) : undefined;
        return { subject: token.sub, email, name: user.name ?? user.preferred_username ?? "" };
      }),
  };
}

/** In the body of the request if the provider takes it there, otherwise in a header, which all take. */
function bySecret(secret: string): ClientAuth {
  const [post, basic] = [ClientSecretPost(secret), ClientSecretBasic(secret)];
  return (server, ...request) => {
    const takesPost = server.token_endpoint_auth_methods_supported?.includes("client_secret_post");
    (takesPost ? post : basic)(server, ...request);
  };
}
