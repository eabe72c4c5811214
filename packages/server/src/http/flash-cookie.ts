/** The way of a flash from one page to the next: a signed token, over a full page load in a cookie of one minute. */
import { FLASH_COOKIE } from "@overwire/client/wire";
import type { Context } from "hono";
import type { Flash } from "../view/flash.ts";
import { cookieValues, MAX_COOKIE, writeCookie } from "./cookies.ts";
import type { Secret } from "./secret.ts";
import type { Sessions } from "./session.ts";
import { Signer } from "./token.ts";

/** Seconds: longer than any redirect takes, and too short to come up in another context. */
const MAX_AGE = 60;

/** Stands between a flash and the token of a page to return to. */
const BESIDE = "~";

/** The tokens of pages to return to that came along with a flash. */
export const returnToIn = (cookies: string | undefined): string[] =>
  cookieValues(cookies, FLASH_COOKIE).flatMap((token) => token.split(BESIDE)[1] ?? []);

/** Flash of a request. */
interface RequestFlash {
  /** All that it can show. */
  all: Flash;
  /** Messages for the next page. */
  on: Flash;
}

/** Reads and writes the flash of one app's requests. Costs nothing if there is none. */
export class FlashCookies {
  readonly #signer: Signer;
  readonly #sessions: Sessions;
  readonly #carried = new WeakMap<Context, RequestFlash>();

  constructor(secret: Secret, sessions: Sessions) {
    this.#signer = new Signer(secret, "flash");
    this.#sessions = sessions;
  }

  /**
   * A token that is good for the visitor and a minute.
   * @param returnTo token of a page that goes along
   */
  seal(flash: Flash, visitor: string, returnTo?: string): string {
    const token = this.#signer.sign(flash, MAX_AGE, visitor);
    return returnTo === undefined ? token : `${token}${BESIDE}${returnTo}`;
  }

  /** Content of a token; undefined if it is invalid or too old. */
  open(token: string | undefined, visitor: string | undefined): Flash | undefined {
    if (token === undefined || visitor === undefined) return undefined;
    const verified = this.#signer.verify<Flash>(token.split(BESIDE, 1)[0] as string, visitor);
    return verified.ok ? verified.data : undefined;
  }

  /** Opens the cookie. Pages set it themselves, so it has no prefix; of several the first valid one counts. */
  #openCookie(cookies: string | undefined, visitor: string | undefined): Flash | undefined {
    for (const token of cookieValues(cookies, FLASH_COOKIE)) {
      const flash = this.open(token, visitor);
      if (flash) return flash;
    }
    return undefined;
  }

  /** Sends a message to the page that is shown next. */
  put(c: Context, kind: string, message: string): void {
    const carried = this.#of(c);
    carried.all = { ...carried.all, [kind]: message };
    carried.on = { ...carried.on, [kind]: message };
    this.#send(c, carried.on);
  }

  /** Sends messages and a page to return to along with an answer that no browser gets: a client takes them from its cookie. */
  carry(c: Context, flash: Flash | undefined, returnTo: string | undefined): void {
    const token = this.seal(flash ?? {}, this.#sessions.ensureVisitor(c), returnTo);
    c.header("set-cookie", this.cookie(c, token), { append: true });
  }

  /** Messages that came with the request, and those added since. They are not shown again. */
  take(c: Context): Flash {
    const carried = this.#of(c);
    if (Object.keys(carried.on).length) c.header("set-cookie", this.#gone(c), { append: true });
    carried.on = {};
    return carried.all;
  }

  /** Messages for a page that is painted; undefined if there are none. */
  arriving(c: Context, cookies: string | undefined, visitor: string): Flash | undefined {
    return this.#carried.get(c)?.on ?? this.#openCookie(cookies, visitor);
  }

  /** Header that deletes the cookie that {@link arriving} found, undefined if there was none. */
  ending(c: Context, cookies: string | undefined): string | undefined {
    return this.#carried.has(c) || cookieValues(cookies, FLASH_COOKIE).length > 0 ? this.#gone(c) : undefined;
  }

  /** The header that carries a flash over a redirect. */
  cookie(c: Context, token: string): string {
    const secure = this.#sessions.isSecure(c.req.raw);
    const cookie = writeCookie(FLASH_COOKIE, token, { secure, maxAge: MAX_AGE, shared: true });
    if (cookie.length > MAX_COOKIE) {
      throw new RangeError(
        `A flash makes a cookie of ${cookie.length} bytes and browsers take ${MAX_COOKIE}: it is meant for a sentence.`,
      );
    }
    return cookie;
  }

  /** The visitor got a new id: messages that go on have to be bound to it. */
  rebind(c: Context): void {
    const carried = this.#carried.get(c);
    if (carried && Object.keys(carried.on).length) this.#send(c, carried.on);
  }

  #of(c: Context): RequestFlash {
    let carried = this.#carried.get(c);
    if (!carried) {
      const cookies = c.req.header("cookie");
      const came = this.#openCookie(cookies, this.#sessions.visitor(c, cookies)) ?? {};
      this.#carried.set(c, (carried = { all: came, on: came }));
    }
    return carried;
  }

  #send(c: Context, flash: Flash): void {
    const token = this.seal(flash, this.#sessions.ensureVisitor(c));
    c.header("set-cookie", this.cookie(c, token), { append: true });
  }

  #gone(c: Context): string {
    const secure = this.#sessions.isSecure(c.req.raw);
    return writeCookie(FLASH_COOKIE, "", { secure, maxAge: 0, shared: true });
  }
}
