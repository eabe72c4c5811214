/** Errors that are answers: thrown in a view's mount, or in any handler, they become the status of the page. */
import { STATUS_CODES } from "node:http";

/** Name of a status: `Not Found`. */
export const phraseOf = (status: number): string => STATUS_CODES[status] ?? "Error";

/** Code of a status: `not_found`. */
export const codeOf = (status: number): string => phraseOf(status).toLowerCase().replace(/\W+/g, "_");

/**
 * Ends a request with a status. The user sees the message of a 4xx error; that of a 5xx error only the app's
 * report.
 * @example throw new HttpError(402, "Your trial is over.");
 */
export class HttpError extends Error {
  readonly status: number;
  /** The status in words, as `docs/errors.md` lists it: `not_found`. */
  readonly code: string;

  /** @param status from 400 to 599 */
  constructor(status: number, message: string = phraseOf(status), options?: ErrorOptions) {
    if (!(Number.isInteger(status) && status >= 400 && status <= 599)) {
      throw new RangeError(`The status of an error is a number from 400 to 599, but got ${status}.`);
    }
    super(message, options);
    this.name = new.target.name;
    this.status = status;
    this.code = codeOf(status);
  }

  /** The answer without a page around it; Hono asks for it. */
  getResponse(): Response {
    const text = this.status < 500 ? this.message : phraseOf(this.status);
    return new Response(text, {
      status: this.status,
      headers: { "content-type": "text/plain; charset=UTF-8" },
    });
  }
}

/** 400: the request makes no sense. */
export class BadRequest extends HttpError {
  constructor(message?: string, options?: ErrorOptions) {
    super(400, message, options);
  }
}

/** 401: it is not known who asks. */
export class Unauthorized extends HttpError {
  constructor(message?: string, options?: ErrorOptions) {
    super(401, message, options);
  }
}

/** 403: who asks may not. */
export class Forbidden extends HttpError {
  constructor(message?: string, options?: ErrorOptions) {
    super(403, message, options);
  }
}

/**
 * 404: there is no such thing.
 * @example if (!post) throw new NotFound("There is no such post.");
 */
export class NotFound extends HttpError {
  constructor(message?: string, options?: ErrorOptions) {
    super(404, message, options);
  }
}

/** 410: there was such a thing. */
export class Gone extends HttpError {
  constructor(message?: string, options?: ErrorOptions) {
    super(410, message, options);
  }
}

/** 429: not so often. */
export class TooManyRequests extends HttpError {
  constructor(message?: string, options?: ErrorOptions) {
    super(429, message, options);
  }
}
