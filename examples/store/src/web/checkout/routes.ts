/** Pages of the check-out and of orders. */
import type { OverwireApp } from "@overwire/server";
import { stylesheet } from "../shared/assets.ts";
import { Checkout } from "./checkout.ts";
import { OrderPage } from "./order-page.ts";
import { OrdersPage } from "./orders-page.ts";
import { PaymentReturn } from "./payment-return.ts";

export const checkoutStyle = stylesheet("checkout/checkout.css");

export function checkoutRoutes(app: OverwireApp): void {
  app.live("/checkout", Checkout, { title: "Check out" });
  app.live("/checkout/:number", PaymentReturn, { title: "Payment" });
  app.live("/orders", OrdersPage, { title: "Your orders" });
  app.live("/orders/:number", OrderPage);
}
