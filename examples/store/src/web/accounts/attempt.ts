/** Refusals of accounts as sentences for the user, in place of a crash. */
import { AccountError } from "../../accounts/errors.ts";
import { RateLimitExceeded } from "../../accounts/limits.ts";
import { tooMany } from "../shared/limited.ts";

/** @returns the result, or the sentence that says why there is none */
export async function attempt<T>(
  tried: Promise<T>,
): Promise<{ readonly value: T } | { readonly problem: string }> {
  try {
    return { value: await tried };
  } catch (error) {
    if (error instanceof AccountError) return { problem: error.message };
    if (!(error instanceof RateLimitExceeded)) throw error;
    return { problem: tooMany(error) };
  }
}
