/** Numbers of orders. */
import { createHash } from "node:crypto";

/** Without I, L, O and U, which are misread or make words. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * The number of an order, such as `2026-7GQK2-M9XTB`. It follows from the customer and the key: an order that is tried again has the
 * same number, so that the gateway knows the payment of the first try.
 */
export function orderNumber(userId: number, idempotencyKey: string, now: Date): string {
  const hash = createHash("sha256").update(`${userId}:${idempotencyKey}`).digest();
  const letters = Array.from(hash.subarray(0, 10), (byte) => ALPHABET[byte % 32]).join("");
  return `${now.getUTCFullYear()}-${letters.slice(0, 5)}-${letters.slice(5)}`;
}
