/** Origins whose pages may open a socket: the check of a handshake's `origin` header. */
import { hostOf, secureBy, type TrustProxy } from "./proxy-headers.ts";

/**
 * Origins that are accepted. `true`: pages of the host that was asked (`host` header), under https only those of https. `false`: all.
 * A list of patterns: `https://ex.com` (that scheme, its default port), `//ex.com` (any scheme and port), `//ex.com:81`,
 * `https://*.ex.com` (the host itself and all below it). A function that decides.
 */
export type CheckOrigin = boolean | readonly string[] | ((origin: string, headers: Headers) => boolean);

interface Pattern {
  readonly scheme: string | undefined;
  readonly host: string;
  readonly below: boolean;
  readonly port: string | undefined;
}

const ports: Readonly<Record<string, string>> = {
  "http:": "80",
  "https:": "443",
  "ws:": "80",
  "wss:": "443",
};
const shape = /^([a-z][a-z\d+.-]*:)?\/\/(\*\.)?([^/:*?#@\s]+|\[[\da-f:.]+\])(?::(\d+))?$/i;

function readPattern(text: string): Pattern {
  const [, scheme, below, host, port] = shape.exec(text) ?? [];
  if (host === undefined) {
    throw new Error(
      `checkOrigin cannot read ${JSON.stringify(text)}. Write patterns like "https://example.com", "//example.com:8080" or "https://*.example.com", without a path.`,
    );
  }
  const lower = scheme?.toLowerCase();
  return {
    scheme: lower,
    host: host.toLowerCase(),
    below: below !== undefined,
    port: port ?? (lower && ports[lower]),
  };
}

const portOf = (url: URL) => url.port || ports[url.protocol];

const fits = (url: URL, { scheme, host, below, port }: Pattern) =>
  (scheme === undefined || scheme === url.protocol) &&
  (port === undefined || port === portOf(url)) &&
  (url.hostname === host || (below && url.hostname.endsWith(`.${host}`)));

/** An origin as a URL; undefined if it names no host, as `null` and `file://` do. */
function readOrigin(origin: string): URL | undefined {
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  return url?.hostname ? url : undefined;
}

/** Compares with the default port of the origin's scheme, so that `example.com:443` is `https://example.com`. */
function isSameHost(url: URL, host: string | null): boolean {
  const requested = `${url.protocol}//${host}`;
  return host !== null && URL.canParse(requested) && new URL(requested).host === url.host;
}

/**
 * Tells the app's own pages. Under https only https counts: a page that came by http may have been changed on the way. Behind
 * a proxy that does not say the scheme, both do.
 * @param secure the request came by https
 */
export function isOwnOrigin(origin: string, host: string | null, secure: boolean): boolean {
  const url = readOrigin(origin);
  return url !== undefined && (!secure || url.protocol === "https:") && isSameHost(url, host);
}

/**
 * Makes the check of an app.
 * @returns tells if a handshake with these headers, for this URL, is accepted. One without an origin is: only browsers send it,
 *   and they always do.
 * @throws Error for a pattern that says nothing
 */
export function createOriginCheck(
  option: CheckOrigin = true,
  trustProxy?: TrustProxy,
): (headers: Headers, url: string) => boolean {
  if (option === false) return () => true;
  const trusts = createTrust(option);
  const isSecure = secureBy(trustProxy);
  return (headers, url) => {
    const origin = headers.get("origin");
    if (origin === null) return true;
    if (option !== true) return trusts(origin, headers);
    return isOwnOrigin(origin, hostOf(headers, trustProxy), isSecure({ headers, url }));
  };
}

/**
 * Makes the check for origins that the author has named.
 * @returns always false if none are
 * @throws Error for a pattern that says nothing
 */
export function createTrust(option: CheckOrigin = true): (origin: string, headers: Headers) => boolean {
  if (typeof option === "function") return option;
  const patterns = typeof option === "boolean" ? [] : option.map(readPattern);
  return (origin) => {
    const url = readOrigin(origin);
    return url !== undefined && patterns.some((pattern) => fits(url, pattern));
  };
}
