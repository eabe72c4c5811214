/** Signed tokens: data that leaves the server and has to come back unchanged, in time, and for its purpose. */
import { createHmac, createSecretKey, type Hmac, type KeyObject, timingSafeEqual } from "node:crypto";
import { checkSecret, readSecrets, type Secret } from "./secret.ts";

/**
 * Reason for which a token does not count. `missing`: there is none. `malformed`: it does not look like one. `forged`: it is
 * not signed, or with another secret, or for another purpose. `expired`: it was genuine.
 */
export type TokenFailure = "missing" | "malformed" | "forged" | "expired";

/** Result of {@link verifyToken}. */
export type VerifiedToken<T, Failure extends TokenFailure = TokenFailure> =
  | { readonly ok: true; readonly data: T }
  | { readonly ok: false; readonly error: Failure };

/** Options of {@link signToken}. */
export interface SignTokenOptions {
  /** Time from which the token's age counts, in milliseconds or as a date. Default now. */
  readonly signedAt?: number | Date | undefined;
}

/** Options of {@link verifyToken}. */
export interface VerifyTokenOptions {
  /** Seconds since it was signed after which a token counts as expired here, even if its own time goes on. */
  readonly maxAge?: number | undefined;
}

/** Content of a token. No `until` for one without an end, and `signedAt` only if its age may be asked for. */
type Signed<T> = readonly [until: number | null, data: T, signedAt?: number];

const shape = /^([\w-]+)\.([\w-]{43})$/;

/** A key of its own for each purpose, so that a token made for one thing is worth nothing for another. */
export function deriveKey(secret: string, purpose: string): Buffer {
  checkSecret(secret);
  return createHmac("sha256", secret).update(`overwire:${purpose}`).digest();
}

/** The keys of a purpose, one for each secret, the signing one first. */
export const deriveKeys = (secret: Secret, purpose: string): readonly [Buffer, ...Buffer[]] => {
  const [first, ...others] = readSecrets(secret);
  return [deriveKey(first, purpose), ...others.map((each) => deriveKey(each, purpose))];
};

