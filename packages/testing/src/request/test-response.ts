/** Answer of an app to a request of a test. */
import type { ParamsOf, Session } from "@overwire/server";
import { FLASH_COOKIE } from "@overwire/server/wire";
import type { Answer } from "../page/answer.ts";
import { type Flash, readFlash } from "../page/navigation-log.ts";
import { describeAnswer, ResponseError } from "./request-errors.ts";

/** A redirect that a test has asserted. */
export interface AssertedRedirect<To extends string = string> {
  /** Path and query within the app, a whole URL beyond it. */
  readonly to: string;
  readonly status: number;
  /** Messages that go along. */
  readonly flash: Flash;
  /** Parts of the path under the names of the pattern that was asserted. */
  readonly params: ParamsOf<To>;
}

/** Functions of a visitor for its answers. */
export interface ResponseParts {
  readonly answer: Answer;
  /** The session afterwards; undefined if the app has sessions of its own. */
  readonly session: Readonly<Session> | undefined;
  /** Messages that came with the request. */
  readonly arrived: Flash;
  follow(answer: Answer): Promise<TestResponse>;
}

const HTML = /^(text\/html|application\/xhtml\+xml)$/;
const JSON_TYPE = /^(application|text)\/([\w.-]+\+)?json$/;

/** Names of a pattern with the parts of a path in their places; undefined if it does not fit. */
function match(pattern: string, to: string): Record<string, string> | undefined {
  if (pattern === to) return {};
  if (!/\/:\w/.test(pattern)) return undefined;
  const [wanted, path] = [pattern.split("/"), (/^[^?#]*/.exec(to)?.[0] ?? "").split("/")];
  if (wanted.length !== path.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    const name = /^:(\w+)$/.exec(part)?.[1];
    const value = path[at] ?? "";
    if (name !== undefined && value) params[name] = decodeURIComponent(value);
    else if (part !== value) return undefined;
  }
  return params;
}

/**
 * An answer, read whole. `html()` and `json()` reject what a test does not expect, and show what came.
 */
export class TestResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly #parts: ResponseParts;

  /** Made by a visitor. */
  constructor(parts: ResponseParts) {
    const { status, headers } = parts.answer.response;
    this.#parts = parts;
    this.status = status;
    this.headers = headers;
  }

  /** Type of the body without its parameters, such as `text/html`; undefined if there is none. */
  get type(): string | undefined {
    return this.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  }

  /** Path and query of the request; after {@link follow} of the last one. */
  url(): string {
    const { pathname, search } = this.#parts.answer.url;
    return pathname + search;
  }

  /** A header; several of one name are joined by commas. */
  header(name: string): string | undefined {
    return this.headers.get(name) ?? undefined;
  }

  /**
   * HTML of a page.
   * @param status that the answer has to have; without it any of 200 to 299
   * @throws ResponseError if the answer has another status or is no HTML
   * @example expect(res.html(404)).toContain("There is no such post.");
   */
  html(status?: number): string {
    this.#assertStatus(status, "html");
    this.#assertType(HTML, "html", "text/html");
    return this.text();
  }

  /**
   * Content of JSON, of `application/json` or any type that ends with `+json`.
   * @typeParam T of the content; it is not checked
   * @param status that the answer has to have; without it any of 200 to 299
   * @throws ResponseError if the answer has another status, is no JSON, or cannot be read
   * @example expect(res.json<{ id: number }>().id).toBe(1);
   */
  json<T = unknown>(status?: number): T {
    this.#assertStatus(status, "json");
    this.#assertType(JSON_TYPE, "json", "application/json");
    try {
      return JSON.parse(this.text()) as T;
    } catch (error) {
      const { message } = error as Error;
      throw this.#error(`json() cannot read the body: ${message}.`, error);
    }
  }

  /**
   * The body as text, of any type.
   * @param status that the answer has to have; without it any
   * @throws ResponseError if the answer has another status
   */
  text(status?: number): string {
    if (status !== undefined) this.#assertStatus(status, "text");
    return this.#parts.answer.body;
  }

  /** The body as it came. */
  bytes(): Uint8Array {
    return this.#parts.answer.bytes;
  }

  /** Value of a cookie that the visitor has after this answer; undefined if it has none, or a deleted one. */
  cookie(name: string): string | undefined {
    const { cookies, site } = this.#parts.answer;
    return cookies.get(name, site);
  }

  /**
   * The session as the app's cookie has it after this answer; `{}` if there is none.
   * @throws Error if the app has sessions of its own
   */
  session(): Readonly<Session> {
    const { session } = this.#parts;
    if (session) return session;
    throw new Error(
      "The session is one of the app's own, createApp({ session: (c) => … }), so it cannot be read from a cookie. Look for it where that function finds it.",
    );
  }

  /** Messages for the next page: those that this answer sends, and those that came with its request. */
  flash(): Flash;
  flash(kind: string): string | undefined;
  flash(kind?: string): Flash | string | undefined {
    const { answer, arrived } = this.#parts;
    const start = `${FLASH_COOKIE}=`;
    const sent = answer.response.headers
      .getSetCookie()
      .filter((cookie) => cookie.startsWith(start))
      .map((cookie) => readFlash(cookie.slice(start.length).split(";")[0]));
    const flash: Flash = Object.assign({}, arrived, ...sent);
    return kind === undefined ? flash : flash[kind];
  }

  /**
   * Asserts that the answer redirects: that it has a status of 300 to 308 and a location.
   * @param to path and query as the location has it, a pattern such as `/posts/:id` whose parts are then `params`, or an
   *   expression that fits
   * @param status if it is to be a certain one
   * @throws ResponseError if the answer is no redirect, or leads elsewhere
   * @example const { params } = res.assertRedirect("/posts/:id");
   */
  assertRedirect<const To extends string>(to?: To | RegExp, status?: number): AssertedRedirect<To> {
    const { location } = this.#parts.answer;
    const shown = to === undefined ? "" : to instanceof RegExp ? String(to) : JSON.stringify(to);
    const call = `assertRedirect(${shown})`;
    if (!location) {
      const isEmpty = this.status >= 300 && this.status <= 308;
      throw this.#error(
        `${call} expects a redirect, but ${isEmpty ? "the answer has no location" : "got none"}.`,
      );
    }
    const params = typeof to === "string" ? match(to, location.to) : {};
    if (!params || (to instanceof RegExp && !to.test(location.to)))
      throw this.#error(`${call} expects another target.`);
    if (status !== undefined && status !== this.status)
      throw this.#error(`${call} expects the status ${status}.`);
    return { ...location, params: params as ParamsOf<To> };
  }

  /**
   * Follows the redirect as a browser does, through further ones to the page at its end.
   * @throws ResponseError if the answer is no redirect, or leads out of the app
   */
  async follow(): Promise<TestResponse> {
    const { answer } = this.#parts;
    const { location } = answer;
    if (!location) throw this.#error("follow() expects a redirect, but got none.");
    if (!location.to.startsWith("/"))
      throw this.#error("follow() stays in the app, but the redirect leads to another site.");
    return this.#parts.follow(answer);
  }

  #assertStatus(wanted: number | undefined, call: string): void {
    const { status } = this;
    if (wanted === undefined ? status >= 200 && status < 300 : status === wanted) return;
    if (wanted !== undefined) throw this.#error(`${call}(${wanted}) expects the status ${wanted}.`);
    const isRedirect = this.#parts.answer.location !== undefined;
    const hint = isRedirect ? "follow() leads on." : `If ${status} is meant: ${call}(${status}).`;
    throw this.#error(`${call}() expects a status of 200 to 299.`, undefined, hint);
  }

  #assertType(wanted: RegExp, call: string, example: string): void {
    if (wanted.test(this.type ?? "")) return;
    const other = HTML.test(this.type ?? "") ? "html" : JSON_TYPE.test(this.type ?? "") ? "json" : "text";
    throw this.#error(`${call}() expects ${example}.`, undefined, `${other}() reads what came.`);
  }

  #error(expected: string, cause?: unknown, hint?: string): ResponseError {
    const { answer } = this.#parts;
    const message = `${expected}\n${describeAnswer(answer)}${hint ? `\n${hint}` : ""}`;
    const source = cause ?? answer.thrown;
    return new ResponseError(message, this.status, source === undefined ? {} : { cause: source });
  }
}
