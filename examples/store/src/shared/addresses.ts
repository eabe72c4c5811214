/** Addresses of mails: one form in which they are compared and kept, and which the store takes. */
import { z } from "zod";

/** Addresses are compared and kept like this. */
export const normalEmail = (email: string): string => email.trim().toLowerCase();

const address = z.email().max(200);

/**
 * The address that a provider tells of; undefined for one that the store's own forms would not take. Letters beyond ASCII make none:
 * a `K` that is the sign of Kelvin is a `k` in lower case, so the address would become that of another user.
 */
export function providedEmail(email: string | undefined): string | undefined {
  const { data } = address.safeParse(email?.trim());
  return data && normalEmail(data);
}
