/** Reading and writing single cookies without parsing all the others. */

/** Browsers take a cookie of this prefix only over https, for this host alone and all of its paths: no sibling domain can set it. */
const HOST_PREFIX = "__Host-";

/** Name of the session's cookie, if its author chooses none. */
export const SESSION_COOKIE = "ow_session";

/**
 * Name of a cookie that stands beside the session's. Cookies know no ports: two apps on one host have their own by the names
 * of their sessions.
 */
export const besideSession = (session: string, name: "visitor" | "return_to"): string =>
  session === SESSION_COOKIE ? `ow_${name}` : `${session.replace(/^__(Host|Secure)-/i, "")}_${name}`;

/** Names of an app's own cookies, for reports. A session that is called just that names much else. */
export const ownCookies = (session: string): readonly string[] =>
  [session, besideSession(session, "visitor")].filter((name) => name.toLowerCase() !== "session");

/** The name under which a cookie is set. A name with a prefix of its own stays as it is. */
export const cookieName = (name: string, secure: boolean): string =>
  secure && !/^__(Host|Secure)-/i.test(name) ? HOST_PREFIX + name : name;

/**
 * The value of a cookie of the app itself in a `cookie` header. The prefixed one counts if it is there. Over https no other
 * does, and over http of several different ones none: a sibling domain can set cookies for this host too ("cookie tossing"),
 * and they cannot be told apart.
 * @returns undefined if it is not there, or cannot be trusted
 */
export function readCookie(
  header: string | undefined | null,
  name: string,
  secure = false,
): string | undefined {
  if (!header) return undefined;
  // Not only if the request is known to be secure: a proxy may say so of pages and forget it for handshakes.
  const prefixed = findCookie(header, cookieName(name, true));
  return prefixed ?? (secure ? undefined : findCookie(header, name));
}

function findCookie(header: string, name: string): string | undefined {
  let found: string | undefined;
  for (const value of cookieValues(header, name)) {
    if (found !== undefined && found !== value) return undefined;
    found = value;
  }
  return found;
}

/** All values of the cookies that have exactly this name, in the order of the header. */
export function cookieValues(header: string | undefined | null, name: string): string[] {
  const values: string[] = [];
  if (!header?.includes(name)) return values;
  const start = `${name}=`;
  for (let at = 0; at < header.length; ) {
    const end = header.indexOf(";", at);
    const stop = end < 0 ? header.length : end;
    while (header.charCodeAt(at) === 32) at++;
    if (header.startsWith(start, at)) values.push(header.slice(at + start.length, stop).trim());
    at = stop + 1;
  }
  return values;
}

/** Browsers drop larger cookies without a word. */
export const MAX_COOKIE = 4096;

interface CookieOptions {
  /** It is sent over https only. */
  readonly secure: boolean;
  /** Seconds; without it the cookie lasts as long as the browser is open. */
  readonly maxAge?: number | undefined;
  /** Scripts of the page read and write it too, so it keeps its name. */
  readonly shared?: boolean;
}

/**
 * A `set-cookie` header for a cookie that scripts cannot read and other sites cannot send along with their requests.
 */
export function writeCookie(
  name: string,
  value: string,
  { secure, maxAge, shared = false }: CookieOptions,
): string {
  const age = maxAge === undefined ? "" : `; Max-Age=${Math.floor(maxAge)}`;
  const written = shared ? name : cookieName(name, secure);
  const isSecure = secure || written !== name || /^__(Host|Secure)-/i.test(name);
  return `${written}=${value}; Path=/${age}${shared ? "" : "; HttpOnly"}; SameSite=Lax${isSecure ? "; Secure" : ""}`;
}

/**
 * A header that removes the prefixed cookie, if a request without https came with it: browsers send it to localhost whatever
 * the scheme, and it would hide the one that is set now.
 */
export const dropPrefixed = (header: string | undefined, name: string): string | undefined =>
  cookieValues(header, cookieName(name, true)).length > 0
    ? writeCookie(name, "", { secure: true, maxAge: 0 })
    : undefined;

/** A `cookie` header with other values for some of its cookies. @param gone names of cookies that are left out */
export function withCookies(
  header: string | null | undefined,
  gone: readonly string[],
  values: Readonly<Record<string, string>>,
): string {
  const kept = (header ?? "")
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair && !gone.includes(pair.split("=", 1)[0] as string));
  return [...kept, ...Object.entries(values).map(([name, value]) => `${name}=${value}`)].join("; ");
}
