/** The cart of a page: whose it is, and the pages that follow it. */
import type { LiveView } from "@overwire/server";
import type { CartRef } from "../../cart/cart.ts";
import { cartTopic } from "../../cart/carts.ts";
import "../shared/context.ts";

/** A view, or a component in one. */
type Part = Pick<LiveView, "context" | "session" | "setSession" | "subscribe" | "publish" | "attachHook">;

/** The owner of the cart that a page shows; undefined of a visitor who has put nothing into one yet. */
export function ownerOf({ context: { user }, session: { cartId } }: Part): CartRef | undefined {
  if (user) return { userId: user.id };
  return cartId === undefined ? undefined : { cartId };
}

/** Reads the cart again whenever it has changed, in whatever tab or on whatever node. Call it in `mount`. */
export function followCart(part: Part, read: () => Promise<void>): void {
  let topic: string | undefined;
  let stop: (() => void) | undefined;
  const follow = () => {
    const owner = ownerOf(part);
    if (!owner || cartTopic(owner).name === topic) return undefined;
    topic = cartTopic(owner).name;
    stop?.();
    stop = part.subscribe(cartTopic(owner), read);
    return owner;
  };
  follow();
  // A visitor gets a cart with the first piece, in any part of the page: its session is then another one in all of them.
  part.attachHook("afterRender", () => {
    const owner = follow();
    if (owner) part.publish(cartTopic(owner), owner);
  });
}

/**
 * Adds pieces to the cart of a page. A visitor's first ones begin a cart, whose id is kept in the session.
 * @throws OutOfStock, QuantityLimit
 */
export async function addToCart(part: Part, productId: number, quantity = 1): Promise<void> {
  const { carts } = part.context.store;
  const owner = ownerOf(part);
  if (owner) return carts.add(owner, productId, quantity);
  const cartId = carts.newId();
  await carts.add({ cartId }, productId, quantity);
  await part.setSession({ ...part.session, cartId });
}
