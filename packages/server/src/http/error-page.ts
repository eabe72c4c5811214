/** The page of an error: a small default, or the app's own. */
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Redactor } from "../runtime/redact.ts";
import { GIVEN, type Report } from "../runtime/services.ts";
import { ownHtml as html, type Template } from "../template/html.ts";
import { isProduction, isTest } from "../template/mode.ts";
import { renderToHtml } from "../template/render.ts";
import { developmentErrorPage } from "./development-error-page.ts";
import { ENV_JOIN, ENV_ON_ERROR, type OverwireEnv } from "./env.ts";
import { codeOf, HttpError, phraseOf } from "./errors.ts";
import { bodyOf, givenBy } from "./given.ts";
import { isReported, keepPlace, reportedPlace, statusOf } from "./report-once.ts";

/** Props of an error page. */
export interface ErrorPageProps {
  readonly status: number;
  /** For the user: of a 5xx error only the name of the status. */
  readonly message: string;
  readonly url: URL;
  /** The error that was thrown, of a 5xx answer in development. Production never has it. */
  readonly error?: unknown;
}

/**
 * Makes a whole page of an error.
 * @example
 * const errorPage: ErrorPage = ({ status, message }) => html`<!doctype html>
 *   <html lang="en"><head><title>${status}</title></head><body><h1>${message}</h1></body></html>`;
 */
export type ErrorPage = (props: ErrorPageProps) => Template;

const defaultErrorPage: ErrorPage = ({ status, message }) => {
  const phrase = phraseOf(status);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${status} ${phrase}</title>
</head>
<body>
<main>
<h1>${status} ${phrase}</h1>
${message !== phrase && html`<p>${message}</p>`}
</main>
</body>
</html>`;
};

/** A client that leaves in the middle of its request is no accident, and could fill a log. */
function isAborted(c: Context, error: Error): boolean {
  const { incoming } = (c.env ?? {}) as { incoming?: { readonly errored?: unknown } };
  return incoming?.errored === error;
}

const wantsHtml = (accept: string): boolean => /\btext\/html\b/i.test(accept);

/** A client that asks for JSON, or sends it and does not say. */
const wantsJson = (accept: string, type: string): boolean => /\bjson\b/i.test(`${accept} ${type}`);

/** The body of an error of any JSON API. */
const jsonOf = (status: number, message: string) => ({ error: codeOf(status), message });

/** Answers errors and missing pages: with a page to who reads pages, JSON to who reads that, a line of text to others. */
export class ErrorPages {
  readonly #own: ErrorPage | undefined;
  readonly #redactor: Redactor;
  readonly #report: (report: Report) => void;

  readonly #nonce: (request: Request) => string | undefined;

  /** @param nonce that lets the page's style through its policy */
  constructor(
    own: ErrorPage | undefined,
    redactor: Redactor,
    report: (report: Report) => void,
    nonce: (request: Request) => string | undefined,
  ) {
    this.#own = own;
    this.#redactor = redactor;
    this.#report = report;
    this.#nonce = nonce;
  }

  /** Passes an error that becomes an answer to `withErrors`, whichever handler answers it. */
  note(env: unknown, error: () => Error): void {
    const told = (env as OverwireEnv | undefined)?.[ENV_ON_ERROR];
    if (!told) return;
    const thrown = error();
    told(thrown, statusOf(thrown) ?? 500);
  }

  missing(c: Context): Response {
    return this.#answer(c, 404, phraseOf(404), "404 Not Found");
  }

  failed(c: Context, error: Error): Response | Promise<Response> {
    const status = statusOf(error) ?? (isAborted(c, error) ? 400 : 500);
    const body = status >= 500 ? bodyOf(c) : undefined;
    return body
      ? body.then((body) => this.#failed(c, error, status, body))
      : this.#failed(c, error, status, []);
  }

  #failed(c: Context, error: Error, status: number, body: readonly unknown[]): Response {
    const given = () => [...givenBy(c), ...body];
    if (status >= 500 && !isReported(error)) {
      const event = `${c.req.method} ${c.req.path}`;
      this.#report({ kind: "crash", event, message: error.message, error, [GIVEN]: given });
    }
    const isPlain = error instanceof HttpError || (error instanceof HTTPException && !error.res);
    if (!isPlain && "getResponse" in error && statusOf(error) !== undefined) {
      const response = (error as unknown as { getResponse(): Response }).getResponse();
      return c.newResponse(response.body, response);
    }
    const message = status < 500 && isPlain && error.message ? error.message : phraseOf(status);
    const isShown = status >= 500 && !isProduction() && !isTest();
    const shown = isShown ? this.#redactor.copy(error, this.#redactor.valuesOf(...given())) : undefined;
    if (shown && shown !== error) keepPlace(error, shown);
    return this.#answer(c, status, message, message, shown);
  }

  #answer(c: Context, status: number, message: string, text: string, error?: Error): Response {
    const code = status as ContentfulStatusCode;
    const joins = (c.env as OverwireEnv | undefined)?.[ENV_JOIN];
    const [accept = "", type = ""] = [c.req.header("accept"), c.req.header("content-type")];
    if (joins || !wantsHtml(accept))
      return !joins && wantsJson(accept, type) ? c.json(jsonOf(status, message), code) : c.text(text, code);
    if (error && !this.#own) return c.html(renderToHtml(this.#failurePage(c, status, error)), code);
    return c.html(this.#page(status, message, c.req.url, error), code);
  }

  #failurePage({ req }: Context, status: number, error: Error): Template {
    return developmentErrorPage({
      status,
      phrase: phraseOf(status),
      error,
      place: reportedPlace(error),
      request: this.#redactor.text(`${req.method} ${req.path}`, this.#redactor.valuesOf(req.param())),
      nonce: this.#nonce(req.raw),
    });
  }

  /** An answer to a request that never reaches a handler. */
  refuse(request: Request, status: number, message: string): Response {
    const accept = request.headers.get("accept") ?? "";
    const answer = (body: string, type: string) =>
      new Response(body, { status, headers: { "content-type": `${type}; charset=UTF-8` } });
    if (wantsHtml(accept)) return answer(this.#page(status, message, request.url), "text/html");
    if (wantsJson(accept, request.headers.get("content-type") ?? ""))
      return answer(JSON.stringify(jsonOf(status, message)), "application/json");
    return answer(message, "text/plain");
  }

  #page(status: number, message: string, requestUrl: string, error?: Error): string {
    // An invalid host must not make the error page fail as well.
    const url = new URL(URL.canParse(requestUrl) ? requestUrl : "http://localhost/");
    const props: ErrorPageProps = { status, message, url, ...(error && { error }) };
    try {
      if (this.#own) return renderToHtml(this.#own(props));
    } catch (error) {
      this.#report({ kind: "crash", event: "errorPage", message: "the error page could not be made", error });
    }
    return renderToHtml(defaultErrorPage(props));
  }
}
