/** The app's secrets: given by its author, or made up if that does no harm. */
import { randomBytes } from "node:crypto";
import { isProduction, isTest } from "../template/mode.ts";
import { developmentSecret } from "./development-secret.ts";

/**
 * Signs and encrypts. In a list the first secret does so, and the others still verify and decrypt: put a new secret in
 * front, and remove the old one once its tokens and sessions have expired. Undefined and empty entries, such as a missing
 * variable of the environment, are ignored.
 */
export type Secret = string | readonly (string | undefined)[];

/** Fewest characters of a secret. */
export const MIN_SECRET = 32;

const recipe = "Make one with: openssl rand -base64 48";

const advice =
  "Make one with `openssl rand -base64 48`, keep it in the environment, and pass it on: createApp({ secret: process.env.SECRET_KEY_BASE }).";

/** Texts that guides and templates leave for the author to replace. */
const placeholder =
  /change.?(me|this|it)|replace.?(me|this|it)|(your|my|super).?(app.?)?(secret|key)|placeholder|example|password|passphrase/i;
/** A random part beside such a text has more. */
const FEWEST_DIGITS = 6;

/** A random secret of 32 hexadecimal digits has fewer different ones about once in a hundred million. */
const FEWEST_DISTINCT = 7;

/**
 * Recognises secrets that can be guessed.
 * @returns the reason, for a sentence that begins with "The secret"; undefined if it may be random
 */
export function weaknessOf(secret: string): string | undefined {
  if (new Set(secret).size < FEWEST_DISTINCT) return "is made of few different characters";
  // One step repeated: "0123…", "abcd…", and runs of one character.
  let same = 0;
  for (let at = 2; at < secret.length; at++) {
    if (step(secret, at) === step(secret, at - 1)) same++;
  }
  if (same > secret.length / 3) return "is a sequence of characters";
  for (let period = 1; period <= secret.length / 2; period++) {
    if (secret.startsWith(secret.slice(period))) return "repeats itself";
  }
  if (placeholder.test(secret) && secret.replace(/\D/g, "").length < FEWEST_DIGITS) return "is a placeholder";
  return undefined;
}

const step = (text: string, at: number) => text.charCodeAt(at) - text.charCodeAt(at - 1);

/** @throws Error if the secret is too short to be one, and in production if it can be guessed */
export function checkSecret(secret: string): void {
  if (typeof secret !== "string" || secret.length < MIN_SECRET) {
    throw new Error(
      `The secret must have at least ${MIN_SECRET} characters, this one has ${secret?.length ?? 0}. ${recipe}`,
    );
  }
  const weakness = isProduction() ? weaknessOf(secret) : undefined;
  if (weakness) throw new Error(`The secret ${weakness}, so it can be guessed. ${recipe}`);
}

/**
 * The secrets as a list, the signing one first.
 * @throws Error if there is none, or one is too short or can be guessed
 */
export function readSecrets(secret: Secret): readonly [string, ...string[]] {
  const [first, ...others] = typeof secret === "string" ? [secret] : secret.filter((each) => !!each);
  if (first === undefined) throw new Error(`The list of secrets is empty. ${recipe}`);
  const secrets = [first, ...others.filter((each) => each !== undefined)] as const;
  secrets.forEach(checkSecret);
  return secrets;
}

/**
 * @param given the author's secret or secrets
 * @param warn told if a secret had to be made up, or can be guessed
 * @throws Error if one is too short, or in production if it is missing or can be guessed
 */
export function resolveSecret(given: Secret | undefined, warn: (message: string) => void): Secret {
  if (given !== undefined && (typeof given === "string" ? given !== "" : given.some(Boolean))) {
    const secrets = readSecrets(given);
    for (const secret of isTest() ? [] : secrets) {
      const weakness = weaknessOf(secret);
      if (weakness)
        warn(
          `The secret ${weakness}, so it can be guessed: in production the app will not start with it. ${recipe}`,
        );
    }
    return given;
  }
  if (isProduction()) {
    throw new Error(
      `createApp needs a secret in production: pages and sessions are signed with it. ${advice}`,
    );
  }
  const kept = isTest() ? undefined : developmentSecret();
  if (kept !== undefined) return kept;
  warn(`No secret was given, so pages and sessions last until the server restarts. ${advice}`);
  return randomBytes(48).toString("base64url");
}
