/** Cookies of one browser, kept and sent as RFC 6265bis says. */

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  /** It is sent to its host alone, not to those below. */
  readonly isHostOnly: boolean;
  readonly path: string;
  readonly isSecure: boolean;
  readonly isHttpOnly: boolean;
  /** In milliseconds since 1970. */
  readonly expires: number;
}

/** Browsers drop a cookie whose name and value have more bytes. */
const MAX_SIZE = 4096;

/** Browsers treat this computer as secure, whatever the scheme. */
const isTrustworthy = ({ protocol, hostname }: URL): boolean =>
  protocol === "https:" || /(^|\.)localhost$|^127\.|^\[::1\]$/.test(hostname);

const isBelow = (host: string, domain: string): boolean => host === domain || host.endsWith(`.${domain}`);

const isInPath = (path: string, within: string): boolean =>
  path === within || path.startsWith(within.endsWith("/") ? within : `${within}/`);

const folderOf = ({ pathname }: URL): string => pathname.slice(0, pathname.lastIndexOf("/")) || "/";

const isSame = (one: Cookie, other: Cookie): boolean =>
  one.name === other.name &&
  one.domain === other.domain &&
  one.isHostOnly === other.isHostOnly &&
  one.path === other.path;

/** A name and a value, split at the first `=`. */
function split(text: string): [name: string, value: string] {
  const at = text.indexOf("=");
  return at < 0 ? ["", text.trim()] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

/** Attributes of a `set-cookie` header by their names in lower case; the last of several counts. */
function attributesOf(parts: readonly string[]): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const part of parts) {
    const [name, value] = part.includes("=") ? split(part) : [part.trim(), ""];
    attributes.set(name.toLowerCase(), value);
  }
  return attributes;
}

function expiryOf(attributes: ReadonlyMap<string, string>): number {
  const age = attributes.get("max-age");
  if (age !== undefined && /^-?\d+$/.test(age)) return Number(age) > 0 ? Date.now() + Number(age) * 1000 : 0;
  const until = Date.parse(attributes.get("expires") ?? "");
  return Number.isNaN(until) ? Number.POSITIVE_INFINITY : until;
}

/** A `set-cookie` header as a cookie of a URL. */
function readCookie(line: string, url: URL): Cookie {
  const [pair = "", ...parts] = line.split(";");
  const [name, value] = split(pair);
  const attributes = attributesOf(parts);
  const named = attributes.get("domain")?.replace(/^\./, "").toLowerCase();
  const path = attributes.get("path");
  return {
    name,
    value,
    domain: named || url.hostname,
    // A domain without a dot is a host, or one of those under which all the world has sites.
    isHostOnly: !named || (named === url.hostname && !named.includes(".")),
    path: path?.startsWith("/") ? path : folderOf(url),
    isSecure: attributes.has("secure"),
    isHttpOnly: attributes.has("httponly"),
    expires: expiryOf(attributes),
  };
}

/** @returns why a browser would not keep a cookie; undefined if it would */
function refusalOf(cookie: Cookie, line: string, url: URL): string | undefined {
  const { name, value, domain, isHostOnly, isSecure } = cookie;
  if (name === "") return "it has no name";
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(name + value)) return "it has control characters";
  if (Buffer.byteLength(name + value) > MAX_SIZE)
    return `its name and value have more than ${MAX_SIZE} bytes`;
  if (!isBelow(url.hostname, domain) || (!isHostOnly && !domain.includes(".")))
    return `its domain is ${domain}, and the request went to ${url.hostname}`;
  if (isSecure && !isTrustworthy(url)) return "it is Secure, and the request did not come by https";
  if (!isSecure && /;\s*samesite\s*=\s*none\s*(;|$)/i.test(line)) return "SameSite=None needs Secure";
  if (/^__(secure|host)-/i.test(name) && !isSecure) return "the prefix of its name needs Secure";
  if (/^__host-/i.test(name) && (cookie.path !== "/" || /;\s*domain\s*=\s*[^\s;]/i.test(line)))
    return "the prefix __Host- needs Path=/ and no Domain";
  return undefined;
}

export class CookieJar {
  /** A new list at each change, in the order in which the cookies came. */
  #cookies: readonly Cookie[] = [];

  /** A jar of the same content, which later changes of this one do not reach. */
  copy(): CookieJar {
    const copy = new CookieJar();
    copy.#cookies = this.#cookies;
    return copy;
  }

  /**
   * Takes a cookie as a `set-cookie` header, or an assignment to `document.cookie`, says it.
   * @param url of the request, or of the page
   * @returns why it is not kept; undefined if it is, or if it deletes one
   */
  set(line: string, url: URL, byScript = false): string | undefined {
    const cookie = readCookie(line, url);
    const refusal = refusalOf(cookie, line, url);
    if (refusal !== undefined) return refusal;
    const before = this.#cookies.find((each) => isSame(each, cookie));
    if (byScript && (cookie.isHttpOnly || before?.isHttpOnly)) return "scripts have no access to it";
    if (!isTrustworthy(url) && before?.isSecure) return "a Secure one of its name is kept";
    if (cookie.expires <= Date.now()) this.#cookies = this.#cookies.filter((each) => each !== before);
    else if (before) this.#cookies = this.#cookies.map((each) => (each === before ? cookie : each));
    else this.#cookies = [...this.#cookies, cookie];
    return undefined;
  }

  /** Deletes the cookies of a name that go with requests to a URL. */
  delete(name: string, url: URL): void {
    const gone = new Set(this.#at(url).filter((each) => each.name === name));
    this.#cookies = this.#cookies.filter((each) => !gone.has(each));
  }

  clear(): void {
    this.#cookies = [];
  }

  /** The value that goes with a request to a URL; undefined if there is none. */
  get(name: string, url: URL): string | undefined {
    return this.#at(url).find((each) => each.name === name)?.value;
  }

  /** The `cookie` header of a request to a URL, or `document.cookie` of a page there. */
  header(url: URL, byScript = false): string {
    if (this.#cookies.length === 0) return "";
    const sent = this.#at(url).filter(({ isHttpOnly }) => !(byScript && isHttpOnly));
    return sent.map(({ name, value }) => `${name}=${value}`).join("; ");
  }

  /** Cookies that go with a request, those of longer paths first. */
  #at(url: URL): Cookie[] {
    const now = Date.now();
    return this.#cookies
      .filter(
        ({ domain, isHostOnly, path, isSecure, expires }) =>
          expires > now &&
          (isHostOnly ? url.hostname === domain : isBelow(url.hostname, domain)) &&
          isInPath(url.pathname, path) &&
          (!isSecure || isTrustworthy(url)),
      )
      .sort((one, other) => other.path.length - one.path.length);
  }
}
