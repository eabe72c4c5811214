/** The visitor: a random id in a cookie of its own, to which a page's join token is bound. */
import { randomFillSync } from "node:crypto";
import { besideSession, readCookie, writeCookie } from "./cookies.ts";

const shape = /^[\w-]{22}$/;

const BYTES = 16;
// Asking the system for random bytes costs the same for 16 as for 4,096.
const pool = Buffer.allocUnsafeSlow(256 * BYTES);
let at = pool.length;

/** A new id of 128 random bits. It is a secret shared with one browser, so nothing has to be signed. */
export function newVisitor(): string {
  if (at === pool.length) {
    randomFillSync(pool);
    at = 0;
  }
  const id = pool.toString("base64url", at, at + BYTES);
  // An attacker who reads the memory later finds no id that was handed out.
  pool.fill(0, at, (at += BYTES));
  return id;
}

/** The visitor's cookie of one app. */
export class VisitorCookie {
  /** Over https it has a prefix. */
  readonly name: string;

  /** @param session name of the session's cookie */
  constructor(session: string) {
    this.name = besideSession(session, "visitor");
  }

  /**
   * The visitor in a `cookie` header, undefined if there is none.
   * @param secure the request is known to have come by https
   */
  read(cookies: string | undefined | null, secure = false): string | undefined {
    const id = readCookie(cookies, this.name, secure);
    return id !== undefined && shape.test(id) ? id : undefined;
  }

  /** @param maxAge seconds; without it the cookie lasts as long as the browser is open */
  write(id: string, secure: boolean, maxAge?: number): string {
    return writeCookie(this.name, id, { secure, maxAge });
  }
}
