/** Pages of the onboarding. */
import type { OverwireApp } from "@overwire/server";
import { stylesheet } from "../shared/assets.ts";
import { ConfirmAddress } from "./confirm-address.ts";
import { Welcome } from "./welcome.ts";

export const onboardingStyle = stylesheet("onboarding/onboarding.css");

export function onboardingRoutes(app: OverwireApp): void {
  app.live("/welcome", Welcome, { title: "Welcome" });
  app.live("/welcome/confirm", ConfirmAddress, { title: "Confirm your address" });
  app.live("/welcome/:step", Welcome);
}
