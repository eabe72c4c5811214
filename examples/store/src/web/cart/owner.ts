/** The cart of a page: whose it is, and the pages that follow it. */
import type { LiveView } from "@overwire/server";
import type { CartRef } from "../../cart/cart.ts";
import { cartTopic } from "../../cart/carts.ts";
import "../shared/context.ts";

/** A view, or a component in one. */
type Part = Pick<LiveView, "context" | "session" | "subscribe">;

/** The owner of the cart that a page shows: its user, otherwise the visitor's browser. */
export function ownerOf({ context: { user }, session: { cartId } }: Part): CartRef {
  if (user) return { userId: user.id };
  if (cartId === undefined) throw new Error("Pages of the store have the id of a cart in their session.");
  return { cartId };
}

/** Reads the cart again whenever it has changed, in whatever tab or on whatever node. Call it in `mount`. */
export const followCart = (part: Part, read: () => Promise<void>): void => {
  part.subscribe(cartTopic(ownerOf(part)), read);
};
