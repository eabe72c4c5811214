/** Pages of the desk: a live session of their own, behind the guard of moderators. Those for admins have a guard of their own. */
import type { OverwireApp } from "@overwire/server";
import { DeskAudit } from "./audit.ts";
import { Dashboard } from "./dashboard.ts";
import { DeskFlags } from "./flags.ts";
import { DeskOrder } from "./order.ts";
import { DeskOrders } from "./orders.ts";
import { DeskProduct } from "./product.ts";
import { DeskProducts } from "./products.ts";
import { DeskUser } from "./user.ts";
import { DeskUsers } from "./users.ts";

export function deskRoutes(app: OverwireApp): void {
  app.live("/desk", Dashboard, { title: "Desk" });
  app.live("/desk/orders", DeskOrders, { title: "Orders" });
  app.live("/desk/orders/:number", DeskOrder);
  app.live("/desk/products", DeskProducts, { title: "Products" });
  app.live("/desk/products/new", DeskProduct, { title: "New product" });
  app.live("/desk/products/:id", DeskProduct);
  app.live("/desk/users", DeskUsers, { title: "Users" });
  app.live("/desk/users/:id", DeskUser);
  app.live("/desk/audit", DeskAudit, { title: "Audit log" });
  app.live("/desk/flags", DeskFlags, { title: "Feature flags" });
}
