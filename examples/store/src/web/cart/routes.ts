/** Pages of the cart. */
import type { OverwireApp } from "@overwire/server";
import { stylesheet } from "../shared/assets.ts";
import { CartPage } from "./cart-page.ts";

export const cartStyle = stylesheet("cart/cart.css");

export function cartRoutes(app: OverwireApp): void {
  app.live("/cart", CartPage, { title: "Cart" });
}
