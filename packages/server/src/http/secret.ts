/** The app's secret: given by its author, or made up where that does no harm. */
import { randomBytes } from "node:crypto";
import { checkSecret } from "./token.ts";

const advice =
  "Make one with `openssl rand -base64 48`, keep it in the environment, and pass it on: createApp({ secret: process.env.SECRET_KEY_BASE }).";

/**
 * @param given the author's secret, at least 32 characters
 * @param warn told once if a secret had to be made up
 * @throws Error if the secret is too short, or missing in production
 */
export function resolveSecret(given: string | undefined, warn: (message: string) => void): string {
  if (given !== undefined && given !== "") {
    checkSecret(given);
    return given;
  }
  if (process.env.NODE_ENV === "production") {
    throw new Error(
      `createApp needs a secret in production: pages and sessions are signed with it. ${advice}`,
    );
  }
  warn(`No secret was given, so pages and sessions last until the server restarts. ${advice}`);
  return randomBytes(48).toString("base64url");
}
