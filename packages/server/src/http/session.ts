/** An app's data of a user between requests: an encrypted cookie, or the sessions an app already has. */
import type { Context } from "hono";
import { EncryptJWT, jwtDecrypt } from "jose";
import type { Session } from "../view/view-host.ts";
import { dropPrefixed, MAX_COOKIE, readCookie, writeCookie } from "./cookies.ts";
import { ENV_SESSION, type OverwireEnv } from "./env.ts";
import { type IsSecure, secureBy } from "./proxy-headers.ts";
import type { Secret } from "./secret.ts";
import { deriveKeys } from "./token.ts";
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

const none: Session = Object.freeze({});

/** Reads and writes the sessions of one app. Costs nothing without a session cookie. */
export class Sessions {
  readonly isSecure: IsSecure;
  /** The first one encrypts, all decrypt. */
  readonly #keys: readonly [Uint8Array, ...Uint8Array[]];
  readonly #own: ((c: Context) => Session | Promise<Session>) | undefined;
  readonly #cookie: string;
  readonly #maxAge: number;
  /** Sessions, or only visitors, that handlers of a running request have set. */
  readonly #set = new WeakMap<Context, { readonly v: string; readonly d?: Session }>();

  constructor(secret: Secret, option: SessionOption = {}, isSecure: IsSecure = secureBy()) {
    this.isSecure = isSecure;
    this.#keys = deriveKeys(secret, "session");
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
    if (this.#own) return (c.env as OverwireEnv | undefined)?.[ENV_SESSION] ?? this.#own(c);
    const set = this.#set.get(c);
    if (set?.d) return set.d;
    const secure = this.isSecure(c.req.raw);
    const sealed = readCookie(cookies, this.#cookie, secure);
    return sealed ? this.#open(sealed, readVisitor(cookies, secure)) : none;
  }

  async #open(sealed: string, visitor: string | undefined): Promise<Session> {
    for (const key of this.#keys) {
      try {
        const { payload } = await jwtDecrypt<Sealed>(sealed, key, {
          keyManagementAlgorithms: ["dir"],
          contentEncryptionAlgorithms: ["A256GCM"],
        });
        return payload.v === visitor ? payload.d : none;
      } catch {
        // Expired, of another secret, or made up: a user without a session, not an error.
      }
    }
    return none;
  }

  /** Sets the session, for a visitor of a new id: data of the old one is worth nothing to an attacker who planted it. */
  async write(c: Context, data: Session): Promise<void> {
    if (this.#own) {
      throw new Error(
        "setSession writes Overwire's cookie, but createApp was given a session function: set the session where that function reads it.",
      );
    }
    const sealed: Sealed = { v: newVisitor(), d: data };
    const secure = this.isSecure(c.req.raw);
    const token = await new EncryptJWT({ ...sealed })
      .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
      .setExpirationTime(Math.floor(Date.now() / 1000) + this.#maxAge)
      .encrypt(this.#keys[0]);
    const cookie = writeCookie(this.#cookie, token, { secure, maxAge: this.#maxAge });
    if (cookie.length > MAX_COOKIE) {
      throw new RangeError(
        `The session makes a cookie of ${cookie.length} bytes and browsers take ${MAX_COOKIE}. Keep an id in it, and the rest in your database.`,
      );
    }
    this.#set.set(c, { v: sealed.v, d: data });
    c.header("set-cookie", cookie, { append: true });
    // It has to outlive the browser's window with the session that is bound to it.
    c.header("set-cookie", visitorCookie(sealed.v, secure, this.#maxAge), { append: true });
    if (secure) return;
    const cookies = c.req.header("cookie");
    for (const name of [this.#cookie, VISITOR_COOKIE]) {
      const dropped = dropPrefixed(cookies, name);
      if (dropped) c.header("set-cookie", dropped, { append: true });
    }
  }
}
