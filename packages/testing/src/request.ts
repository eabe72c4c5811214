/** Requests to an app without a port: forms, JSON, files, redirects, cookies, sessions. */
import type { OverwireApp, Session } from "@overwire/server";
import { BrowserSession } from "./page/browser-session.ts";
import { Visitor } from "./request/visitor.ts";

/** Options of {@link request}. */
export interface VisitorOptions {
  /** The session that the visitor has at first, in the app's own cookie. The app can change it, as after a log-in. */
  readonly session?: Session | undefined;
  /** Headers of all requests, of pages and of the handshakes of their sockets; `cookie` fills the visitor's cookies. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Scheme and host of the app, for paths. Default `http://localhost`. */
  readonly origin?: string | undefined;
  /** Network address of the visitor, such as `203.0.113.7`: for limits of each address. Unknown without it. */
  readonly address?: string | undefined;
}

/** A value that is no app, for a message. */
const nameOf = (value: unknown): string =>
  typeof value === "object" && value !== null ? `one of ${value.constructor?.name}` : String(value);

/**
 * Makes a visitor of an app, who sends requests as one browser does: with the cookies that the app has set.
 * @param app is called in memory, its middleware included
 * @example
 * const visitor = request(app, { session: { userId: 7 } });
 * const res = await visitor.post("/posts", { form: { title: "Hello" } });
 * res.assertRedirect("/posts/1");
 * expect((await res.follow()).html()).toContain("Hello");
 */
export function request(app: OverwireApp, options: VisitorOptions = {}): Visitor {
  if (typeof app?.withErrors !== "function")
    throw new TypeError(`request(app) expects an app, made by createApp, but got ${nameOf(app)}.`);
  const { origin } = options;
  if (origin !== undefined && (!URL.canParse(origin) || new URL(origin).origin !== origin))
    throw new TypeError(
      `origin is scheme and host, such as "https://shop.example", but got ${JSON.stringify(origin)}.`,
    );
  return new Visitor(new BrowserSession(app, options));
}
