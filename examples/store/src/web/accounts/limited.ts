/** Too many attempts, as a sentence for the user. */
import type { RateLimitExceeded } from "../../accounts/limits.ts";

export function tooMany({ retryAfter }: RateLimitExceeded): string {
  const minutes = Math.ceil(retryAfter / 60);
  return `Too many attempts. Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`;
}
