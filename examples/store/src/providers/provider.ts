/** The contract of an identity provider: a service at which users have an account, and which tells the store who they are. */

/** A user as the provider knows them. */
export interface ProviderUser {
  /** The provider's id of the user, which never changes. */
  readonly subject: string;
  /** In lower case; undefined if the provider has not confirmed it, or the store takes none like it. */
  readonly email: string | undefined;
  readonly name: string;
  /** Time of the user's log-in at the provider, which may be long ago; undefined if it does not tell. */
  readonly authenticatedAt?: Date | undefined;
}

/** Secrets of one flow. The browser that began it keeps them until it comes back. */
export interface FlowMemory {
  readonly state: string;
  /** Of PKCE: a code that was stolen on its way is worth nothing without it. */
  readonly verifier: string;
  /** Of OpenID Connect: the id token has to be the one of this flow. */
  readonly nonce?: string | undefined;
  /** Of a flow whose user had to log in anew: its beginning, in milliseconds since 1970. An older log-in does not count. */
  readonly since?: number | undefined;
}

export interface BeginOptions {
  /** Has the user log in anew, also one whom the provider remembers. */
  readonly anew?: boolean | undefined;
}

export interface Provider {
  /** Stands in paths: `/auth/NAME`. */
  readonly name: string;
  /** Users read it: "Continue with TITLE". */
  readonly title: string;
  /** Identities are kept by it, so that another service under the same name is another provider. */
  readonly issuer: string;
  /** True if it can have users log in anew, and tells that they did. */
  readonly canAskAnew: boolean;
  /**
   * Begins a flow.
   * @returns the provider's page, to which the user is sent, and the memory that `finish` needs
   * @throws ProviderError
   */
  begin(
    redirectUri: string,
    options?: BeginOptions,
  ): Promise<{ readonly url: string; readonly memory: FlowMemory }>;
  /**
   * Ends a flow.
   * @param url the redirect URI with the provider's answer in its query
   * @throws ProviderError
   */
  finish(url: URL, memory: FlowMemory): Promise<ProviderUser>;
}

/**
 * `denied`: the user said no. `unavailable`: the provider does not answer, or not in time. `invalid`: an answer that is none, that
 * was forged, or that the provider refused. `unproved`: it does not tell that the user has logged in anew.
 */
export type ProviderFailure = "denied" | "unavailable" | "invalid" | "unproved";

export class ProviderError extends Error {
  override readonly name = "ProviderError";
  readonly code: ProviderFailure;

  constructor(code: ProviderFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
