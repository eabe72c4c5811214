/** Browsers of visitors, by the cart that they have. */
import type { OverwireApp } from "@overwire/server";
import { request, type VisitorOptions } from "@overwire/testing";
import { CART_COOKIE } from "../../src/web/cart/visitor.ts";

/** A browser that has a cart already. */
export function browserOf(
  app: OverwireApp,
  { cartId }: { readonly cartId: string },
  options?: VisitorOptions,
) {
  const visitor = request(app, options);
  visitor.setCookie(CART_COOKIE, cartId);
  return visitor;
}
