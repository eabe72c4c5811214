/** Pages of the desk: a live session of their own, behind the guard of moderators. */
import type { OverwireApp } from "@overwire/server";
import { Dashboard } from "./dashboard.ts";

export function deskRoutes(app: OverwireApp): void {
  app.live("/desk", Dashboard, { title: "Desk" });
}
