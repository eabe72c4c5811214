/** One user's browser: its requests to an app, and the cookies that go with them. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { OverwireApp, Session } from "@overwire/server";
import { Answer, type BrowserRequest } from "./answer.ts";
import { inRequest } from "./app-cookies.ts";
import { CookieJar } from "./cookie-jar.ts";

/** Redirects in a row after which it is a circle. */
const MOST_REDIRECTS = 20;

/** Headers of a request that go on to the target of its redirect. */
const KEPT = /^(accept(-language)?|authorization)$/;

const ORIGIN = "http://localhost";

/** Options of a {@link BrowserSession}. */
export interface BrowserOptions {
  /** Of all requests and handshakes. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Put into the app's cookie before the first request. */
  readonly session?: Session | undefined;
  /** Of all URLs that are paths. Default `http://localhost`. */
  readonly origin?: string | undefined;
  /** Network address, as the server sees it; unknown without it. */
  readonly address?: string | undefined;
}

/** `c.env` of a request over the network, as node's server fills it. */
const envOf = (remoteAddress: string) => ({
  incoming: { socket: { remoteAddress, remoteFamily: remoteAddress.includes(":") ? "IPv6" : "IPv4" } },
});

/** An answer, and the browser that got it. */
export interface Sent {
  readonly answer: Answer;
  readonly browser: BrowserSession;
}

/** Gets each answer while the function of `assertErrorSent` runs; then no error of a handler rejects. */
export const sentAnswers = new AsyncLocalStorage<(sent: Sent) => void>();

/** The test speaks as the proxy too, which took the page's https away and may have changed the host. */
function siteOf(url: URL, headers: Readonly<Record<string, string>>): URL {
  const isSecure = /^\s*https/i.test(headers["x-forwarded-proto"] ?? "");
  const host = headers["x-forwarded-host"] ?? headers["host"];
  if (!isSecure && host === undefined) return url;
  const scheme = isSecure ? "https:" : url.protocol;
  const site = `${scheme}//${host?.split(",")[0]?.trim() ?? url.host}${url.pathname}${url.search}`;
  return URL.canParse(site) ? new URL(site) : url;
}

export class BrowserSession {
  readonly app: OverwireApp;
  readonly origin: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #jar = new CookieJar();
  readonly #network: object | undefined;
  /** In place of the sessions of an app that has its own. */
  #given: { readonly session: Session; readonly env: object } | undefined;
  /** A session that waits for the first request. */
  #unsealed: Session | undefined;
  #sealing: Promise<void> | undefined;

  constructor(app: OverwireApp, { headers = {}, session, origin = ORIGIN, address }: BrowserOptions = {}) {
    this.app = app;
    this.origin = origin;
    this.#network = address === undefined ? undefined : envOf(address);
    this.#unsealed = session;
    const { cookie, ...others } = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    this.#headers = others;
    const root = this.siteOf(this.url("/"));
    for (const each of cookie?.split(";") ?? []) this.#jar.set(`${each}; path=/`, root);
  }

  /** `c.env` of handlers. */
  get env(): object | undefined {
    return this.#given ? { ...this.#network, ...this.#given.env } : this.#network;
  }

  /** A path as a URL of the app. A whole URL stays as it is. */
  url(path: string): URL {
    return new URL(path.startsWith("/") ? this.origin + path : path, this.origin);
  }

