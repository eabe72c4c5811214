/** Pages of the catalogue. */
import type { OverwireApp } from "@overwire/server";
import { Shop } from "./shop.ts";

export function catalogueRoutes(app: OverwireApp): void {
  app.live("/", Shop, { title: "Shop" });
}
