/** Encryption of data that leaves the server for a purpose of its own: by the first secret, and for all that are known. */
import { EncryptJWT, type JWTPayload, jwtDecrypt } from "jose";
import type { Secret } from "./secret.ts";
import { deriveKeys } from "./token.ts";

export class Sealer {
  /** The first one encrypts, all decrypt. */
  readonly #keys: readonly [Uint8Array, ...Uint8Array[]];

  constructor(secret: Secret, purpose: string) {
    this.#keys = deriveKeys(secret, purpose);
  }

  /** @param maxAge seconds */
  seal(data: JWTPayload, maxAge: number): Promise<string> {
    return new EncryptJWT({ ...data })
      .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
      .setExpirationTime(Math.floor(Date.now() / 1000) + maxAge)
      .encrypt(this.#keys[0]);
  }

  /** @returns undefined for what is expired, of another secret, or made up */
  async open<T extends object>(sealed: string): Promise<T | undefined> {
    for (const key of this.#keys) {
      try {
        const { payload } = await jwtDecrypt<T>(sealed, key, {
          keyManagementAlgorithms: ["dir"],
          contentEncryptionAlgorithms: ["A256GCM"],
        });
        return payload;
      } catch {
        // The next secret may be the one.
      }
    }
    return undefined;
  }
}
