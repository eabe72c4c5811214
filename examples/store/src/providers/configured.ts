/** The providers that the settings name. */
import { githubProvider } from "./github.ts";
import { oidcProvider } from "./oidc.ts";
import type { Provider } from "./provider.ts";

export interface ProviderSettings {
  readonly OIDC_ISSUER?: string | undefined;
  readonly OIDC_CLIENT_ID?: string | undefined;
  readonly OIDC_CLIENT_SECRET?: string | undefined;
  readonly OIDC_NAME: string;
  readonly GITHUB_CLIENT_ID?: string | undefined;
  readonly GITHUB_CLIENT_SECRET?: string | undefined;
  readonly GITHUB_URL: string;
  readonly GITHUB_API: string;
}

/** In the order of their buttons. */
export function configuredProviders(settings: ProviderSettings): readonly Provider[] {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME } = settings;
  const { GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET, GITHUB_URL, GITHUB_API } = settings;
  const providers: Provider[] = [];
  if (OIDC_ISSUER && OIDC_CLIENT_ID && OIDC_CLIENT_SECRET)
    providers.push(
      oidcProvider({
        issuer: OIDC_ISSUER,
        clientId: OIDC_CLIENT_ID,
        clientSecret: OIDC_CLIENT_SECRET,
        title: OIDC_NAME,
      }),
    );
  if (GITHUB_CLIENT_ID && GITHUB_CLIENT_SECRET)
    providers.push(
      githubProvider({
        url: GITHUB_URL.replace(/\/$/, ""),
        api: GITHUB_API.replace(/\/$/, ""),
        clientId: GITHUB_CLIENT_ID,
        clientSecret: GITHUB_CLIENT_SECRET,
      }),
    );
  return providers;
}
