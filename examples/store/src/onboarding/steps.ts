/** Steps of the onboarding: their order, and the one that a user is at. */
import type { Profile, User } from "../database/schema.ts";

export const STEPS = ["confirm", "profile", "address", "payment", "done"] as const;
export type Step = (typeof STEPS)[number];

/** The first step that is not taken yet. */
export function nextStep({ confirmedAt }: User, profile: Profile | null): Step {
  if (!confirmedAt) return "confirm";
  if (!profile?.displayName) return "profile";
  if (!profile.address) return "address";
  if (!profile.paymentMethod && !profile.paymentSkipped) return "payment";
  return "done";
}

/** Tells if a step may be opened: it is the next one, or one before that. */
export const isOpen = (step: Step, next: Step): boolean => STEPS.indexOf(step) <= STEPS.indexOf(next);

/** @returns the step of that name, if there is one */
export const stepNamed = (name: unknown): Step | undefined => STEPS.find((step) => step === name);
