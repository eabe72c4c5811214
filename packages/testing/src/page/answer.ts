/** Answer of an app to one request. */
import { FLASH_COOKIE } from "@overwire/server/wire";
import type { CookieJar } from "./cookie-jar.ts";
import { type Flash, readFlash } from "./navigation-log.ts";

/** One request of a browser. */
export interface BrowserRequest {
  readonly method: string;
  readonly url: URL;
  readonly body?: BodyInit | undefined;
  /** Of this request alone, in lower case; they win, and `undefined` leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Redirect of an answer. */
export interface RedirectLocation {
  /** Path and query within the app, a whole URL beyond it. */
  readonly to: string;
  readonly status: number;
  readonly flash: Flash;
}

type AnswerParts = Pick<
  Answer,
  "request" | "site" | "response" | "bytes" | "thrown" | "cookies" | "refusedCookies"
>;

const decoder = new TextDecoder();

export class Answer {
  readonly request: BrowserRequest;
  /** The URL as the browser sees it, in front of all proxies. */
  readonly site: URL;
  readonly response: Response;
  readonly bytes: Uint8Array;
  /** The error that was thrown, or the refusal of the app itself, if that made the answer. */
  readonly thrown: Error | undefined;
  /** All cookies that the browser has after the answer. */
  readonly cookies: CookieJar;
  /** Sentences about cookies that it did not keep. */
  readonly refusedCookies: readonly string[];

  constructor({ request, site, response, bytes, thrown, cookies, refusedCookies }: AnswerParts) {
    this.request = request;
    this.site = site;
    this.response = response;
    this.bytes = bytes;
    this.thrown = thrown;
    this.cookies = cookies;
    this.refusedCookies = refusedCookies;
  }

  get url(): URL {
    return this.request.url;
  }

  /** Method and path, for messages. */
  get name(): string {
    return `${this.request.method} ${this.url.pathname}${this.url.search}`;
  }

  get body(): string {
    return decoder.decode(this.bytes);
  }

  /** The error that was thrown, if that made it a 5xx answer. */
  get error(): Error | undefined {
    return this.response.status >= 500 ? this.thrown : undefined;
  }

  /** Messages that the answer itself sends to the next page; undefined if it says nothing of any. */
  get sentFlash(): Flash | undefined {
    const sent = this.response.headers
      .getSetCookie()
      .findLast((cookie) => cookie.startsWith(`${FLASH_COOKIE}=`));
    return sent === undefined ? undefined : readFlash(sent.slice(FLASH_COOKIE.length + 1).split(";")[0]);
  }

  /** Target of a redirect; undefined if the answer is none. */
  get location(): RedirectLocation | undefined {
    const { status, headers } = this.response;
    const location = headers.get("location");
    if (!location || status < 300 || status > 308) return undefined;
    const flash = this.sentFlash ?? {};
    if (!URL.canParse(location, this.url)) return { to: location, status, flash };
    const target = new URL(location, this.url);
    const isWithin = [this.url.origin, this.site.origin].includes(target.origin);
    const to = isWithin ? target.pathname + target.search + target.hash : target.href;
    return { to, status, flash };
  }
}