/** Content of a token that may be forged. @returns undefined if it is none */
export function unverified(token: string): unknown {
  try {
    const [body = ""] = token.split(".", 1);
    const signed: unknown = JSON.parse(Buffer.from(body, "base64url").toString());
    return Array.isArray(signed) ? signed[1] : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Signs and verifies for one purpose: the first secret signs, the others still verify. HMAC-SHA256 by node:crypto's synchronous functions: every first paint
 * signs a token, which costs 3 µs this way and 75 µs by jose's asynchronous `SignJWT`.
 */
export class Signer {
  readonly #key: KeyObject;
  /** Keys of earlier secrets. */
  readonly #retired: readonly KeyObject[];

  constructor(secret: Secret, purpose: string) {
    const [key, ...retired] = deriveKeys(secret, purpose);
    this.#key = createSecretKey(key);
    this.#retired = retired.map((key) => createSecretKey(key));
  }

  /**
   * @param data any JSON
   * @param maxAge seconds
   * @param bound something that has to be presented with the token, but is not in it
   * @param signedAt kept in the token, if it is given
   */
  sign(data: unknown, maxAge: number, bound = "", signedAt?: number): string {
    if (!(maxAge > 0))
      throw new RangeError(`A token's maxAge is a number of seconds above 0, but got ${maxAge}.`);
    // Infinity is null in JSON.
    const until = Math.round((signedAt ?? Date.now()) + maxAge * 1000);
    const signed: Signed<unknown> = signedAt === undefined ? [until, data] : [until, data, signedAt];
    const body = Buffer.from(JSON.stringify(signed)).toString("base64url");
    return `${body}.${mac(this.#key, body, bound).digest("base64url")}`;
  }

  /**
   * Never throws for anything a token could be.
   * @param maxAge seconds since it was signed; a token that does not say when has no age, so it is too old
   */
  verify<T = unknown>(
    token: string,
    bound = "",
    maxAge = Infinity,
  ): VerifiedToken<T, Exclude<TokenFailure, "missing">> {
    const [, body, signature] = (typeof token === "string" && shape.exec(token)) || [];
    if (body === undefined || signature === undefined) return { ok: false, error: "malformed" };
    const signed = Buffer.from(signature, "base64url");
    // Bits of the last character that say nothing would give each token four spellings, which limits by text would tell apart.
    if (signed.toString("base64url") !== signature) return { ok: false, error: "forged" };
    const isOf = (key: KeyObject) => timingSafeEqual(mac(key, body, bound).digest(), signed);
    if (!isOf(this.#key) && !this.#retired.some(isOf)) return { ok: false, error: "forged" };
    // Only what was signed is parsed, so this is JSON that `sign` made.
    const [until, data, signedAt = -Infinity] = JSON.parse(
      Buffer.from(body, "base64url").toString(),
    ) as Signed<T>;
    const end = maxAge === Infinity ? Infinity : signedAt + maxAge * 1000;
    return Math.min(until ?? Infinity, end) > Date.now()
      ? { ok: true, data }
      : { ok: false, error: "expired" };
  }
}

// The body has no dot, so bound and body cannot be cut in another place.
const mac = (key: KeyObject, body: string, bound: string): Hmac =>
  createHmac("sha256", key).update(`${bound}.${body}`);

/** Deriving a key costs as much as signing; purposes with an id in them must not fill the memory. */
const MAX_SIGNERS = 100;
const signers = new Map<string, Signer>();

function signerFor(secret: Secret, purpose: string): Signer {
  const name = JSON.stringify([purpose, secret]);
  let signer = signers.get(name);
  if (!signer) {
    if (signers.size >= MAX_SIGNERS) signers.clear();
    signers.set(name, (signer = new Signer(secret, purpose)));
  }
  return signer;
}

/**
 * Makes a url-safe token that holds `data` in the clear, signed.
 * @param secret at least 32 characters; of several the first one signs
 * @param purpose of the token: it verifies for this purpose only
 * @param data any JSON; every bearer of the token can read it
 * @param maxAge its validity, in seconds; Infinity for a token without an end
 * @throws Error if the secret is too short, RangeError if `maxAge` is not above 0 or `signedAt` is no time
 * @example const token = signToken(secret, "unsubscribe", { user: 7 }, 7 * 24 * 60 * 60);
 */
export function signToken(
  secret: Secret,
  purpose: string,
  data: unknown,
  maxAge: number,
  { signedAt = Date.now() }: SignTokenOptions = {},
): string {
  const from = Number(signedAt);
  if (!Number.isFinite(from))
    throw new RangeError(`A token's signedAt is a date or its milliseconds, but got ${signedAt}.`);
  return signerFor(secret, purpose).sign(data, maxAge, "", from);
}

/**
 * Reads a token of {@link signToken}.
 * @param secret the one of `signToken`, or a list with it
 * @param token undefined and null are `"missing"`
 * @returns `{ ok: true, data }`, or `{ ok: false, error }` with `"missing"`, `"malformed"`, `"forged"` or `"expired"`; never
 *   throws for anything a token could be
 * @throws RangeError if `maxAge` is no number
 * @example const { ok } = verifyToken(secret, "confirm", token, { maxAge: 15 * 60 });
 */
export function verifyToken<T = unknown>(
  secret: Secret,
  purpose: string,
  token: string | null | undefined,
  { maxAge = Infinity }: VerifyTokenOptions = {},
): VerifiedToken<T> {
  if (typeof maxAge !== "number" || Number.isNaN(maxAge))
    throw new RangeError(`verifyToken's maxAge is a number of seconds, but got ${maxAge}.`);
  if (token === undefined || token === null) return { ok: false, error: "missing" };
  return signerFor(secret, purpose).verify<T>(token, "", maxAge);
}
