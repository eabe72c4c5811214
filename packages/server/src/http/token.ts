/** Signed tokens: data that leaves the server and has to come back unchanged, in time, and for its purpose. */
import { createHmac, createSecretKey, type Hmac, type KeyObject, timingSafeEqual } from "node:crypto";
import { checkSecret, readSecrets, type Secret } from "./secret.ts";

/**
 * Reason for which a token does not count. `malformed`: it does not look like one. `forged`: it is not
 * signed, or with another secret, or for another purpose. `expired`: it was genuine.
 */
export type TokenFailure = "malformed" | "forged" | "expired";

/** Result of {@link verifyToken}. */
export type VerifiedToken<T> =
  | { readonly ok: true; readonly data: T }
  | { readonly ok: false; readonly error: TokenFailure };

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
   */
  sign(data: unknown, maxAge: number, bound = ""): string {
    if (!(maxAge > 0))
      throw new RangeError(`A token's maxAge is a number of seconds above 0, but got ${maxAge}.`);
    const body = Buffer.from(JSON.stringify([Math.round(Date.now() + maxAge * 1000), data])).toString(
      "base64url",
    );
    return `${body}.${mac(this.#key, body, bound).digest("base64url")}`;
  }

  /** Never throws. */
  verify<T = unknown>(token: string, bound = ""): VerifiedToken<T> {
    const [, body, signature] = (typeof token === "string" && shape.exec(token)) || [];
    if (body === undefined || signature === undefined) return { ok: false, error: "malformed" };
    const signed = Buffer.from(signature, "base64url");
    const isOf = (key: KeyObject) => timingSafeEqual(mac(key, body, bound).digest(), signed);
    if (!isOf(this.#key) && !this.#retired.some(isOf)) return { ok: false, error: "forged" };
    // Only what was signed is parsed, so this is JSON that `sign` made.
    const [until, data] = JSON.parse(Buffer.from(body, "base64url").toString()) as [number, T];
    return until > Date.now() ? { ok: true, data } : { ok: false, error: "expired" };
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
 * @param maxAge its validity, in seconds
 * @throws Error if the secret is too short, RangeError if `maxAge` is not above 0
 * @example const token = signToken(secret, "unsubscribe", { user: 7 }, 7 * 24 * 60 * 60);
 */
export function signToken(secret: Secret, purpose: string, data: unknown, maxAge: number): string {
  return signerFor(secret, purpose).sign(data, maxAge);
}

/**
 * Reads a token of {@link signToken}.
 * @param secret the one of `signToken`, or a list with it
 * @returns `{ ok: true, data }`, or `{ ok: false, error }` with `"malformed"`, `"forged"` or `"expired"`; never throws for
 *   anything a token could be
 */
export function verifyToken<T = unknown>(secret: Secret, purpose: string, token: string): VerifiedToken<T> {
  return signerFor(secret, purpose).verify<T>(token);
}
