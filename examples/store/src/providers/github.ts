/** GitHub, and services in its shape: plain OAuth2, whose API tells the user and their addresses. */
import { ClientSecretPost, Configuration, fetchProtectedResource } from "openid-client";
import { z } from "zod";
import { providedEmail } from "../shared/addresses.ts";
import { asProviderError, beginFlow, endFlow, extensionsFor } from "./code-flow.ts";
import { type Provider, ProviderError } from "./provider.ts";

export interface GitHubOptions {
  /** Without a slash at its end, `https://github.com`, or that of GitHub Enterprise. */
  readonly url: string;
  /** Without a slash at its end, `https://api.github.com`. */
  readonly api: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Seconds until an answer counts as lost. */
  readonly timeout?: number;
}

const user = z.object({ id: z.number(), login: z.string(), name: z.string().nullish() });
const emails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

export function githubProvider({ url, api, clientId, clientSecret, timeout = 10 }: GitHubOptions): Provider {
  const title = "GitHub";
  const configuration = new Configuration(
    {
      issuer: url,
      authorization_endpoint: `${url}/login/oauth/authorize`,
      token_endpoint: `${url}/login/oauth/access_token`,
    },
    clientId,
    undefined,
    ClientSecretPost(clientSecret),
  );
  configuration.timeout = timeout;
  for (const extend of extensionsFor(url)) extend(configuration);

  async function ask<T>(path: string, accessToken: string, schema: z.ZodType<T>): Promise<T> {
    const headers = new Headers({ accept: "application/vnd.github+json", "user-agent": "overwire-store" });
    const answer = await fetchProtectedResource(
      configuration,
      accessToken,
      new URL(`${api}${path}`),
      "GET",
      undefined,
      headers,
    );
    if (answer.ok) return schema.parse(await answer.json());
    const code = answer.status >= 500 ? "unavailable" : "invalid";
    throw new ProviderError(code, `${title} answered ${path} with ${answer.status}.`);
  }

  return {
    name: "github",
    title,
    issuer: url,
    // OAuth2 has no word for it.
    canAskAnew: false,
    begin: (redirectUri) =>
      asProviderError(title, () =>
        beginFlow(configuration, { redirectUri, scope: "read:user user:email", withNonce: false }),
      ),
    finish: (answer, memory) =>
      asProviderError(title, async () => {
        const { access_token: token } = await endFlow(configuration, answer, memory);
        const [{ id, login, name }, addresses] = await Promise.all([
          ask("/user", token, user),
          ask("/user/emails", token, emails),
        ]);
        // The others may be ones that take no mail.
        const own = addresses.find(({ primary, verified }) => primary && verified);
        return { subject: String(id), email: providedEmail(own?.email), name: name || login };
      }),
  };
}