  /** A URL of a request as the browser sees it, in front of all proxies. */
  siteOf(url: URL): URL {
    return siteOf(url, this.#headers);
  }

  /** `document.cookie` of a page is this browser's. */
  shareCookies(document: object, url: URL): void {
    const site = this.siteOf(url);
    const cookie = {
      configurable: true,
      get: () => this.#jar.header(site, true),
      set: (line: unknown) => void this.#jar.set(String(line), site, true),
    };
    // The client asks the prototype, which no element of the page can hide.
    Object.setPrototypeOf(document, Object.create(Object.getPrototypeOf(document), { cookie }));
  }

  /** The cookies, for a test that sets some itself. */
  get cookies(): CookieJar {
    return this.#jar;
  }

  /**
   * Puts a session into the cookies, as the app would. An app that has sessions of its own gets it in place of those.
   * @throws RangeError if it does not fit
   */
  async setSession(session: Session): Promise<void> {
    const { app } = this;
    this.#unsealed = undefined;
    if (app.ownsSession) this.#given = { session, env: app.withSession(session) };
    else await this.inRequest((c) => app.setSession(c, session));
  }

  /** Ends the session, as a log-out of the app does. */
  async clearSession(): Promise<void> {
    await this.ready();
    const { app } = this;
    if (app.ownsSession) this.#given = undefined;
    else await this.inRequest((c) => app.clearSession(c));
  }

  /** The session that the app reads from the cookies now; undefined if it has sessions of its own. */
  async session(): Promise<Readonly<Session> | undefined> {
    if (this.app.ownsSession) return this.#given?.session;
    const url = this.url("/");
    let session: Readonly<Session> = {};
    // Cookies of the answer are dropped: to look at a session does not prolong it.
    await inRequest(url, this.headers(url), async (c) => {
      session = await this.app.getSession(c);
    });
    return session;
  }

  /** Lets functions of the app read and write cookies. */
  async inRequest(run: Parameters<typeof inRequest>[2]): Promise<void> {
    const url = this.url("/");
    const site = this.siteOf(url);
    for (const cookie of await inRequest(url, this.headers(url), run)) this.#jar.set(cookie, site);
  }

  /** Headers of each request to a URL. */
  headers(url: URL): Headers {
    const cookies = this.#jar.header(this.siteOf(url));
    return new Headers({ host: url.host, ...this.#headers, ...(cookies && { cookie: cookies }) });
  }

  /** Headers of a handshake, or of a request that may change something. */
  fromPage(url: URL): Headers {
    const headers = this.headers(url);
    if (!headers.has("origin")) headers.set("origin", this.siteOf(url).origin);
    return headers;
  }

  /** The session is in the cookies. */
  async ready(): Promise<void> {
    if (this.#unsealed) this.#sealing ??= this.setSession(this.#unsealed);
    await this.#sealing;
  }

  /** One request. */
  async request(request: BrowserRequest): Promise<Answer> {
    if (this.#unsealed || this.#sealing) await this.ready();
    const { method, url, body } = request;
    const isSafe = method === "GET" || method === "HEAD";
    const headers = isSafe ? this.headers(url) : this.fromPage(url);
    for (const [name, value] of Object.entries(request.headers ?? {}))
      if (value === undefined) headers.delete(name);
      else headers.set(name, value);
    let thrown: Error | undefined;
    const noteThrown = (error: Error) => {
      thrown = error;
    };
    const env = this.app.withErrors(noteThrown, this.env, 400);
    const init: RequestInit = { method, headers, ...(body !== undefined && { body, duplex: "half" }) };
    const response = await this.app.fetch(new Request(url, init), env);
    const site = this.siteOf(url);
    const refusedCookies = this.#receive(response, site);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const cookies = this.#jar.copy();
    const answer = new Answer({ request, site, response, bytes, thrown, cookies, refusedCookies });
    sentAnswers.getStore()?.({ answer, browser: this });
    return answer;
  }

  /**
   * `fetch` of a page's scripts, with this browser's cookies: it reaches the app alone.
   * @param answered is called when an answer is there, or the request has failed
   */
  fetcher(page: URL, answered: () => void): typeof fetch {
    return async (input, init = {}) => {
      const url = new URL(input instanceof Request ? input.url : input, page);
      if (url.origin !== page.origin)
        throw new TypeError(`A page under test fetches from ${page.origin} alone, but asked for ${url}.`);
      const { method = "GET", body } = init;
      const headers = { "sec-fetch-site": "same-origin", ...Object.fromEntries(new Headers(init.headers)) };
      try {
        const request = { method, url, headers, ...(body != null && { body }) } as BrowserRequest;
        const { response, bytes } = await this.request(request);
        return new Response(bytes.length > 0 ? (bytes as Uint8Array<ArrayBuffer>) : null, response);
      } finally {
        answered();
      }
    };
  }

  /** @returns sentences about cookies that are not kept */
  #receive(response: Response, site: URL): readonly string[] {
    return response.headers.getSetCookie().flatMap((cookie) => {
      const refusal = this.#jar.set(cookie, site);
      const name = cookie.slice(0, Math.max(0, cookie.indexOf("=")));
      return refusal === undefined ? [] : [`A browser does not keep the cookie ${name}: ${refusal}.`];
    });
  }

  /** A request, and those that its answers lead to, within the app. */
  async follow(request: BrowserRequest): Promise<Answer> {
    return this.followFrom(await this.request(request));
  }

  /** The requests that an answer leads to, within the app. */
  async followFrom(first: Answer): Promise<Answer> {
    let answer = first;
    for (let count = 0; ; count++) {
      const { location } = answer;
      if (!location || !URL.canParse(location.to, answer.url)) return answer;
      const url = new URL(location.to, answer.url);
      if (url.origin !== answer.url.origin) return answer;
      if (count === MOST_REDIRECTS) throw new Error(`Too many redirects, the last one to ${location.to}.`);
      const { request } = answer;
      const isRepeated = location.status === 307 || location.status === 308;
      const headers = Object.entries(request.headers ?? {}).filter(([name]) => KEPT.test(name));
      const next = { method: "GET", url, headers: Object.fromEntries(headers) };
      answer = await this.request(isRepeated ? { ...request, url } : next);
    }
  }
}
