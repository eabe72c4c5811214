/** The visitor: a random id in a cookie of its own, to which a page's join token is bound. */
import { randomFillSync } from "node:crypto";
import { readCookie, writeCookie } from "./cookies.ts";

/** Name of the visitor's cookie; over https it has a prefix. */
export const VISITOR_COOKIE = "ow_visitor";

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

/**
 * The visitor in a `cookie` header, undefined if there is none.
 * @param secure the request is known to have come by https
 */
export function readVisitor(cookies: string | undefined | null, secure = false): string | undefined {
  const id = readCookie(cookies, VISITOR_COOKIE, secure);
  return id !== undefined && shape.test(id) ? id : undefined;
}

/** @param maxAge seconds; without it the cookie lasts as long as the browser is open */
export const visitorCookie = (id: string, secure: boolean, maxAge?: number): string =>
  writeCookie(VISITOR_COOKIE, id, { secure, maxAge });
