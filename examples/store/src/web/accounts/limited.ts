/** Too many attempts, as a sentence in place of a crash. */
import { RateLimitExceeded } from "../../accounts/limits.ts";

/** @returns the sentence if the attempt was one too many, otherwise the result */
export async function limited<T>(
  attempt: Promise<T>,
): Promise<{ readonly value: T } | { readonly problem: string }> {
  try {
    return { value: await attempt };
  } catch (error) {
    if (!(error instanceof RateLimitExceeded)) throw error;
    const minutes = Math.ceil(error.retryAfter / 60);
    return {
      problem: `Too many attempts. Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`,
    };
  }
}
