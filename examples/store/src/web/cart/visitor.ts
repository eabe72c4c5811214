/**
 * The id of a visitor's cart, in a cookie of its own. It is there from the first page on, so that tabs that were open before the
 * first piece put theirs into one cart, and no session is begun for visitors who only look around.
 */
import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { DAY } from "../../shared/clock.ts";
import { randomToken, TOKEN } from "../../shared/random.ts";
import "../shared/context.ts";

/** Name of the cookie. */
export const CART_COOKIE = "store_cart";
/** As long as browsers keep any. The cart itself is deleted sooner if it is left alone. */
const KEPT = (400 * DAY) / 1000;

/** The id of the browser's cart; a new one is sent along with the answer. */
export function cartIdOf(c: Context): string {
  const known = c.get("cartId") ?? getCookie(c, CART_COOKIE);
  if (known && TOKEN.test(known)) return known;
  const id = randomToken();
  c.set("cartId", id);
  const secure = c.get("store").services.url.startsWith("https:");
  setCookie(c, CART_COOKIE, id, { path: "/", httpOnly: true, sameSite: "Lax", secure, maxAge: KEPT });
  return id;
}
