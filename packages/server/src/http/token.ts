/** Signed tokens: data that leaves the server and has to come back unchanged, in time, and for its purpose. */
import { createHmac, createSecretKey, type Hmac, type KeyObject, timingSafeEqual } from "node:crypto";

/**
 * Why a token does not count. `malformed`: it does not look like one. `forged`: nobody signed it, or with another secret,
 * or for another purpose. `expired`: it was genuine.
 */
export type TokenFailure = "malformed" | "forged" | "expired";

/** What {@link verifyToken} found. */
export type VerifiedToken<T> =
  | { readonly ok: true; readonly data: T }
  | { readonly ok: false; readonly error: TokenFailure };

/** Fewest characters of a secret. */
export const MIN_SECRET = 32;

const shape = /^([\w-]+)\.([\w-]{43})$/;

/** @throws Error if the secret is too short to be one */
export function checkSecret(secret: string): void {
  if (typeof secret === "string" && secret.length >= MIN_SECRET) return;
  throw new Error(
    `The secret must have at least ${MIN_SECRET} characters, this one has ${secret?.length ?? 0}. Make one with: openssl rand -base64 48`,
  );
}

/** A key of its own for each purpose, so that a token made for one thing is worth nothing for another. */
export function deriveKey(secret: string, purpose: string): Buffer {
  checkSecret(secret);
  return createHmac("sha256", secret).update(`overwire:${purpose}`).digest();
}

/**
 * Signs and verifies for one secret and purpose. HMAC-SHA256 by node:crypto's synchronous functions: every first paint
 * signs a token, which costs 3 µs this way and 75 µs by jose's asynchronous `SignJWT`.
 */
export class Signer {
  readonly #key: KeyObject;

  constructor(secret: string, purpose: string) {
    this.#key = createSecretKey(deriveKey(secret, purpose));
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
    return `${body}.${this.#mac(body, bound).digest("base64url")}`;
  }

  /** Never throws, whatever the token. */
  verify<T = unknown>(token: string, bound = ""): VerifiedToken<T> {
    const [, body, mac] = (typeof token === "string" && shape.exec(token)) || [];
    if (body === undefined || mac === undefined) return { ok: false, error: "malformed" };
    if (!timingSafeEqual(this.#mac(body, bound).digest(), Buffer.from(mac, "base64url")))
      return { ok: false, error: "forged" };
    // Only what was signed is parsed, so this is JSON that `sign` made.
    const [until, data] = JSON.parse(Buffer.from(body, "base64url").toString()) as [number, T];
    return until > Date.now() ? { ok: true, data } : { ok: false, error: "expired" };
  }

  // The body has no dot, so bound and body cannot be cut in another place.
  #mac(body: string, bound: string): Hmac {
    return createHmac("sha256", this.#key).update(`${bound}.${body}`);
  }
}

/** Deriving a key costs as much as signing; purposes with an id in them must not fill the memory. */
const MAX_SIGNERS = 100;
const signers = new Map<string, Signer>();

function signerFor(secret: string, purpose: string): Signer {
  const name = `${purpose}\n${secret}`;
  let signer = signers.get(name);
  if (!signer) {
    if (signers.size >= MAX_SIGNERS) signers.clear();
    signers.set(name, (signer = new Signer(secret, purpose)));
  }
  return signer;
}

/**
 * Makes a url-safe token that holds `data` in the clear, signed.
 * @param secret at least 32 characters
 * @param purpose what the token is for: it verifies for this purpose only
 * @param data any JSON; whoever has the token can read it
 * @param maxAge how long it is good, in seconds
 * @throws Error if the secret is too short, RangeError if `maxAge` is not above 0
 * @example const token = signToken(secret, "unsubscribe", { user: 7 }, 7 * 24 * 60 * 60);
 */
export function signToken(secret: string, purpose: string, data: unknown, maxAge: number): string {
  return signerFor(secret, purpose).sign(data, maxAge);
}

/**
 * Reads a token of {@link signToken}.
 * @returns `{ ok: true, data }`, or `{ ok: false, error }` with `"malformed"`, `"forged"` or `"expired"`; never throws for
 *   anything a token could be
 */
export function verifyToken<T = unknown>(secret: string, purpose: string, token: string): VerifiedToken<T> {
  return signerFor(secret, purpose).verify<T>(token);
}
