/** Redirects of a view's page, and the URLs that are refused as unsafe. */

/** A redirect of a page. */
export interface Redirect {
  /** `patch`: the same view at another URL. `navigate`: another view over the same socket. `redirect`: a full page load. */
  readonly kind: "patch" | "navigate" | "redirect";
  readonly to: string;
  /** In place of the current entry of the browser's history. */
  readonly replace: boolean;
  /** Status of the HTTP answer, if it becomes one. */
  readonly status?: number | undefined;
  /** The page to which the user returns later: it was refused. */
  readonly returnTo?: string | undefined;
}

/** Options of `pushPatch` and `pushNavigate`. */
export interface PushOptions {
  /** Takes the place of the current entry of the browser's history. */
  readonly replace?: boolean | undefined;
}

/** A target of `redirect` beyond the app. */
export interface External {
  /** An absolute URL. Its scheme must be a harmless one, such as `https:` or `mailto:`. */
  readonly external: string;
  /** HTTP status if the answer is one. Default 302. */
  readonly status?: number | undefined;
}

const schemes = /^(https?|ftps?|mailto|news|irc|gopher|nntp|feed|telnet|mms|rtsp|svn|tel|fax|xmpp):/;
/** Browsers drop tabs and newlines from URLs and read `\` as `/`, so `/\t/evil.example` would lead away. */
const unsafe = /[\\\x00-\x20\x7f]|%09|%0a|%0d/i;

/** Characters of a URL that comes from a client; servers take no longer ones in a request either. */
const LONGEST = 16_384;

/** Path and query, with the delimiters of a `URL`. */
export interface OwnPath {
  readonly pathname: string;
  readonly search: string;
}

/**
 * Path and query of a URL that comes from a client. Nothing else in it ever counts: a page cannot know the
 * name by which a proxy asks for it, and a link in a mail must not lead to a client's choice of host.
 * @param base for a relative one
 * @returns undefined if it is not a web address, or if browsers would take its path for a host
 */
export function ownPath(text: string, base = "http://localhost"): OwnPath | undefined {
  if (text.length > LONGEST || !URL.canParse(text, base)) return undefined;
  const { protocol, pathname, search } = new URL(text, base);
  return /^https?:$/.test(protocol) && /^\/(?!\/)/.test(pathname) ? { pathname, search } : undefined;
}

/**
 * Checks a path of this app.
 * @param what the caller, for the error: `pushPatch`
 * @throws TypeError if it is no path, or leads to another host
 */
export function checkPath(to: string, what: string): string {
  if (typeof to !== "string" || !to.startsWith("/") || to.startsWith("//")) {
    throw new TypeError(`${what} expects a path that starts with one slash, but got ${JSON.stringify(to)}.`);
  }
  if (unsafe.test(to.split(/[?#]/, 1)[0] as string) || /[\\\t\n\r]/.test(to)) {
    throw new TypeError(`${what} got a path with unsafe characters: ${JSON.stringify(to)}.`);
  }
  // Browsers take `/.//host` for a path, but normalise it to `//host`, which is a host.
  if (to.includes("//") && !ownPath(to.slice(0, LONGEST))) {
    throw new TypeError(`${what} got a path that becomes one with two slashes: ${JSON.stringify(to)}.`);
  }
  return to;
}

/** Tells if the scheme of a URL is a harmless one. */
export const isExternal = (url: string): boolean => schemes.test(url) && !/[\x00-\x20\x7f]/.test(url);

/** @throws TypeError for a URL whose scheme could run code */
export function checkExternal(url: string, what: string): string {
  if (!isExternal(url)) {
    throw new TypeError(`${what} got an unsafe or unknown external URL: ${JSON.stringify(url)}.`);
  }
  return url;
}
