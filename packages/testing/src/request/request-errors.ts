/** Errors of requests under test, and the words for the answers that they are about. */
import { showHtml } from "../errors/describe.ts";
import type { Answer } from "../page/answer.ts";
import type { Flash } from "../page/navigation-log.ts";

/** A handler threw an error that is no answer of its own; `cause` is the error. Or there was no answer in time. */
export class RequestError extends Error {
  /** Of the answer; undefined if there was none in time. */
  readonly status: number | undefined;

  get code(): "request_failed" {
    return "request_failed";
  }

  constructor(message: string, status: number | undefined, options?: ErrorOptions) {
    super(message, options);
    this.name = "RequestError";
    this.status = status;
  }
}

/** An answer is not what a test expects: of another status or type, or no redirect. */
export class ResponseError extends Error {
  /** Of the answer. */
  readonly status: number | undefined;

  get code(): "unexpected_response" {
    return "unexpected_response";
  }

  constructor(message: string, status: number | undefined, options?: ErrorOptions) {
    super(message, options);
    this.name = "ResponseError";
    this.status = status;
  }
}

const isText = (type: string) => type === "" || /^text\/|json|xml|javascript|urlencoded/.test(type);

/** Beginning of a body, indented. */
function showBody({ bytes, response, body }: Answer): string {
  const type = response.headers.get("content-type") ?? "";
  return isText(type) ? showHtml(body) : `    (${bytes.length} bytes)`;
}

const showFlash = (flash: Flash) =>
  Object.keys(flash).length ? ` with the flash ${JSON.stringify(flash)}` : "";

/** `GET /posts answered 404, text/plain:`, and the beginning of its body. */
export function describeAnswer(answer: Answer): string {
  const { response, location, thrown, refusedCookies } = answer;
  const type = response.headers.get("content-type");
  const leads = location ? ` and redirects to ${location.to}${showFlash(location.flash)}` : "";
  const because = thrown ? ` because of ${thrown.name}: ${thrown.message}` : "";
  const cookies = refusedCookies.map((sentence) => `\n${sentence}`).join("");
  const head = `${answer.name} answered ${response.status}${leads}${because}`;
  if (location) return `${head}.${cookies}`;
  return `${head}, ${type ?? "without a content-type"}:\n\n${showBody(answer)}\n${cookies}`;
}

/** Recognises errors that are answers, as `HttpError` and Hono's `HTTPException`. */
const isAnswer = (error: object) =>
  "getResponse" in error && "status" in error && typeof error.status === "number";

/** @returns the error of an answer that a handler made by accident */
export function accidentOf(answer: Answer): RequestError | undefined {
  const { error, response } = answer;
  if (!error || isAnswer(error)) return undefined;
  return new RequestError(
    `${answer.name} threw, which answers ${response.status}: ${error.message}\nIf that is meant: assertErrorSent(${response.status}, () => …)`,
    response.status,
    { cause: error },
  );
}
