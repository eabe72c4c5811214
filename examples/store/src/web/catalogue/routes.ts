/** Pages of the catalogue. */
import type { OverwireApp } from "@overwire/server";
import { stylesheet } from "../shared/assets.ts";
import { ProductPage } from "./product.ts";
import { Shop } from "./shop.ts";

export const catalogueStyle = stylesheet("catalogue/catalogue.css");

export function catalogueRoutes(app: OverwireApp): void {
  app.live("/", Shop, { title: "Shop" });
  app.live("/products/:slug", ProductPage);
}
