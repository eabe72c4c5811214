/** Reading and writing single cookies without parsing all the others. */

/** The value of a cookie in a `cookie` header, undefined if it is not there. */
export function readCookie(header: string | undefined | null, name: string): string | undefined {
  if (!header) return undefined;
  const start = `${name}=`;
  for (let at = 0; at < header.length; ) {
    const end = header.indexOf(";", at);
    const stop = end < 0 ? header.length : end;
    while (header.charCodeAt(at) === 32) at++;
    if (header.startsWith(start, at)) return header.slice(at + start.length, stop).trim();
    at = stop + 1;
  }
  return undefined;
}

/** Browsers drop larger cookies without a word. */
export const MAX_COOKIE = 4096;

/**
 * A `set-cookie` header for a cookie that scripts cannot read and other sites cannot send along with their requests.
 * @param maxAge seconds; without it the cookie lasts as long as the browser is open
 * @param shared scripts of the page read and write it too
 */
export function writeCookie(
  name: string,
  value: string,
  secure: boolean,
  maxAge?: number,
  shared = false,
): string {
  const age = maxAge === undefined ? "" : `; Max-Age=${Math.floor(maxAge)}`;
  return `${name}=${value}; Path=/${age}${shared ? "" : "; HttpOnly"}; SameSite=Lax${secure ? "; Secure" : ""}`;
}
