/** A limit that is reached, as a sentence for the user. */
import type { RateLimitExceeded } from "@overwire/server/rate-limit";

/** @param things that were too many */
export function tooMany({ retryAfter }: RateLimitExceeded, things = "attempts"): string {
  const minutes = Math.ceil(retryAfter / 60);
  return `Too many ${things}. Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`;
}
