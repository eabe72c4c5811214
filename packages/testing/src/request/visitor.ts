/** A visitor of an app under test: requests without a port, with cookies as a browser keeps them. */
import type { Session } from "@overwire/server";
import { FLASH_COOKIE } from "@overwire/server/wire";
import type { Answer } from "../page/answer.ts";
import { type BrowserSession, type Sent, sentAnswers } from "../page/browser-session.ts";
import { type Flash, readFlash } from "../page/navigation-log.ts";
import { Patience } from "../page/wait.ts";
import { addQuery, encodeContent, type Fields, type RequestContent } from "./request-body.ts";
import { accidentOf, RequestError } from "./request-errors.ts";
import { TestResponse } from "./test-response.ts";

/** Options of one request. */
export interface RequestOptions extends RequestContent {
  /** Fields of the query string, beside those of the path. */
  readonly query?: Fields | URLSearchParams | undefined;
  /**
   * Headers of this request alone. They win over those of the visitor and of a browser; `undefined` leaves one out. With
   * `origin` and `sec-fetch-site` the request is that of a page of another site.
   */
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
  /** Time for the whole answer, in milliseconds. Default 5000. */
  readonly timeout?: number | undefined;
}

const TIMEOUT = 5000;

/**
 * Sends requests to an app as one browser: cookies are kept, expire and are deleted as it would do it, and requests that may
 * change something have an `origin`, as a form of the app has. Made by `request()`.
 */
export class Visitor {
  /** For `live()`, which goes on with the same cookies. */
  static browserOf(visitor: Visitor): BrowserSession {
    return visitor.#browser;
  }

  /** For `assertErrorSent`. */
  static responseOf({ browser, answer }: Sent): Promise<TestResponse> {
    return new Visitor(browser).#respond(answer, {}, answer.name);
  }

  readonly #browser: BrowserSession;

  /** Made by `request()`. */
  constructor(browser: BrowserSession) {
    this.#browser = browser;
  }

  /** Asks for a page or a resource: {@link request} with `GET`. */
  get(path: string, options?: RequestOptions): Promise<TestResponse> {
    return this.request("GET", path, options);
  }

  /** Sends a form, JSON or any content: {@link request} with `POST`. */
  post(path: string, options?: RequestOptions): Promise<TestResponse> {
    return this.request("POST", path, options);
  }

  /** {@link request} with `PUT`. */
  put(path: string, options?: RequestOptions): Promise<TestResponse> {
    return this.request("PUT", path, options);
  }

  /** {@link request} with `PATCH`. */
  patch(path: string, options?: RequestOptions): Promise<TestResponse> {
    return this.request("PATCH", path, options);
  }

  /** {@link request} with `DELETE`. */
  delete(path: string, options?: RequestOptions): Promise<TestResponse> {
    return this.request("DELETE", path, options);
  }

  /** {@link request} with `OPTIONS`. */
  options(path: string, options?: RequestOptions): Promise<TestResponse> {
    return this.request("OPTIONS", path, options);
  }

  /** {@link request} with `HEAD`; the answer has no body. */
  head(path: string, options?: RequestOptions): Promise<TestResponse> {
    return this.request("HEAD", path, options);
  }

  /**
   * Makes one request. A redirect is not followed: `await res.follow()` does.
   * @param path path and query, or a whole URL for another host or scheme
   * @throws RequestError if a handler throws an error that is no answer of its own, such as `HttpError`; the error is the `cause`
   * @throws TypeError if the request cannot be made
   * @example const res = await visitor.request("PROPFIND", "/files");
   */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<TestResponse> {
    const verb = method.toUpperCase();
    if (typeof path !== "string" || !/^(\/|https?:\/\/)/i.test(path))
      throw new TypeError(`A request expects a path such as "/posts", but got ${String(path)}.`);
    const url = this.#browser.url(path);
    if (options.query) addQuery(url, options.query);
    const { body, headers } = encodeContent(options);
    if (body !== undefined && (verb === "GET" || verb === "HEAD"))
      throw new TypeError(`${verb} ${path} has no body: fields go into the query, { query: { … } }.`);
    const own = Object.fromEntries(
      Object.entries(options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const site = own["sec-fetch-site"];
    // A browser that speaks of another site does not name this one as the origin.
    const isForeign = site !== undefined && site !== "same-origin" && site !== "none";
    const given = { ...headers, ...(isForeign && { origin: undefined }), ...own };
    const request = { method: verb, url, body, headers: given };
    return this.#answered(() => this.#browser.request(request), `${verb} ${path}`, options.timeout);
  }

  /** Value of a cookie that goes with requests to a path; undefined if there is none. */
  cookie(name: string, path = "/"): string | undefined {
    return this.#browser.cookies.get(name, this.#site(path));
  }

  /**
   * Sets a cookie as an answer of the app would.
   * @param attributes as a `set-cookie` header has them
   * @throws Error if a browser would not keep it
   * @example visitor.setCookie("theme", "dark", "Path=/admin; Max-Age=60");
   */
  setCookie(name: string, value: string, attributes = "Path=/"): void {
    const refusal = this.#browser.cookies.set(`${name}=${value}; ${attributes}`, this.#site("/"));
    if (refusal !== undefined) throw new Error(`A browser does not keep the cookie ${name}: ${refusal}.`);
  }

  /** Deletes the cookies of a name that go with requests to a path. */
  deleteCookie(name: string, path = "/"): void {
    this.#browser.cookies.delete(name, this.#site(path));
  }

  /** Puts a session into the app's cookie, as a log-in does. */
  setSession(session: Session): Promise<void> {
    return this.#browser.setSession(session);
  }

  /** Ends the session, as a log-out does: its live views and channels end too. */
  clearSession(): Promise<void> {
    return this.#browser.clearSession();
  }

  /** Sends a message along with the next request, as a page before would. */
  async putFlash(kind: string, message: string): Promise<void> {
    await this.#browser.ready();
    await this.#browser.inRequest((c) => this.#browser.app.putFlash(c, kind, message));
  }

  /** Takes the messages away that would go with the next request. */
  clearFlash(): void {
    this.deleteCookie(FLASH_COOKIE);
  }

  #site(path: string): URL {
    return this.#browser.siteOf(this.#browser.url(path));
  }

  /** @throws RequestError for an accident of a handler, or an answer that does not come */
  async #answered(ask: () => Promise<Answer>, name: string, timeout = TIMEOUT): Promise<TestResponse> {
    await this.#browser.ready();
    const arrived = readFlash(this.cookie(FLASH_COOKIE));
    const answer = await inTime(ask(), name, timeout);
    const accident = sentAnswers.getStore() ? undefined : accidentOf(answer);
    if (accident) throw accident;
    return this.#respond(answer, arrived, name, timeout);
  }

  async #respond(answer: Answer, arrived: Flash, name: string, timeout?: number): Promise<TestResponse> {
    const follow = (from: Answer) => this.#answered(() => this.#browser.followFrom(from), name, timeout);
    return new TestResponse({ answer, arrived, follow, session: await this.#browser.session() });
  }
}

/** @throws RequestError when the time has passed */
async function inTime(asked: Promise<Answer>, name: string, timeout: number): Promise<Answer> {
  let end = () => {};
  const late = new Promise<never>((_, reject) => {
    end = new Patience(timeout).spend(() =>
      reject(
        new RequestError(
          `${name} was not answered within ${timeout} ms: its handler waits for something that does not come, or its body has no end. If it takes that long: { timeout }.`,
          undefined,
        ),
      ),
    );
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    end();
  }
}
