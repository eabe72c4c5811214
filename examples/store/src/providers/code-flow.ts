/** The authorization code flow with PKCE, as providers of both kinds speak it. */
import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientError,
  type Configuration,
  calculatePKCECodeChallenge,
  ResponseBodyError,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  type TokenEndpointResponse,
  type TokenEndpointResponseHelpers,
} from "openid-client";
import { type BeginOptions, type FlowMemory, ProviderError } from "./provider.ts";

export interface FlowOptions extends BeginOptions {
  readonly redirectUri: string;
  readonly scope: string;
  /** Only providers of OpenID Connect have id tokens, and so a nonce. */
  readonly withNonce: boolean;
}

/** The provider's page for a new flow, with the secrets that end it. */
export async function beginFlow(
  configuration: Configuration,
  { redirectUri, scope, withNonce, anew }: FlowOptions,
): Promise<{ readonly url: string; readonly memory: FlowMemory }> {
  const verifier = randomPKCECodeVerifier();
  const memory: FlowMemory = {
    state: randomState(),
    verifier,
    ...(withNonce && { nonce: randomNonce() }),
    ...(anew && { since: Date.now() }),
  };
  const url = buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope,
    state: memory.state,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    ...(memory.nonce !== undefined && { nonce: memory.nonce }),
    // Providers know one of them or both; with `max_age` they have to tell the time of the log-in.
    ...(anew && { prompt: "login", max_age: "0" }),
  });
  return { url: url.href, memory };
}

/** Tokens for the code in the provider's answer. */
export function endFlow(
  configuration: Configuration,
  url: URL,
  { state, verifier, nonce }: FlowMemory,
): Promise<TokenEndpointResponse & TokenEndpointResponseHelpers> {
  return authorizationCodeGrant(configuration, url, {
    expectedState: state,
    pkceCodeVerifier: verifier,
    ...(nonce !== undefined && { expectedNonce: nonce }),
  });
}

/** Extensions of a configuration: a provider on this machine, and by the settings no other, is asked in the clear. */
export const extensionsFor = (url: string) => (url.startsWith("http:") ? [allowInsecureRequests] : []);

/** Runs a step of a flow. @throws ProviderError alone, whatever the provider or the network did */
export async function asProviderError<T>(title: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    const [code, what] = failure(error);
    throw new ProviderError(code, `${title} ${what}.`, { cause: error });
  }
}

const AWAY_ERRORS = ["server_error", "temporarily_unavailable"];
const AWAY_CODES = ["OAUTH_TIMEOUT", "OAUTH_ABORT"];

function failure(error: unknown): readonly [ProviderError["code"], string] {
  if (error instanceof AuthorizationResponseError) {
    if (error.error === "access_denied") return ["denied", "was not allowed to log the user in"];
    if (AWAY_ERRORS.includes(error.error)) return ["unavailable", `answered with ${error.error}`];
    return ["invalid", `answered with ${error.error}`];
  }
  if (error instanceof ResponseBodyError) return ["invalid", `refused the code with ${error.error}`];
  if (error instanceof ClientError) {
    const isAway = AWAY_CODES.includes(error.code ?? "") || isServerError(error.cause);
    return isAway ? ["unavailable", "does not answer"] : ["invalid", "gave an answer that is not valid"];
  }
  // The network: `fetch` knows no other error than this one, and those of wrong arguments have a code.
  if (error instanceof TypeError && !("code" in error)) return ["unavailable", "cannot be reached"];
  return ["invalid", "gave an answer that cannot be read"];
}

/** Of a response, whichever `fetch` made it. */
const isServerError = (cause: unknown) =>
  typeof cause === "object" && cause !== null && "status" in cause && Number(cause.status) >= 500;
