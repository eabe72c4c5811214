/** One user's browser: its requests to an app, and the cookies that go with them. */
import type { OverwireApp } from "@overwire/server";
import { FLASH_COOKIE } from "@overwire/server/wire";
import type { Load } from "../browser/browser.ts";
import { type Flash, readFlash } from "./navigation-log.ts";

/** Redirects in a row after which it is a circle. */
const MOST_REDIRECTS = 20;

/** Answer of an app. */
export interface Answer {
  readonly url: URL;
  readonly response: Response;
  readonly body: string;
  /** The error that was thrown, if that made it a 5xx answer. */
  readonly error: Error | undefined;
}

/** Redirect of an answer. */
export interface RedirectLocation {
  readonly to: string;
  readonly status: number;
  readonly flash: Flash;
}

export class BrowserSession {
  /** `c.env` of handlers. */
  readonly env: object | undefined;
  readonly #app: OverwireApp;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #cookies = new Map<string, string>();

  constructor(app: OverwireApp, headers: Readonly<Record<string, string>>, env: object | undefined) {
    this.#app = app;
    this.env = env;
    const { cookie, ...others } = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    this.#headers = others;
    if (cookie) this.takeCookies(cookie);
  }

  /** Keeps the cookies of a `cookie` header, or in `document.cookie`. */
  takeCookies(cookies: string): void {
    for (const each of cookies.split(";")) this.#keep(each);
  }

  #keep(pair: string): void {
    const [name = "", ...value] = pair.split("=");
    if (name.trim()) this.#cookies.set(name.trim(), value.join("=").trim());
  }

  #receive(response: Response): void {
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = "", ...attributes] = cookie.split(";");
      const read = (wanted: string) =>
        attributes
          .map((each) => each.trim().split("="))
          .find(([name]) => name?.toLowerCase() === wanted)?.[1];
      const [age, until] = [read("max-age"), read("expires")];
      const isOver =
        age === undefined ? until !== undefined && Date.parse(until) <= Date.now() : Number(age) <= 0;
      if (isOver) this.#cookies.delete((pair.split("=")[0] as string).trim());
      else this.#keep(pair);
    }
  }

  /** Headers of each request to a URL. */
  headers(url: URL): Headers {
    const cookies = [...this.#cookies].map((pair) => pair.join("=")).join("; ");
    return new Headers({ host: url.host, ...this.#headers, ...(cookies && { cookie: cookies }) });
  }

  /** Headers of a handshake, or of a form that is posted. */
  fromPage(url: URL): Headers {
    const headers = this.headers(url);
    // The test speaks as the proxy too, which took the page's https away.
    const isSecure = /^\s*https/i.test(headers.get("x-forwarded-proto") ?? "");
    headers.set("origin", isSecure ? url.origin.replace(/^http:/, "https:") : url.origin);
    return headers;
  }

  /** One request. */
  async request({ method, url, body }: Load): Promise<Answer> {
    const headers = method === "POST" ? this.fromPage(url) : this.headers(url);
    let thrown: Error | undefined;
    const env = this.#app.withErrors((error) => {
      thrown = error;
    }, this.env);
    const response = await this.#app.request(
      url.pathname + url.search,
      { method, headers, ...(body && { body }) },
      env,
    );
    this.#receive(response);
    return { url, response, body: await response.text(), error: thrown };
  }

  /** Redirect of an answer, if it is one. */
  locationOf({ response, url }: Answer): RedirectLocation | undefined {
    const location = response.headers.get("location");
    if (!location) return undefined;
    const target = new URL(location, url);
    const to = target.origin === url.origin ? target.pathname + target.search + target.hash : target.href;
    const flash = response.headers
      .getSetCookie()
      .findLast((cookie) => cookie.startsWith(`${FLASH_COOKIE}=`))
      ?.slice(FLASH_COOKIE.length + 1)
      .split(";")[0];
    return { to, status: response.status, flash: readFlash(flash) };
  }

  /** A request, and those that its answers lead to, within the app. */
  async follow(load: Load): Promise<Answer> {
    let answer = await this.request(load);
    for (let count = 0; ; count++) {
      const location = this.locationOf(answer);
      if (!location) return answer;
      const url = new URL(location.to, answer.url);
      if (url.origin !== answer.url.origin) return answer;
      if (count === MOST_REDIRECTS) throw new Error(`Too many redirects, the last one to ${location.to}.`);
      const again = location.status === 307 || location.status === 308;
      answer = await this.request(again ? { ...load, url } : { method: "GET", url });
    }
  }
}
