/** The browser that has registered an address: it waits for the confirmation, and may then go on without another log-in. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { User } from "../database/schema.ts";
import { randomToken } from "../shared/random.ts";

/** Kept in the session, which only the store can read. It has the same shape for an address that was taken before. */
export interface Registration {
  readonly email: string;
  /** Names the password that was registered, and with it this registration: a later one of the same address has another. */
  readonly proof: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

const proofOf = (passwordHash: string): string =>
  createHash("sha256").update(passwordHash).digest("base64url");

/** @param user undefined if the address was taken: nothing will ever match */
export const registrationOf = (email: string, user: User | undefined, until: Date): Registration => ({
  email,
  proof: user?.passwordHash ? proofOf(user.passwordHash) : randomToken(),
  until: until.getTime(),
});

/** Tells if a confirmed user is the one whom this browser has registered. */
export function isRegistrationOf({ proof, until }: Registration, user: User | undefined, now: Date): boolean {
  if (!user?.confirmedAt || !user.passwordHash || now.getTime() > until) return false;
  return timingSafeEqual(hashed(proof), hashed(proofOf(user.passwordHash)));
}

const hashed = (text: string) => createHash("sha256").update(text).digest();
