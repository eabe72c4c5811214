/** Headers that the app adds to its answers: secure ones, a nonce if one was asked for, and no storing of personal pages. */
import { randomBytes } from "node:crypto";
import { hostOf, type IsSecure, type TrustProxy } from "./proxy-headers.ts";
import { CSP, type HeaderRecord, SecureHeaders, type SecureHeadersOptions } from "./secure-headers.ts";

/** Known of a request before its answer is there. */
interface Note {
  nonce?: string;
  isLive?: true;
  isPersonal?: true;
  isGuarded?: true;
}

/** A page made for a session must not be found on the disk, nor by Back after logging out. */
const PERSONAL = "private, no-store";
/** A picture or a file of a session: a shared cache, some of which store by the extension of a path alone, must not have it. */
const PERSONAL_FILE = "private";
/** Holds a token for one visitor. It may be shown again from memory, with its socket joining anew. */
const LIVE = "private, no-cache";

const HTML = "text/html; charset=UTF-8";

/** On a response that has all of its headers. */
const COMPLETE = Symbol("overwire.complete");

type Completed = Response & { [COMPLETE]?: true };

/** Marks a response to which nothing is to be added. */
export function asItIs(response: Completed): Response {
  response[COMPLETE] = true;
  return response;
}

/** A browser that hears of https once for `localhost` would want it of everything that is developed on this machine. */
const isLocal = (host: string): boolean =>
  /^(localhost|[^/?#:]*\.localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i.test(host);

/** A nonce for the Content-Security-Policy. It is made when its text is asked for. */
export interface Nonce {
  toString(): string;
}

class LazyNonce implements Nonce {
  /** Once it has been asked for. */
  text: string | undefined;
  readonly #answers: ResponseHeaders;
  readonly #request: Request;

  constructor(answers: ResponseHeaders, request: Request) {
    this.#answers = answers;
    this.#request = request;
  }

  toString(): string {
    return (this.text ??= this.#answers.nonce(this.#request));
  }

  toJSON(): string {
    return this.toString();
  }
}

const newNonce = () => randomBytes(16).toString("base64url");

/** Headers of live pages: with and without https, and with and without a session. */
type PageHeaders = readonly [anonymous: HeaderRecord, personal: HeaderRecord];

/** The answers of one app. */
export class ResponseHeaders {
  readonly #isSecure: IsSecure;
  readonly #headers: SecureHeaders;
  readonly #plainPages: PageHeaders;
  readonly #securePages: PageHeaders;
  readonly #notes = new WeakMap<Request, Note>();

  /** @param trust proxies whose word on the host is believed */
  constructor(option: SecureHeadersOptions | false | undefined, isSecure: IsSecure, trust?: TrustProxy) {
    this.#isSecure = (request) =>
      isSecure(request) && !isLocal(hostOf(request.headers, trust) ?? new URL(request.url).host);
    this.#headers = new SecureHeaders(option);
    this.#plainPages = this.#pages(this.#headers.plain);
    this.#securePages = this.#pages(this.#headers.secure);
  }

  #pages(headers: HeaderRecord): PageHeaders {
    const { policy } = this.#headers;
    const own = { "content-type": HTML, ...headers, ...(policy !== undefined && { [CSP]: policy }) };
    return [
      { ...own, "cache-control": LIVE },
      { ...own, "cache-control": PERSONAL },
    ];
  }

  /** HTML gets the app's own policy, if no handler or middleware has set one. */
  get hasPolicy(): boolean {
    return this.#headers.policy !== undefined;
  }

  #note(request: Request): Note {
    let note = this.#notes.get(request);
    if (!note) this.#notes.set(request, (note = {}));
    return note;
  }

  /** The nonce of a request's answer. */
  nonce(request: Request): string {
    return (this.#note(request).nonce ??= newNonce());
  }

  /** The nonce for a layout, which need not use it. */
  lazyNonce(request: Request): LazyNonce {
    return new LazyNonce(this, request);
  }

  /** The answer to a request depends on the session. */
  personal(request: Request): void {
    this.#note(request).isPersonal = true;
  }

  /** A guard stands before the request, so its answer is for some users only, of whatever type it is. */
  guarded(request: Request): void {
    this.#note(request).isGuarded = true;
  }

  /**
   * A live page on the short way, on which no handler can have set headers before: Hono's own way makes a
   * `Headers` of them, which costs more than all the rest of the answer.
   */
  page(
    request: Request,
    page: string,
    isPersonal: boolean,
    nonce: LazyNonce,
    cookie: string | undefined,
  ): Response {
    const isSecure = this.#isSecure(request);
    let headers = (isSecure ? this.#securePages : this.#plainPages)[isPersonal ? 1 : 0];
    if (cookie !== undefined) headers = { ...headers, "set-cookie": cookie };
    if (nonce.text !== undefined && this.#headers.policy !== undefined)
      headers = { ...headers, [CSP]: this.#headers.policyWith(nonce.text) as string };
    return asItIs(new Response(page, { headers }));
  }

  /** A live page that gets its headers at the end, when middleware has set its own. */
  live(request: Request, isPersonal: boolean): void {
    const note = this.#note(request);
    note.isLive = true;
    if (isPersonal) note.isPersonal = true;
  }

  /** Adds headers that no handler and no middleware has set. */
  complete(request: Request, response: Completed): Response {
    if (response[COMPLETE] || response.status === 101) return response;
    const missing = this.#missing(request, response);
    if (missing.length === 0) return response;
    try {
      for (const [name, value] of missing) response.headers.set(name, value);
      return response;
    } catch {
      // The headers of a redirect, or of a response of `fetch`, cannot be changed.
      const own = new Response(response.body, response);
      for (const [name, value] of missing) own.headers.set(name, value);
      return own;
    }
  }

  #missing(request: Request, { headers, status }: Response): (readonly [name: string, value: string])[] {
    const note = this.#notes.get(request);
    const isSecure = this.#isSecure(request);
    const wanted: (readonly [string, string])[] = Object.entries(
      isSecure ? this.#headers.secure : this.#headers.plain,
    );
    const type = headers.get("content-type") ?? "";
    const isHtml = /^(text\/html|application\/xhtml\+xml)\b/i.test(type);
    if (isHtml) {
      const policy = note?.nonce === undefined ? this.#headers.policy : this.#headers.policyWith(note.nonce);
      if (policy !== undefined) wanted.push([CSP, policy]);
    }
    // The answer that something is not there is stored by default.
    const isFile = !isHtml && !/\bjson\b/i.test(type) && status < 400;
    if (note?.isGuarded) wanted.push(["cache-control", PERSONAL]);
    else if (note?.isPersonal) wanted.push(["cache-control", isFile ? PERSONAL_FILE : PERSONAL]);
    else if (note?.isLive && isHtml) wanted.push(["cache-control", LIVE]);
    return wanted.filter(([name]) => !headers.has(name));
  }
}
