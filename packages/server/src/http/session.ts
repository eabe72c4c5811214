/** An app's data of a user between requests: an encrypted cookie, or the sessions an app already has. */
import type { Context } from "hono";
import { SessionError } from "../view/session-error.ts";
import type { Session } from "../view/view-host.ts";
import { cookieName, dropPrefixed, MAX_COOKIE, readCookie, withCookies, writeCookie } from "./cookies.ts";
import { EndedSessions } from "./ended-sessions.ts";
import { ENV_SESSION, type OverwireEnv } from "./env.ts";
import { type IsSecure, secureBy } from "./proxy-headers.ts";
import { Sealer } from "./sealer.ts";
import type { Secret } from "./secret.ts";
import { newVisitor, readVisitor, VISITOR_COOKIE, visitorCookie } from "./visitor.ts";

/** Options of the encrypted session cookie. */
export interface SessionOptions {
  /** Name of the cookie. Default `ow_session`. */
  readonly cookie?: string | undefined;
  /** Lifetime of a session since it was last set, in seconds. Default 14 days. */
  readonly maxAge?: number | undefined;
}

/**
 * Source of a view's `session`: Overwire's encrypted cookie and its options, or a function that takes it from
 * the app's own sessions.
 * @example createApp({ session: (c) => ({ userId: c.get("user")?.id }) })
 */
export type SessionOption = SessionOptions | ((c: Context) => Session | Promise<Session>);

/** Content of the cookie beside the data: the visitor it was made for. */
type Sealed = { readonly v: string; readonly d: Session };

/** A session that is set, with a visitor of a new id: data of the old one is worth nothing to an attacker who planted it. */
export interface MadeSession {
  readonly visitor: string;
  readonly data: Session;
  /** Value of the cookie; undefined if there is no session any more. */
  readonly sealed: string | undefined;
}

const none: Session = Object.freeze({});

/** Reads and writes the sessions of one app. Costs nothing without a session cookie. */
export class Sessions {
  readonly isSecure: IsSecure;
  readonly ended = new EndedSessions();
  readonly #sealer: Sealer;
  readonly #own: ((c: Context) => Session | Promise<Session>) | undefined;
  readonly #cookie: string;
  readonly #maxAge: number;
  /** Sessions, or only visitors, that handlers of a running request have set. */
  readonly #set = new WeakMap<Context, { readonly v: string; readonly d?: Session }>();

  constructor(secret: Secret, option: SessionOption = {}, isSecure: IsSecure = secureBy()) {
    this.isSecure = isSecure;
    this.#sealer = new Sealer(secret, "session");
    this.#own = typeof option === "function" ? option : undefined;
    const { cookie = "ow_session", maxAge = 14 * 24 * 60 * 60 } = typeof option === "function" ? {} : option;
    this.#cookie = cookie;
    this.#maxAge = maxAge;
  }

  /** The author's function has the sessions. */
  get isOwn(): boolean {
    return this.#own !== undefined;
  }

  /** The visitor of a request, undefined if it has none yet. */
  visitor(c: Context, cookies: string | undefined): string | undefined {
    return this.#set.get(c)?.v ?? readVisitor(cookies, this.isSecure(c.req.raw));
  }

  /** The visitor of a request; who has none is given one by the answer. */
  ensureVisitor(c: Context): string {
    const known = this.visitor(c, c.req.header("cookie"));
    if (known !== undefined) return known;
    const v = newVisitor();
    this.#set.set(c, { v });
    c.header("set-cookie", visitorCookie(v, this.isSecure(c.req.raw)), { append: true });
    return v;
  }

  /** The session of a request; a promise only if there is something to decrypt, or the app's own function returns one. */
  read(c: Context, cookies: string | undefined = c.req.header("cookie")): Session | Promise<Session> {
    if (this.#own) return (c.env as OverwireEnv | undefined)?.[ENV_SESSION]?.session ?? this.#own(c);
    const set = this.#set.get(c);
    if (set?.d) return set.d;
    const secure = this.isSecure(c.req.raw);
    const sealed = readCookie(cookies, this.#cookie, secure);
    return sealed ? this.#open(sealed, readVisitor(cookies, secure)) : none;
  }

  async #open(sealed: string, visitor: string | undefined): Promise<Session> {
    // Expired, of another secret, or made up: a user without a session, not an error.
    const opened = this.ended.has(visitor) ? undefined : await this.#sealer.open<Sealed>(sealed);
    return opened?.v === visitor ? (opened?.d ?? none) : none;
  }

  /**
   * Makes a session for a new visitor.
   * @param data undefined for none
   * @throws SessionError if the app has sessions of its own, RangeError if it does not fit into a cookie
   */
  async make(data: Session | undefined, what = "setSession"): Promise<MadeSession> {
    if (this.#own) {
      throw new SessionError(
        "own_sessions",
        `${what} writes Overwire's cookie, but createApp was given a session function: set the session where that function reads it.`,
      );
    }
    const visitor = newVisitor();
    if (!data) return { visitor, data: none, sealed: undefined };
    // As the next request finds it.
    const own = JSON.parse(JSON.stringify(data)) as Session;
    const sealed = await this.#sealer.seal({ v: visitor, d: own } satisfies Sealed, this.#maxAge);
    const { length } = writeCookie(this.#cookie, sealed, { secure: true, maxAge: this.#maxAge });
    if (length > MAX_COOKIE) {
      throw new RangeError(
        `The session makes a cookie of ${length} bytes and browsers take ${MAX_COOKIE}. Keep an id in it, and the rest in your database.`,
      );
    }
    return { visitor, data: own, sealed };
  }

  /** Puts a session into the answer of a request. */
  put(c: Context, { visitor, data, sealed }: MadeSession): void {
    const secure = this.isSecure(c.req.raw);
    const cookies = c.req.header("cookie");
    const add = (cookie: string | undefined) => cookie && c.header("set-cookie", cookie, { append: true });
    this.#set.set(c, { v: visitor, d: data });
    const given = (c.env as OverwireEnv | undefined)?.[ENV_SESSION];
    if (given) given.session = undefined;
    const maxAge = sealed === undefined ? 0 : this.#maxAge;
    add(writeCookie(this.#cookie, sealed ?? "", { secure, maxAge }));
    // It has to outlive the browser's window with the session that is bound to it.
    add(visitorCookie(visitor, secure, sealed === undefined ? undefined : maxAge));
    if (secure) return;
    for (const name of [this.#cookie, VISITOR_COOKIE]) add(dropPrefixed(cookies, name));
  }

  /** The `cookie` header of a client that has got a session. */
  cookiesAfter(before: string | null, { visitor, sealed }: MadeSession, secure: boolean): string {
    const names = [this.#cookie, VISITOR_COOKIE];
    const gone = names.flatMap((name) => [name, cookieName(name, true)]);
    const [session, own] = names.map((name) => cookieName(name, secure)) as [string, string];
    return withCookies(before, gone, { ...(sealed !== undefined && { [session]: sealed }), [own]: visitor });
  }

  /** Sets the session of a request. */
  async write(c: Context, data: Session): Promise<void> {
    this.put(c, await this.make(data));
  }

  /** Ends the session of a request. */
  async clear(c: Context): Promise<void> {
    this.put(c, await this.make(undefined, "clearSession"));
  }
}
