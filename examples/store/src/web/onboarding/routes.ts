/** Pages of the onboarding. */
import type { OverwireApp } from "@overwire/server";
import { stylesheet } from "../shared/assets.ts";
import { Welcome } from "./welcome.ts";

export const onboardingStyle = stylesheet("onboarding/onboarding.css");

export function onboardingRoutes(app: OverwireApp): void {
  app.live("/welcome", Welcome, { title: "Welcome" });
  app.live("/welcome/:step", Welcome);
}
