/** The answer to a page that fetches the session its view has set: its cookies, and tokens of its views for the new visitor. */
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { CsrfProtection } from "./csrf.ts";
import { BadRequest, Forbidden, Gone, HttpError } from "./errors.ts";
import type { LiveServices, PageToken } from "./live-route.ts";
import type { SessionTickets } from "./session-tickets.ts";

/** Bytes of a request: of a ticket, and a token of each view. */
const MAX_BODY = 128 * 1024;

type RouteServices = Pick<LiveServices, "sessions" | "pages" | "limits" | "responseHeaders">;

const isTexts = (body: unknown): body is string[] =>
  Array.isArray(body) && body.length > 0 && body.every((each) => typeof each === "string");

export class SessionRoute {
  readonly #services: RouteServices;
  readonly #tickets: SessionTickets;
  readonly #csrf: CsrfProtection;
  readonly #limit = bodyLimit({
    maxSize: MAX_BODY,
    onError: () => {
      throw new HttpError(413, `A page's request for its session may have ${MAX_BODY} bytes.`);
    },
  });

  /** @param csrf judges this request, even if the app exempts others */
  constructor(services: RouteServices, tickets: SessionTickets, csrf: CsrfProtection) {
    this.#services = services;
    this.#tickets = tickets;
    this.#csrf = csrf;
  }

  readonly handle = async (c: Context): Promise<Response> => {
    const { sessions, responseHeaders } = this.#services;
    const reason = this.#csrf.refusal(c.req.raw, c.req.path, sessions.isSecure(c.req.raw));
    if (reason !== undefined) throw new Forbidden(reason);
    responseHeaders.personal(c.req.raw);
    let answer: Response | undefined;
    await this.#limit(c, async () => {
      answer = await this.#answer(c);
    });
    return answer as Response;
  };

  async #answer(c: Context): Promise<Response> {
    const { sessions } = this.#services;
    const [ticket, ...tokens] = await this.#body(c);
    const ends = await sessions.signedInLine(c);
    const line = await sessions.line(c, ends);
    const spent = await this.#tickets.spend(ticket as string, line, ends);
    if (!spent) throw new Gone("The ticket is not this visitor's, was used already, or is too old.");
    const { made, from } = spent;
    await sessions.put(c, made, line);
    return c.json(tokens.map((token) => this.#renew(token, from, made.visitor)));
  }

  async #body(c: Context): Promise<readonly string[]> {
    let body: unknown;
    try {
      body = JSON.parse(await c.req.text());
    } catch (error) {
      if (error instanceof HttpError) throw error;
    }
    if (!isTexts(body)) throw new BadRequest("A page sends a ticket and the tokens of its views, as JSON.");
    return body;
  }

  /** The token of a view for another visitor; "" if it is not the visitor's. */
  #renew(token: string, from: string, to: string): string {
    const { pages, limits } = this.#services;
    const verified = pages.verify<PageToken>(token, from);
    return verified.ok ? pages.sign(verified.data, limits.tokenAge, to) : "";
  }
}
