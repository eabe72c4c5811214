/** The page of API tokens, with its style and script. */
import type { OverwireApp } from "@overwire/server";
import { script, stylesheet } from "../shared/assets.ts";
import { Tokens } from "./tokens.ts";

export const tokenStyle = stylesheet("accounts/tokens.css");
export const copyScript = script("accounts/copy.js");

export function tokenRoutes(app: OverwireApp): void {
  app.live("/account/tokens", Tokens, { title: "API tokens" });
}
