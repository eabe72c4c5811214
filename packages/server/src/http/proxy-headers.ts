/** The word of a proxy in front of the app: under which scheme and host the browser asked. */

/**
 * Proxies in front of the app. By default only `x-forwarded-proto` is believed: a client that lies about it spoils nothing
 * but its own cookies. `true`: `x-forwarded-host` too, for a proxy that sets both itself and passes on another `host`.
 * `false`: neither.
 */
export type TrustProxy = boolean | undefined;

/** Tells if a request or handshake came by https, at least as far as the first proxy. */
export type IsSecure = (request: Pick<Request, "url" | "headers">) => boolean;

/** Each proxy may append its own view, so the first entry is the browser's. Some say `wss` of a handshake. */
const saysHttps = (forwarded: string | null): boolean =>
  forwarded !== null && /^\s*(https|wss)\s*(,|$)/i.test(forwarded);

const isDirectlySecure: IsSecure = ({ url }) => url.startsWith("https:");

const isSecureByProxy: IsSecure = (request) =>
  isDirectlySecure(request) || saysHttps(request.headers.get("x-forwarded-proto"));

export const secureBy = (trust?: TrustProxy): IsSecure =>
  trust === false ? isDirectlySecure : isSecureByProxy;

/** The host that the browser asked for, as far as is known. */
export function hostOf(headers: Headers, trust?: TrustProxy): string | null {
  const forwarded = trust ? headers.get("x-forwarded-host")?.split(",", 1)[0]?.trim() : undefined;
  return forwarded || headers.get("host");
}
