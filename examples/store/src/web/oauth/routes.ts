/** Pages of identity providers. */
import type { OverwireApp } from "@overwire/server";
import { stylesheet } from "../shared/assets.ts";
import { Connections } from "./connections.ts";
import { Offer } from "./offer.ts";

export const oauthStyle = stylesheet("oauth/oauth.css");

export function oauthRoutes(app: OverwireApp): void {
  app.live("/account/connections", Connections, { title: "Connected accounts" });
  app.live("/account/connections/offer/:token", Offer, { title: "Connect an account" });
}
